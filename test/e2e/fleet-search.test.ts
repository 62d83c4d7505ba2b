import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';
import { componentText, waitForEntities } from './theatre.ts';

describeInBrowser('search of the fleet', ({ open, webFolder }) => {
  let folder: string;
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-fleet-search-'));
    await writeFile(join(folder, 'desk.yaml'), componentText('desk', 'Sells seats'));
    server = await startTestServer({
      live: stageFleet().live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 1);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });
  const visit = async (path: string): Promise<WatchedPage['page']> => {
    opened = await open(server.url + path);
    return opened.page;
  };

  test('finds objects of all clusters while one types, says what could not be read, and the URL has all of it', async () => {
    const page = await visit('/clusters');
    await page.getByRole('navigation', { name: 'Fleet' }).getByRole('link', { name: 'Search' }).click();
    await page.getByText('What are you looking for?').waitFor();
    await page.getByRole('searchbox', { name: 'Search all clusters' }).fill('x2v9k');
    const rows = page.getByRole('row', { name: /^desk-7f9-x2v9k/ });
    await rows.first().waitFor();
    await expect.poll(() => rows.count()).toBe(6);
    expect(await rows.first().locator('mark').textContent()).toBe('x2v9k');
    await page.getByText('4 of 7 clusters answered').click();
    await page.getByText('Nothing listens at prod-eu-3.example.com:6443').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('x2v9k');
    await page.reload();
    await rows.first().waitFor();
  });

  test('is narrowed by kinds and clusters, by clicks or in the words', async () => {
    const page = await visit('/fleet/search?q=desk');
    const kinds = page.getByRole('navigation', { name: 'Kinds' });
    await kinds.getByRole('link', { name: 'Deployment 6' }).click();
    await page.getByText('6 objects in 7 clusters').waitFor();
    await kinds.getByRole('link', { name: 'Pod 12' }).waitFor();
    const field = page.getByRole('searchbox', { name: 'Search all clusters' });
    await field.fill('desk cluster:prod-us-1');
    await field.press('Enter');
    await page.getByText('1 object in 1 cluster').waitFor();
    expect(new URL(page.url()).search).toBe('?q=desk+&kind=Deployment&cluster=prod-us-1');
    await page.getByRole('link', { name: /^kind:Deployment/ }).click();
    await page.getByText('4 objects in 1 cluster').waitFor();
    await page.getByRole('link', { name: 'Clear all' }).click();
    await page.getByText('24 objects in 7 clusters').waitFor();
  });

  test('is walked by keys; a workload opens on the page of its entity, what belongs to none on that of its cluster', async () => {
    const page = await visit('/fleet/search?q=desk&kind=Deployment&cluster=prod-us-1');
    await page.getByRole('row', { name: /^desk/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('view')).toBe('running');
    expect(searchParams.get('workload')).toBe('Deployment/box-office/desk');
    await page.goto(`${server.url}/fleet/search?q=till-1&cluster=prod-us-1`);
    await page.getByRole('link', { name: 'till-1', exact: true }).click();
    await page.getByRole('heading', { name: 'prod-us-1', level: 1 }).waitFor();
  });

  test('says of nothing what can be done, and of what cannot be asked why', async () => {
    const page = await visit('/fleet/search?q=nowhere-at-all&kind=Pod');
    await page.getByText('Nothing with “nowhere-at-all” of this choice').waitFor();
    await page.getByText('It may be where the clusters could not be read.').waitFor();
    await page.goto(`${server.url}/fleet/search?q=desk&kind=Deploiment`);
    await page.getByText('did you mean Deployment?').waitFor();
  });
});
