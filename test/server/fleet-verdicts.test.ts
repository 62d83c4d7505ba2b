import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Verdicts } from '../../src/api/running.ts';
import { liveObject, memoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

let folder: string;
let server: TestServer;

const component = (name: string, spec: string, annotations = ''): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}${annotations}}\nspec: {type: service, lifecycle: production, ${spec}}\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-verdicts-'));
  const said = ', annotations: {backstage.io/kubernetes-id: lamp}';
  await writeFile(
    join(folder, 'all.yaml'),
    [
      component('till', 'owner: shop, system: sales'),
      component('lamp', 'owner: light', said),
      component('paint', 'owner: light'),
    ].join('---\n'),
  );
  const fleet = memoryFleet();
  for (const cluster of ['eu-1', 'us-1', 'us-2']) {
    fleet.putCluster(cluster, { labels: { region: cluster.slice(0, 2) } });
    fleet.watchAll(cluster);
    const health = cluster.startsWith('us') ? { health: 'Degraded', healthReason: 'Why' } : { health: 'Healthy' };
    const parts = { namespace: 'shop', labels: 'app.kubernetes.io/name=till', images: 'till:1', desired: 2, ready: 1 };
    fleet.put(cluster, 'Deployment', [liveObject('till', { ...parts, ...health })]);
  }
  fleet.putCluster('dark');
  server = await startTestServer({ live: fleet.live, config: { catalog: catalogOf([folder]) } });
  await vi.waitFor(
    async () => expect((await server.get('/api/v1/entities/component/default/paint')).status).toBe(200),
    {
      timeout: 20_000,
      interval: 50,
    },
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function ask(body: object): Promise<Verdicts> {
  const response = await server.get('/api/v1/fleet/verdicts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Verdicts;
}

test('verdicts say where it is as they say, and how many clusters could not be read', async () => {
  const { items, looked, unread } = await ask({ refs: ['component:default/till', 'component:default/nothing'] });
  expect(items).toMatchObject([
    {
      ref: 'component:default/till',
      isClaimed: true,
      isDeclared: false,
      verdict: { status: 'Degraded', reason: 'Why', clusters: 3, places: ['us-1', 'us-2'] },
      images: [{ image: 'till:1', clusters: 3 }],
      regions: ['eu', 'us'],
    },
  ]);
  expect([looked, unread]).toEqual([4, 1]);
});

test('they are asked of what groups own and of what is part of systems', async () => {
  const refs = ({ items }: Verdicts): readonly string[] => items.map(({ ref }) => ref).sort();
  expect(refs(await ask({ ownedBy: ['group:default/light'] }))).toEqual([
    'component:default/lamp',
    'component:default/paint',
  ]);
  expect(refs(await ask({ partOf: ['system:default/sales'] }))).toEqual(['component:default/till']);
  expect(refs(await ask({}))).toEqual([]);
});

test('what says itself that it runs is told from what is only looked for', async () => {
  const { items } = await ask({ ownedBy: ['group:default/light'] });
  // With a cluster that was never read nobody knows that it runs nowhere.
  expect(Object.fromEntries(items.map(({ ref, isDeclared, verdict }) => [ref, [isDeclared, verdict.status]]))).toEqual({
    'component:default/lamp': [true, 'Unknown'],
    'component:default/paint': [false, 'Unknown'],
  });
});
