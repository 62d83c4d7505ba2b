import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { componentText, waitForEntities } from './theatre.ts';

const others = [
  'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: stage}\nspec: {type: team, children: []}\n',
  'apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: tickets}\nspec: {owner: stage}\n',
  'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ghost\n  annotations: {backstage.io/kubernetes-id: ghost}\n' +
    'spec: {type: service, lifecycle: production, owner: stage, system: tickets}\n',
];
const CLUSTERS = ['eu-1', 'eu-2', 'eu-3', 'us-1', 'us-2'];

describeInBrowser('the first screens and the clusters', ({ open, webFolder }) => {
  let folder: string;
  let fleet: MemoryFleet;
  let server: TestServer;
  let opened: WatchedPage | undefined;

  const run = (cluster: string, name: string, tag: string, more: Record<string, string | number> = {}): void => {
    const labels = `app.kubernetes.io/name=${name}`;
    const parts = { namespace: 'shop', labels, images: `registry.example.com/${name}:${tag}`, desired: 2, ready: 2 };
    fleet.put(cluster, 'Deployment', [liveObject(name, { ...parts, health: 'Healthy', ...more })]);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-screens-'));
    const texts = ['desk', 'till', 'paint'].map((name) => componentText(name, `The ${name}`));
    await writeFile(join(folder, 'all.yaml'), [...others, ...texts].join('---\n'));
    fleet = memoryFleet();
    for (const cluster of CLUSTERS) {
      fleet.putCluster(cluster, { labels: { environment: 'production', region: cluster.slice(0, 2) } });
      fleet.watchAll(cluster);
      run(cluster, 'desk', cluster === 'us-2' ? '1.5.0' : '1.4.2');
      run(cluster, 'till', '3.0.0');
    }
    run('eu-2', 'desk', '1.4.2', { ready: 1, health: 'Degraded', healthReason: 'ProgressDeadlineExceeded' });
    server = await startTestServer({
      live: fleet.live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 6);
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

  test('an entity says without a click how it does, where, and as which version; the odd ones are named, the rest is folded', async () => {
    const page = await visit('/catalog/component/default/desk');
    await page.getByRole('region', { name: 'State' }).getByText('Degraded in 1 of 5 clusters').waitFor();
    const where = page.getByRole('region', { name: 'Where it runs' });
    const places = where.getByRole('listitem');
    await expect
      .poll(() => places.allTextContents())
      .toEqual(['Degraded: eu-21/2 ready1.4.2', 'Healthy: us-22/2 ready1.5.0', '3 healthy6/6 ready1.4.2']);
    await where.getByRole('link', { name: /^Degraded: eu-2/ }).click();
    await page.waitForURL(/view=running/);
    expect(new URL(page.url()).searchParams.get('cluster')).toBe('eu-2');
  });

  test('the first screen follows the clusters', async () => {
    const page = await visit('/catalog/component/default/till');
    const where = page.getByRole('region', { name: 'Where it runs' });
    await where.getByText('5 healthy').waitFor();
    fleet.setState('us-1', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
    await where.getByRole('link', { name: /^Unknown: us-1/ }).waitFor({ timeout: 5_000 });
    fleet.setState('us-1', { state: 'ok' });
    await where.getByText('5 healthy').waitFor({ timeout: 5_000 });
  });

  test('what is wrong stands there with its place and what to do', async () => {
    const page = await visit('/catalog/component/default/desk');
    const wrong = page.getByRole('region', { name: 'What is wrong' });
    await wrong.getByText('ProgressDeadlineExceeded').first().waitFor();
    expect(await wrong.getByRole('listitem').first().textContent()).toContain('eu-2');
  });

  test('what is declared and runs nowhere is told; what does not say that it runs is left alone', async () => {
    const page = await visit('/catalog/component/default/ghost');
    const notice = page.getByRole('region', { name: 'Declared, but not seen to run' });
    await notice.getByText('backstage.io/kubernetes-id: ghost').waitFor();
    expect(await notice.textContent()).toContain('Nothing in 5 clusters');
    await page.goto(`${server.url}/catalog/component/default/paint`);
    await page.getByText('Its descriptor has no problem').waitFor();
    expect(await page.getByRole('region', { name: /Where it runs|Declared/ }).count()).toBe(0);
  });
});
