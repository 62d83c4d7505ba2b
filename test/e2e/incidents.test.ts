import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incidentFleet } from '../support/incident-fleet.ts';
import { memoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';

describeInBrowser('incidents', ({ open, webFolder }) => {
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-incidents-'));
    await writeFile(
      join(folder, 'desk.yaml'),
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: desk}\n' +
        'spec: {type: service, lifecycle: production, owner: stage}\n',
    );
    const config = { catalog: catalogOf([folder]) };
    server = await startTestServer({ live: incidentFleet().live, webFolder: webFolder(), config });
    const isClaimed = async (): Promise<boolean> =>
      (await (await server.get('/api/v1/fleet/incidents?entity=component:default/desk')).text()).includes('OOMKilled');
    for (let round = 0; round < 200 && !(await isClaimed()); round += 1)
      await new Promise((done) => setTimeout(done, 50));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('are cards, the worst first, with what it is, why, what to do and where it leads', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/incidents`);
    const cards = page.getByRole('article');
    await cards.first().waitFor();
    const titles = await cards.locator('h2').allTextContents();
    expect(titles[0]).toMatch(/^desk restarts in 4 clusters since \d\d:\d\d UTC: OOMKilled, heap above the limit$/);
    expect(titles[1]).toMatch(/^2 nodes in stage-eu-1 do not report since \d\d:\d\d UTC$/);
    const text = (await cards.first().textContent()) ?? '';
    for (const part of [
      '12 of 16 pods, 72 restarts',
      'Likely cause',
      'reached 3 regions',
      'More replicas first',
      'JVM in container desk may take 2 GiB (-Xmx2g)',
      'Nothing that the timeline knows of.',
    ])
      expect(text).toContain(part);
    expect(await page.getByText(/^2 open$/).count()).toBe(1);
    expect(
      await page
        .getByText(/checked/)
        .first()
        .textContent(),
    ).toMatch(/checked \d+ s ago/);
    const timeline = cards.first().getByRole('link', { name: 'Timeline at that moment' });
    expect(await timeline.getAttribute('href')).toMatch(
      /^\/fleet\/timeline\?at=\d{4}-[^&]+Z&entity=component:default\/desk$/,
    );
    await cards.first().getByRole('link', { name: 'prod-eu-1' }).click();
    await page.waitForURL(/clusters\/prod-eu-1$/);
    expect(errors).toEqual([]);
    await close();
  });

  test('are narrowed by state, entity and cluster, which stand in the URL', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/incidents?cluster=stage-eu-1`);
    await page.getByRole('article').first().waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.getByRole('link', { name: /cluster: stage-eu-1.*take off/ }).click();
    await page.getByRole('heading', { name: /^desk restarts/ }).waitFor();
    await page.getByRole('navigation', { name: 'State' }).getByText('Ended').click();
    await page.getByText('None ended in the last 30 days.').waitFor();
    expect(new URL(page.url()).search).toBe('?state=ended');
    await page.goto(`${server.url}/fleet/incidents?entity=component:default/desk`);
    await page.getByRole('article').first().waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.goto(`${server.url}/fleet/incidents?id=gone`);
    await page.getByText('is over and forgotten, or you may not see it').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('that are none say so, with when that was looked at', async () => {
    const fleet = memoryFleet();
    fleet.putCluster('prod-eu-1');
    fleet.watchAll('prod-eu-1');
    const calm = await startTestServer({ live: fleet.live, webFolder: webFolder() });
    const { page, errors, close } = await open(`${calm.url}/fleet/incidents`);
    await page.getByText('Nothing fails together').waitFor();
    expect(await page.locator('.incident-none').textContent()).toMatch(/^Nothing fails together; checked \d+ s ago$/);
    expect(errors).toEqual([]);
    await close();
    await calm.close();
  });
});
