import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { tryAgain } from './inspection.ts';
import { componentText, waitForEntities } from './theatre.ts';

const group =
  'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: stage}\nspec: {type: team, children: []}\n';
const HOME = '/?team=group:default/stage';
const CLUSTERS = ['eu-1', 'eu-2', 'us-1'];

describeInBrowser('Home and the clusters', ({ open, webFolder }) => {
  let folder: string;
  let fleet: MemoryFleet;
  let server: TestServer;
  let opened: WatchedPage | undefined;
  /** Facts are told of what changed a while ago. */
  let aheadMs = 0;

  const run = (cluster: string, name: string, health: string, more: Record<string, string | number> = {}): void => {
    const labels = `app.kubernetes.io/name=${name}`;
    const parts = { namespace: 'shop', labels, images: `registry.example.com/${name}:1.4.2`, desired: 2, ready: 2 };
    fleet.put(cluster, 'Deployment', [liveObject(name, { ...parts, health, ...more })]);
    const created = Math.floor(Date.now() / 1000) - 3 * 86_400 - 600;
    const { images, namespace } = parts;
    fleet.put(cluster, 'ReplicaSet', [
      liveObject(`${name}-7f9`, { namespace, images, created, ownerKind: 'Deployment', ownerName: name }),
    ]);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-home-fleet-'));
    const texts = ['desk', 'till', 'paint'].map((name) => componentText(name, `The ${name}`));
    await writeFile(join(folder, 'all.yaml'), [group, ...texts].join('---\n'));
    fleet = memoryFleet(() => Date.now() + aheadMs);
    for (const cluster of CLUSTERS) {
      fleet.putCluster(cluster, { labels: { region: cluster.slice(0, 2) } });
      fleet.watchAll(cluster);
      run(cluster, 'desk', 'Healthy');
      if (cluster !== 'us-1') run(cluster, 'till', 'Healthy');
    }
    server = await startTestServer({
      live: fleet.live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 4);
    const deployed = { kind: 'image', source: 'kubernetes', entityRef: 'component:default/desk', cluster: 'eu-1' };
    const entries = [125, 600].map((minutes) => ({
      ...deployed,
      id: `image ${minutes}`,
      at: Date.now() - minutes * 60_000,
      title: 'Image of desk: 1.4.1 → 1.4.2',
      data: {},
    }));
    await server.store.timeline.append(entries.map((entry) => ({ op: 'add', entry })));
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

  test('says that all services are healthy, with how each runs, where and as which version', async () => {
    opened = await open(server.url + HOME);
    const { page } = opened;
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('All 2 services healthy').waitFor();
    const owned = page.getByRole('region', { name: 'What the team owns' });
    await owned.getByRole('row', { name: /^desk.* Healthy 3 clusters.* 1\.4\.2/ }).waitFor();
    await owned.getByRole('row', { name: /^till.* Healthy 2 clusters 1\.4\.2/ }).waitFor();
    expect(await owned.getByRole('row', { name: /^paint/ }).textContent()).not.toContain('Healthy');
  });

  test('says how old the running version is and when each was deployed last, in one request; it leads to what happened then', async () => {
    const facts = async (): Promise<string> => {
      aheadMs += 20_000;
      for (const cluster of CLUSTERS) fleet.store.confirm(cluster, 1, Date.now() + aheadMs);
      fleet.tellFacts();
      return (await server.get('/api/v1/entities?fields=facts.kubernetes.imageAgeDays')).text();
    };
    await expect.poll(facts, { timeout: 10_000, interval: 200 }).toContain('"kubernetes.imageAgeDays":{"value":3}');
    opened = await open('');
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())));
    await page.goto(server.url + HOME);
    const owned = page.getByRole('region', { name: 'What the team owns' });
    await owned.getByRole('row', { name: /^desk.* Healthy 3 clusters.* 1\.4\.2 · 3 d 2 h ago/ }).waitFor();
    await owned.getByRole('row', { name: /^till.* 1\.4\.2 · 3 d not since / }).waitFor();
    expect(asked.filter((url) => url.includes('/fleet/timeline'))).toEqual([
      expect.stringContaining('newestOf=group:default/stage'),
    ]);
    await owned.getByRole('link', { name: '2 h ago' }).click();
    await page.waitForURL((url) => url.pathname === '/fleet/timeline');
    expect(new URL(page.url()).searchParams.get('entity')).toBe('component:default/desk');
    await page.getByText('Image of desk: 1.4.1 → 1.4.2').first().waitFor();
  });

  test('says that it is not known what was deployed where nobody tells', async () => {
    opened = await open('');
    const { page } = opened;
    await page.route('**/api/v1/fleet/timeline?*', (route) =>
      route.fulfill({ status: 500, json: { title: 'Fault', status: 500, code: 'STORE_FAILED', detail: 'On fire.' } }),
    );
    await page.goto(server.url + HOME);
    const owned = page.getByRole('region', { name: 'What the team owns' });
    await owned.getByText('STORE_FAILED').waitFor();
    await owned.getByRole('row', { name: /^desk.* unknown$/ }).waitFor();
    await page.unroute('**/api/v1/fleet/timeline?*');
    await tryAgain(owned);
    await owned.getByRole('row', { name: /^desk.* 2 h ago$/ }).waitFor();
  });

  test('shows within seconds what fails, where and since when, in front of everything; a click leads to its pods', async () => {
    opened = await open(server.url + HOME);
    const { page } = opened;
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('All 2 services healthy').waitFor();
    run('eu-2', 'till', 'Degraded', {
      healthReason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet has timed out progressing',
    });
    await needs.getByRole('link', { name: 'till ProgressDeadlineExceeded in eu-2' }).waitFor({ timeout: 5_000 });
    await needs.getByText('1 of 2 clusters').waitFor();
    await needs.getByText('1 of 2 services healthy').waitFor();
    const rows = page.getByRole('region', { name: 'What the team owns' }).getByRole('row');
    expect(await rows.nth(1).textContent()).toContain('till');
    await needs.getByRole('link', { name: 'See why: till' }).click();
    await page.getByRole('heading', { name: 'till', level: 1 }).waitFor();
    expect(new URL(page.url()).searchParams.get('view')).toBe('running');
    run('eu-2', 'till', 'Healthy', { healthReason: '', message: '' });
  });

  test('calls nothing healthy that cannot be read', async () => {
    fleet.setState('us-1', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
    opened = await open(server.url + HOME);
    const { page } = opened;
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('1 of 2 services healthy').waitFor();
    await needs.getByRole('link', { name: '1 of 3 clusters not read as of now' }).waitFor();
    await page.getByRole('row', { name: /^desk.* Unknown 1 of 3 clusters/ }).waitFor();
    fleet.setState('us-1', { state: 'ok' });
    await needs.getByText('All 2 services healthy').waitFor({ timeout: 5_000 });
  });

  test('fails alone', async () => {
    opened = await open('');
    const { page } = opened;
    await page.route('**/api/v1/fleet/verdicts', (route) =>
      route.fulfill({ status: 500, json: { title: 'Fault', status: 500, code: 'FLEET_FAILED', detail: 'On fire.' } }),
    );
    await page.goto(server.url + HOME);
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('FLEET_FAILED').waitFor();
    await page.getByRole('region', { name: 'What the team owns' }).getByRole('row', { name: /^desk/ }).waitFor();
    await page.unroute('**/api/v1/fleet/verdicts');
    await tryAgain(needs);
    await needs.getByText('All 2 services healthy').waitFor();
  });
});
