import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';
import { openTheatre } from './theatre.ts';

describeInBrowser('what is unclaimed', ({ open, webFolder }) => {
  let theatre: Awaited<ReturnType<typeof openTheatre>>;
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-unclaimed-'));
    theatre = await openTheatre();
    server = await startTestServer({
      live: stageFleet().live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([theatre.folder]) },
    });
  });
  afterAll(async () => {
    await server.close();
    await theatre.close();
    await rm(folder, { recursive: true });
  });

  test('is reviewed and taken as descriptors, which then claim it', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/unowned`);
    const row = page.getByRole('row', { name: /poster-printer/ });
    await row.waitFor();
    expect(await row.textContent()).toContain('It says lantern.example/team=stage.');
    await row.getByRole('link', { name: 'poster-printer', exact: true }).click();
    await page.waitForURL(/show=/);
    const pane = page.getByRole('complementary', { name: 'Proposed descriptor' });
    await pane.getByText('owner: group:default/stage').waitFor();
    await pane.getByLabel('Name').fill('printer');
    await pane.getByText('name: printer').waitFor();
    await page.getByRole('checkbox', { name: 'Choose poster-printer' }).check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download descriptors' }).click(),
    ]);
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await writeFile(join(theatre.folder, 'printer.yaml'), await readFile(file, 'utf8'));
    await page.getByText('Everything that runs is in the catalog').waitFor({ timeout: 20_000 });
    expect(errors).toEqual([]);
    await close();
  });

  test('has its other way round: what is in the catalog and was found nowhere, and why that is not known', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/unowned`);
    await page.getByRole('link', { name: /^Missing/ }).click();
    await page.waitForURL(/view=missing/);
    await page.getByRole('heading', { name: 'Missing', level: 1 }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});
