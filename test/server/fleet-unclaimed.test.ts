import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { MissingPage, UnclaimedPage } from '../../src/api/unclaimed.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand } from '../support/surroundings.ts';

let folder: string;
let server: TestServer;
let fleet: MemoryFleet;

const component = (name: string, more: string, spec = 'type: service'): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}${more}}\n` +
  `spec: {${spec}, lifecycle: production, owner: stage}\n---\n`;
const group = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: ${name}}\nspec: {type: team, children: []}\n---\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-unclaimed-'));
  await writeFile(
    join(folder, 'catalog.yaml'),
    group('stage') +
      group('boxes') +
      component('till', '') +
      component('curtain', ', annotations: {backstage.io/kubernetes-id: curtain}') +
      component('lamp', '') +
      component('library', '', 'type: library') +
      component('ghost', ', annotations: {backstage.io/kubernetes-id: ghost, backstage.io/kubernetes-cluster: us-1}'),
  );
  fleet = memoryFleet();
  for (const cluster of ['eu-1', 'us-1']) {
    fleet.putCluster(cluster, { labels: { environment: 'prod', region: cluster.slice(0, 2) } });
    fleet.watchAll(cluster);
    const at = { namespace: 'shop', images: 'x:1', desired: 1, ready: 1, health: 'Healthy' };
    fleet.put(cluster, 'Deployment', [
      liveObject('till', { ...at, labels: 'app.kubernetes.io/name=till' }),
      liveObject('stray', { ...at, labels: 'app=stray\ntier=web' }),
      liveObject('stray-worker', { ...at, labels: 'app=stray\ntier=back' }),
      liveObject('boxed', { ...at, namespace: 'boxes', labels: 'backstage.io/kubernetes-id=crate\nteam=boxes' }),
    ]);
  }
  fleet.setState('us-1', { state: 'denied', reason: { code: 'Forbidden', message: 'may not' } }, ['Job']);
  server = await startTestServer({ live: fleet.live, config: { catalog: catalogOf([folder]) } });
  await vi.waitFor(async () => expect((await missing()).total).toBe(3), { timeout: 20_000, interval: 50 });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function unclaimed(query = ''): Promise<UnclaimedPage> {
  return (await (await server.get(`/api/v1/fleet/unclaimed${query}`)).json()) as UnclaimedPage;
}

async function propose(body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return server.get('/api/v1/fleet/proposals', { method: 'POST', headers, body: JSON.stringify(body) });
}

async function missing(query = ''): Promise<MissingPage> {
  return (await (await server.get(`/api/v1/fleet/missing${query}`)).json()) as MissingPage;
}

test('what no entity claims is listed once for all its clusters, with who probably owns it and why', async () => {
  const { items, total, incomplete } = await unclaimed();
  expect(total).toBe(3);
  expect(items.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
    'boxes/boxed',
    'shop/stray',
    'shop/stray-worker',
  ]);
  const [boxed, stray] = items;
  expect(boxed?.proposal).toMatchObject({
    name: 'crate',
    owner: { ref: 'group:default/boxes', confidence: 'high' },
    annotations: { 'backstage.io/kubernetes-id': 'crate' },
  });
  expect(stray).toMatchObject({ clusters: [{ cluster: 'eu-1' }, { cluster: 'us-1' }], pods: 0, health: 'Healthy' });
  expect(stray?.proposal).toMatchObject({
    owner: { ref: 'group:default/stage', confidence: 'low' },
    annotations: {
      'backstage.io/kubernetes-label-selector': 'app=stray,tier=web',
      'backstage.io/kubernetes-namespace': 'shop',
    },
  });
  expect(incomplete.map(({ cluster, kind }) => `${cluster} ${kind}`)).toEqual(['us-1 Job']);
});

test('pages and filters', async () => {
  const first = await unclaimed('?limit=2');
  const second = await unclaimed(`?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['boxed', 'stray', 'stray-worker']);
  expect(second.nextCursor).toBeUndefined();
  expect((await unclaimed('?q=WORKER')).items.map(({ name }) => name)).toEqual(['stray-worker']);
  expect((await unclaimed('?namespace=boxes')).total).toBe(1);
  expect((await unclaimed('?cluster=nowhere')).total).toBe(0);
});

test('what is in the catalog and runs nowhere is missing only where all was read', async () => {
  const states = async (): Promise<unknown> =>
    Object.fromEntries((await missing()).items.map(({ ref, state, unread }) => [ref, [state, unread]]));
  expect(await states()).toEqual({
    'component:default/curtain': ['unknown', ['us-1']],
    'component:default/ghost': ['unknown', ['us-1']],
    'component:default/lamp': ['unknown', ['us-1']],
  });
  fleet.setState('us-1', { state: 'ok' }, ['Job']);
  expect(await states()).toEqual({
    'component:default/curtain': ['missing', []],
    'component:default/ghost': ['missing', []],
    'component:default/lamp': ['undeployed', []],
  });
  expect((await missing('?state=undeployed')).items.map(({ ref }) => ref)).toEqual(['component:default/lamp']);
});

test('the command line lists both, and prints descriptors', async () => {
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await runCommand(tmpdir(), ['fleet', 'unclaimed', ...args, '--server', server.url]);
    expect(code, out + err).toBe(0);
    return out;
  };
  expect(await run()).toMatch(
    /Deployment\/boxes\/boxed +2 +Healthy +0 +group:default\/boxes +high +It says team=boxes\./,
  );
  expect(await run('--missing')).toMatch(/missing +component:default\/curtain/);
  expect(JSON.parse(await run('-n', 'boxes', '-o', 'json'))).toMatchObject({ items: [{ name: 'boxed' }] });
  const yaml = await run('-n', 'boxes', '-o', 'yaml');
  expect(yaml).toContain('kind: Component\nmetadata:\n  name: crate\n');
});

test('descriptors that are taken as they are proposed pass validation and claim what they were made for', async () => {
  const { items } = await unclaimed();
  const answer = await propose({
    items: [
      ...items.map(({ kind, namespace, name }) => ({
        kind,
        namespace,
        name,
        as: name === 'stray' ? { owner: 'boxes' } : {},
      })),
      { kind: 'Deployment', namespace: 'shop', name: 'gone' },
    ],
  });
  const yaml = await answer.text();
  expect(answer.status, yaml).toBe(200);
  expect(yaml).toContain('# Deployment shop/gone is not written');
  expect(yaml).toContain('owner: boxes');
  await writeFile(join(folder, 'proposed.yaml'), yaml);
  const { code, out, err } = await runCommand(tmpdir(), ['validate', join(folder, 'proposed.yaml')]);
  expect(code, out + err).toBe(0);
  await vi.waitFor(async () => expect((await unclaimed()).total).toBe(0), { timeout: 20_000, interval: 100 });
});

test('an owner that is no ref is refused', async () => {
  const items = [{ kind: 'Deployment', namespace: 'shop', name: 'x', as: { owner: 'a\nb: c' } }];
  expect((await propose({ items })).status).toBe(400);
});
