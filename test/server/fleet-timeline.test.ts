import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readCatalogue } from '../../demo/fleet/catalogue.ts';
import { type DemoFleet, kubeconfigText, openClusters } from '../../demo/fleet/demo-fleet.ts';
import { Stage } from '../../demo/fleet/scenario-stage.ts';
import { WorldClock } from '../../demo/fleet/world-clock.ts';
import { clusterPlans, faceOf } from '../../demo/fleet/world-clusters.ts';
import type { Placement } from '../../demo/fleet/world-placement.ts';
import { makeWorld } from '../../demo/fleet/world.ts';
import type { ChangedAnswer, TimelineItem, TimelinePage } from '../../src/api/timeline.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { serve, type RunningServer } from '../../src/server/serve.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { catalogOf, testConfig } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';
import { runCommand } from '../support/surroundings.ts';

// What happens in two clusters of the demo, as a real server tells it: by its API, by the command, after it was started again.

const north = 'prod-north';
const south = 'prod-south';
let folder: string;
let demo: DemoFleet;
let stages: ReadonlyMap<string, Stage>;
let server: RunningServer;
let ref: string;
let name: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-timeline-'));
  const clock = new WorldClock(() => Date.now());
  const programs = readCatalogue(join(import.meta.dirname, '../../demo/organisation'));
  const worlds = makeWorld(clusterPlans.slice(0, 2), programs, clock);
  demo = await openClusters({ clusters: worlds.map(({ cluster }) => cluster), now: () => clock.now() });
  clock.run();
  stages = new Map(worlds.map((world) => [world.plan.name, new Stage(world, () => undefined)]));
  const { program } = stageOf(north).deployments.find(isUsable) ?? { program: { name: '', id: '' } };
  name = program.name;
  ref = `component:default/${name}`;
  await writeFile(
    join(folder, 'catalog.yaml'),
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, annotations: { 'backstage.io/kubernetes-id': program.id ?? name } },
      spec: { type: 'service', lifecycle: 'production', owner: 'x' },
    }),
  );
  const faces = new Map(clusterPlans.map((plan) => [plan.name, faceOf(plan)]));
  const user = await demo.issue('operator', ['system:masters']);
  const text = kubeconfigText(demo, 'operator', user, (cluster) => faces.get(cluster) ?? {});
  await writeFile(join(folder, 'kubeconfig'), text, { mode: 0o600 });
  server = await start();
  await untilRead();
  await put('roles/reader', { rules: [{ permissions: ['fleet.*.read', 'catalog.entity.read'] }] });
  await put('bindings/reader', { role: 'reader', subjects: ['user:default/guest'] });
}, 90_000);
afterAll(async () => {
  await server.close();
  await demo.close();
  await rm(folder, { recursive: true });
}, 60_000);

const isUsable = (placement: Placement): boolean =>
  placement.replicas >= 3 && stageOf(south).placementOf(placement.program.name) !== undefined;

function stageOf(cluster: string): Stage {
  const stage = stages.get(cluster);
  if (stage === undefined) throw new Error(`No cluster ${cluster}`);
  return stage;
}

function placementIn(cluster: string): Placement {
  const placement = stageOf(cluster).placementOf(name);
  if (placement === undefined) throw new Error(`${name} does not run in ${cluster}`);
  return placement;
}

function start(): Promise<RunningServer> {
  const config = testConfig({
    ...adaAdministers,
    guests: 'loopback',
    dataFolder: join(folder, 'data'),
    catalog: catalogOf([folder]),
    fleet: { ...noFleet, kubeconfigs: [{ paths: [join(folder, 'kubeconfig')] }] },
  });
  return serve({ config, log: createLog({ level: 'fatal', format: 'json' }) });
}

async function read<T>(path: string, who = 'ada'): Promise<T> {
  const { headers } = await signIn(server, `user:default/${who}`);
  const response = await fetch(`${server.url}/api/v1/fleet/${path}`, { headers });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as T;
}

/** Writes a role or binding. */
async function put(path: string, body: object): Promise<void> {
  const ada = await signIn(server);
  const headers = { ...ada.headers, 'content-type': 'application/json' };
  const init = { method: 'PUT', headers, body: JSON.stringify(body) };
  expect((await fetch(`${server.url}/api/v1/access/${path}`, init)).status).toBe(200);
}

async function untilRead(): Promise<void> {
  const states = async (): Promise<readonly string[]> => {
    const { items } = await read<{ readonly items: readonly { readonly state: string }[] }>('clusters');
    return items.map(({ state }) => state);
  };
  await vi.waitFor(async () => expect(await states()).toEqual(['ok', 'ok']), { timeout: 60_000, interval: 200 });
}

const timeline = async (query = '', who?: string): Promise<readonly TimelineItem[]> =>
  (await read<TimelinePage>(`timeline?${query}`, who)).items;

/** Waits until the timeline has an entry. */
function told(query: string, holds: (item: TimelineItem) => boolean, withinMs = 40_000): Promise<TimelineItem> {
  const look = async (): Promise<TimelineItem> => {
    const items = await timeline(query);
    const found = items.find(holds);
    if (found === undefined) throw new Error(`It was not told among ${items.map(({ title }) => title).join(', ')}`);
    return found;
  };
  return vi.waitFor(look, { timeout: withinMs, interval: 250 });
}

test('another image is told with how long its rollout took, as of its entity', async () => {
  const before = stageOf(north).versionOf(placementIn(north));
  stageOf(north).roll(placementIn(north), '9.9.9');
  const item = await told(`entity=${ref}`, ({ kind, data }) => kind === 'image' && data['isRolling'] === false, 60_000);
  expect(item).toMatchObject({
    title: `Image of ${name}: ${before} → 9.9.9`,
    cluster: north,
    workload: { kind: 'Deployment', name },
    entity: ref,
    from: before,
    to: '9.9.9',
  });
  expect(Date.parse(item.until ?? '')).toBeGreaterThanOrEqual(Date.parse(item.at));
}, 90_000);

test('a scaling is told in its cluster; filters narrow, pages go on, pieces count', async () => {
  const placement = placementIn(south);
  stageOf(south).scale(placement, placement.replicas + 2);
  const { from, to } = await told(`cluster=${south}&kind=scale`, ({ title }) => title.startsWith(`${name} scaled`));
  expect([from, to]).toEqual([String(placement.replicas), String(placement.replicas + 2)]);
  expect(await timeline(`cluster=${north}&kind=scale`)).toEqual([]);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const first = await read<TimelinePage>(`timeline?limit=1&from=${since}&pieces=4`);
  expect(first.items.length).toBe(1);
  const all = Object.values(first.pieces?.at(-1)?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  expect(all).toBeGreaterThanOrEqual(2);
  const second = await read<TimelinePage>(`timeline?limit=1&from=${since}&cursor=${first.nextCursor}`);
  expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
}, 60_000);

test('a change of configuration that reached both clusters is the likely cause of what failed then', async () => {
  for (const cluster of [north, south]) {
    stageOf(cluster).configure(placementIn(cluster), { filters: 'authentication, routing' });
  }
  for (const cluster of [north, south]) {
    await told(`entity=${ref}&cluster=${cluster}&kind=config`, ({ data }) => data['isRolling'] === false);
    stageOf(cluster).misbehaveAll(placementIn(cluster), 'crash');
  }
  await told(`entity=${ref}&kind=restarts&kind=health`, () => true, 90_000);
  const { likely, items } = await read<ChangedAnswer>(`changed?entity=${ref}`);
  expect(likely[0]?.entry).toMatchObject({ kind: 'config', entity: ref });
  expect(likely[0]?.clusters).toEqual([north, south]);
  expect(likely[0]?.why.join('; ')).toMatch(/It reached 2 clusters in 2 regions within \d+ minutes?/);
  expect(likely[0]?.why).toContain(`It is ${ref} itself`);
  expect(items.length).toBeGreaterThan(4);
  for (const cluster of [north, south]) stageOf(cluster).misbehaveAll(placementIn(cluster), undefined);
}, 150_000);

test('the command shows it on one screen', async () => {
  const ask = (...args: readonly string[]) => runCommand(folder, ['fleet', 'changed', ...args, '--server', server.url]);
  const { code, out } = await ask('--entity', name);
  expect(code, out).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^What changed between .* the likeliest cause first:$/);
  expect(lines[1]).toMatch(/^1\. \d\d:\d\d:\d\d {2}Config/);
  expect(lines.length).toBeLessThan(60);
  expect(JSON.parse((await ask('-o', 'json')).out)).toHaveProperty('likely');
  expect((await ask('--at', '1970-01-01T00:00:00Z')).out).toContain('Nothing is known to have changed');
  expect((await ask('--at', 'yesterday')).err).toContain('a time such as 12:18');
  expect((await ask('--window', '0')).err).toContain('minutes from 1 to 1440');
  expect((await ask('--entity', 'nothing')).err).toContain('that you may see');
}, 60_000);

test('who may not see a cluster, a namespace or an entity is told nothing of them', async () => {
  await put('roles/north', { rules: [{ permissions: ['fleet.*.read'], clusters: [north] }] });
  await put('bindings/north', { role: 'north', subjects: ['user:default/nora'] });
  await put('roles/nowhere', {
    rules: [{ permissions: ['fleet.*.read'], clusters: [north], namespaces: ['kube-system'] }],
  });
  await put('bindings/nowhere', { role: 'nowhere', subjects: ['user:default/noel'] });
  const seen = await timeline('limit=500', 'nora');
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen.map(({ cluster }) => cluster))).toEqual(new Set([north]));
  // She reads no entity of the catalog: none is named.
  expect(seen.filter(({ entity }) => entity !== undefined)).toEqual([]);
  expect((await timeline('limit=500', 'noel')).filter(({ kind }) => kind !== 'cluster')).toEqual([]);
  const { headers } = await signIn(server, 'user:default/nobody');
  expect((await fetch(`${server.url}/api/v1/fleet/timeline`, { headers })).status).toBe(403);
}, 60_000);

test('a server that is started again tells nothing twice, and tells what happened meanwhile', async () => {
  await told('kind=image', ({ data }) => data['isRolling'] === false);
  const before = await timeline('limit=500');
  await server.close();
  stageOf(south).roll(placementIn(south), '8.8.8');
  server = await start();
  await untilRead();
  const meanwhile = await told(`cluster=${south}&kind=image`, ({ to }) => to === '8.8.8', 60_000);
  expect(meanwhile.title).toContain('→ 8.8.8');
  const after = await timeline('limit=500');
  const ids = after.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const item of before) expect(ids).toContain(item.id);
  const images = after.filter(({ kind, to }) => kind === 'image' && to === '9.9.9');
  expect(images.length).toBe(1);
}, 120_000);
