import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import type { DemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { FleetLink } from '../../src/fleet/fleet-link.ts';
import type { Fleet } from '../../src/fleet/open-fleet.ts';
import type { LiveTold } from '../../src/live/live-reader.ts';
import { entryOf, TestClusters } from '../support/fleet-clusters.ts';
import { type ShownCluster, type TruthCluster, truthOf, untilClusters, untilTrue } from '../support/fleet-truth.ts';
import { listsOf, openWorld, putConfigMap, startFleet, temporaryFolder } from '../support/fleet-world.ts';
import { until } from '../support/running-catalog.ts';

let demo: DemoFleet;
let truth: TruthCluster;
let server: ApiServer;
let folder: ReturnType<typeof temporaryFolder>;
let fleet: Fleet;

beforeAll(async () => {
  demo = await openWorld(1);
  const [first] = await truthOf(demo);
  const [only] = demo.servers;
  if (first === undefined || only === undefined) throw new Error('The cluster is missing');
  truth = first;
  server = only;
}, 60_000);
afterAll(() => demo.close());

beforeEach(async () => {
  folder = temporaryFolder();
  fleet = start();
  await untilShown(({ state }) => state === 'ok');
}, 60_000);
afterEach(async () => {
  await server.setFault(undefined);
  await fleet.close();
  folder.remove();
}, 60_000);

function start(): Fleet {
  return startFleet(new TestClusters([entryOf(truth)]), folder.path);
}

/** Ends the fleet and starts another one over the same folder; what happens in between is the test's. */
async function restart(between: () => Promise<void> | void = () => undefined): Promise<void> {
  await fleet.close();
  await between();
  server.counts.forget();
  fleet = start();
}

async function untilShown(holds: (cluster: ShownCluster) => boolean, withinMs = 30_000): Promise<ShownCluster> {
  const shows = (all: ReadonlyMap<string, ShownCluster>): boolean => {
    const cluster = all.get(truth.name);
    return cluster !== undefined && holds(cluster);
  };
  const cluster = (await untilClusters(fleet.live, shows, withinMs)).get(truth.name);
  if (cluster === undefined) throw new Error('The cluster is not shown');
  return cluster;
}

describe('a fleet that is started again', () => {
  test('shows what it had, as of then, before the cluster is reached, and goes on without a list', async () => {
    const { pods, objects } = await untilShown(({ state }) => state === 'ok');
    const closing = Date.now();
    await restart(() => server.setFault({ type: 'refuse' }));
    const shown = await untilShown(({ state, objects: held }) => state === 'unreachable' && held > 0);
    expect(shown).toMatchObject({ pods, reason: { code: 'ConnectionRefused' } });
    expect(Math.abs(shown.objects - objects)).toBeLessThan(20);
    expect(Date.parse(shown.asOf ?? '')).toBeLessThan(closing + 1_000);
    putConfigMap(demo, truth.name, 'default', 'while-away');
    await server.setFault(undefined);
    await untilShown(({ state }) => state === 'ok');
    expect(listsOf(demo, truth.name)).toEqual({});
    await untilTrue(fleet.live, [truth]);
  }, 90_000);

  test('is never ok before what came since has come', async () => {
    await restart(() => putConfigMap(demo, truth.name, 'default', 'came-since'));
    await untilShown(({ objects, behind }) => objects > 0 && !behind.some(({ kind }) => kind === 'ConfigMap'));
    const maps = new TextDecoder().decode(
      await fleet.live.objects({ kinds: ['ConfigMap'], name: 'came-since', limit: 10 }, 'all'),
    );
    expect(JSON.parse(maps)).toMatchObject({ total: 1 });
  }, 60_000);

  test('lists anew where the server has forgotten what came since', async () => {
    await restart(() => {
      putConfigMap(demo, truth.name, 'default', 'forgotten');
      server.cluster.store.compact();
    });
    await untilShown(({ state }) => state === 'ok');
    expect(listsOf(demo, truth.name)).toMatchObject({ pods: 1, deployments: 1 });
    await untilTrue(fleet.live, [truth]);
  }, 60_000);

  test('shows nothing of a cluster that was built anew under the same name', async () => {
    await restart(() => server.cluster.store.rebuild());
    await untilShown(({ state }) => state === 'ok');
    expect(listsOf(demo, truth.name)).toMatchObject({ pods: 1 });
    await untilTrue(fleet.live, [truth]);
  }, 60_000);

  test('does without a snapshot that is torn', async () => {
    await restart(() => {
      const [file] = readdirSync(join(folder.path, 'fleet'));
      const path = join(folder.path, 'fleet', file ?? '');
      truncateSync(path, Math.floor(statSync(path).size / 2));
    });
    await untilShown(({ state }) => state === 'ok');
    expect(listsOf(demo, truth.name)).toMatchObject({ pods: 1 });
    await untilTrue(fleet.live, [truth]);
  }, 60_000);
});

describe('a thread of the fleet that dies', () => {
  test('another one takes its place under another epoch, with what was saved; who follows is told to read anew', async () => {
    await until(() => readdirSync(folder.path, { recursive: true }).some((name) => String(name).endsWith('.snapshot')));
    const { live } = fleet;
    if (!(live instanceof FleetLink)) throw new Error('There is no thread');
    const { epoch } = live.position;
    const told: LiveTold[] = [];
    const stop = live.follow(undefined, 'all', (each) => told.push(each));
    // No such cluster is ever told: the thread fails over it.
    live.tell({ type: 'cluster', face: undefined as never });
    const refused: string[] = [];
    await until(() => {
      live.clusters('all').catch((error: Error & { code?: string }) => refused.push(error.code ?? error.message));
      return live.position.epoch !== epoch;
    });
    expect(new Set(refused)).toEqual(new Set(['LIVE_UNAVAILABLE']));
    await until(() => told.some((each) => each.type === 'relist'));
    await untilShown(({ state }) => state === 'ok');
    await untilTrue(live, [truth]);
    putConfigMap(demo, truth.name, 'default', 'after-death');
    const names = (): string[] =>
      told.flatMap((each) => (each.type === 'changes' ? each.objects : [])).map(({ name }) => name);
    await until(() => names().includes('after-death'));
    stop();
  }, 90_000);
});
