import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { componentText, waitForEntities } from './theatre.ts';

const others = `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: seats }
spec: { type: openapi, lifecycle: production, owner: stage, definition: "openapi: 3.0.0" }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: lamp, annotations: { backstage.io/kubernetes-id: lamp } }
spec: { type: service, lifecycle: production, owner: stage }
`;

describeInBrowser('the peek of an entity that runs', ({ open, webFolder }) => {
  let folder: string;
  let fleet: MemoryFleet;
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-peek-'));
    await writeFile(join(folder, 'all.yaml'), [componentText('desk', 'The desk'), others].join('---\n'));
    fleet = memoryFleet();
    for (const cluster of ['eu-1', 'eu-2', 'us-1']) {
      fleet.putCluster(cluster);
      fleet.watchAll(cluster);
      const fails = cluster === 'eu-2';
      const parts = { namespace: 'shop', labels: 'app.kubernetes.io/name=desk', desired: 2, ready: fails ? 0 : 2 };
      const health = fails ? { health: 'Degraded', healthReason: 'CrashLoopBackOff' } : { health: 'Healthy' };
      fleet.put(cluster, 'Deployment', [liveObject('desk', { ...parts, ...health })]);
    }
    fleet.putCluster('dark');
    fleet.setState('dark', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
    server = await startTestServer({
      live: fleet.live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 3);
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

  const peekUrl = (ref: string): string => `${server.url}/catalog?peek=${ref}`;

  test('says how it does, in how many clusters, why, and where it is worst', async () => {
    opened = await open(peekUrl('component:default/desk'));
    const state = opened.page.locator('.peek-pane').getByRole('region', { name: 'State' });
    await state.getByText('Degraded in 1 of 3 clusters').waitFor();
    await state.getByText('eu-2 desk: degraded, CrashLoopBackOff').waitFor();
  });

  test('names what is not known, and why', async () => {
    opened = await open(peekUrl('component:default/lamp'));
    const state = opened.page.locator('.peek-pane').getByRole('region', { name: 'State' });
    await state.getByText('Not seen to run; 1 cluster could not be read').waitFor();
    await state.getByText('Nothing was found, but dark cannot be read as of now.').waitFor();
  });

  test('asks nothing of the clusters for what claims nothing there', async () => {
    opened = await open('');
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(peekUrl('api:default/seats'));
    await page.locator('.peek-pane').getByText('Declared in').waitFor();
    expect(asked.filter((path) => /running|verdict|findings/.test(path))).toEqual([]);
  });

  test('calls nothing good where the clusters do not say', async () => {
    opened = await open('');
    const { page } = opened;
    await page.route('**/running', (route) =>
      route.fulfill({ status: 500, json: { title: 'Fault', status: 500, code: 'FLEET_FAILED', detail: 'On fire.' } }),
    );
    await page.goto(peekUrl('component:default/desk'));
    const state = page.locator('.peek-pane').getByRole('region', { name: 'State' });
    await state.getByText('How it runs is not known').waitFor();
    expect(await state.getAttribute('class')).not.toContain('healthy');
  });
});
