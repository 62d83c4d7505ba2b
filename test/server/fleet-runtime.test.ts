import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoFleet } from '../../demo/fleet/demo-fleet.ts';
import type { Fleet } from '../../src/fleet/open-fleet.ts';
import type { LiveTold } from '../../src/live/live-reader.ts';
import { entryOf, TestClusters } from '../support/fleet-clusters.ts';
import {
  decoded,
  shownClusters,
  shownObjects,
  type TruthCluster,
  truthOf,
  untilClusters,
  untilTrue,
} from '../support/fleet-truth.ts';
import { listsOf, openWorld, putConfigMap, startFleet, temporaryFolder } from '../support/fleet-world.ts';
import { until } from '../support/running-catalog.ts';

let demo: DemoFleet;
let truth: readonly [TruthCluster, TruthCluster, TruthCluster];
let clusters: TestClusters;
let fleet: Fleet;
const folder = temporaryFolder();

beforeAll(async () => {
  demo = await openWorld(3);
  const [first, second, third] = await truthOf(demo);
  if (first === undefined || second === undefined || third === undefined) throw new Error('A cluster is missing');
  truth = [first, second, third];
  clusters = new TestClusters([entryOf(first), entryOf(second)]);
  fleet = startFleet(clusters, folder.path, 2);
}, 60_000);

afterAll(async () => {
  await fleet.close();
  await demo.close();
  folder.remove();
}, 60_000);

const isOk =
  (...names: readonly string[]) =>
  (shown: Awaited<ReturnType<typeof shownClusters>>): boolean =>
    names.every((name) => shown.get(name)?.state === 'ok');
const serverOf = (name: string): DemoFleet['servers'][number] => {
  const server = demo.servers.find((each) => each.cluster.name === name);
  if (server === undefined) throw new Error(`No server ${name}`);
  return server;
};

describe('the clusters of a fleet', () => {
  test('are shown as they are, all kinds of them', async () => {
    const [first, second] = truth;
    const shown = await untilClusters(fleet.live, isOk(first.name, second.name));
    expect(shown.size).toBe(2);
    expect(shown.get(first.name)?.version).toMatch(/^v1\.\d+\.\d+$/);
    expect(shown.get(first.name)?.pods).toBeGreaterThan(50);
    await untilTrue(fleet.live, [first, second]);
  }, 60_000);

  test('show a change as soon as it is told, to who asks and to who follows', async () => {
    const [first] = truth;
    const told: LiveTold[] = [];
    const stop = fleet.live.follow(undefined, 'all', (each) => told.push(each));
    const names = (): string[] =>
      told.flatMap((each) => (each.type === 'changes' ? each.objects : [])).map(({ name }) => name);
    putConfigMap(demo, first.name, 'default', 'follows');
    await until(() => names().includes('follows'));
    stop();
    const maps = await shownObjects(fleet.live, first.name, 'ConfigMap');
    expect(maps.map(({ name }) => name)).toContain('follows');
    const { position } = decoded<{ position: { epoch: string; sequence: number } }>(await fleet.live.clusters('all'));
    expect(position.epoch).toBe(told[0]?.position.epoch);
    await until(() => fleet.live.position.sequence >= position.sequence);
  }, 30_000);

  test('tell who follows only of what is in the scope', async () => {
    const [first, second] = truth;
    const told: LiveTold[] = [];
    const stop = fleet.live.follow(undefined, { [second.name]: ['default'] }, (each) => told.push(each));
    putConfigMap(demo, first.name, 'default', 'hidden');
    putConfigMap(demo, second.name, 'kube-system', 'hidden');
    putConfigMap(demo, second.name, 'default', 'seen');
    const names = (): string[] =>
      told.flatMap((each) => (each.type === 'changes' ? each.objects : [])).map(({ name }) => name);
    await until(() => names().includes('seen'));
    stop();
    expect(names()).not.toContain('hidden');
  }, 30_000);

  test('tell their namespaces, in another map where one came', async () => {
    const [first] = truth;
    const before = fleet.live.namespaces();
    expect(before.get(first.name)?.has('kube-system')).toBe(true);
    putConfigMap(demo, first.name, 'brand-new', 'first');
    await until(() => fleet.live.namespaces().get(first.name)?.has('brand-new') === true);
    expect(fleet.live.namespaces()).not.toBe(before);
  }, 30_000);

  test('answer what is wrong with a question', async () => {
    await expect(fleet.live.objects({ limit: 10, labelSelector: '((' }, 'all')).rejects.toMatchObject({
      code: 'LIVE_QUERY_INVALID',
    });
  });

  test('are counted', async () => {
    const registry = new Registry();
    fleet.publish(registry);
    const text = await registry.metrics();
    const [first] = truth;
    expect(text).toContain(`callboard_fleet_cluster_state{cluster="${first.name}",state="ok"} 1`);
    expect(text).toMatch(/callboard_fleet_objects\{kind="Pod"\} \d{2,}/);
    expect(text).toMatch(new RegExp(`callboard_fleet_watches\\{cluster="${first.name}"\\} 1\\d`));
    expect(text).toMatch(new RegExp(`callboard_fleet_received_bytes_total\\{cluster="${first.name}"\\} [1-9]`));
    expect(text).toMatch(/callboard_fleet_dropped_rows_total 0/);
  });
});

describe('a cluster set that changes', () => {
  test('a cluster that comes is read, without another being connected anew', async () => {
    const [first, , third] = truth;
    serverOf(first.name).counts.forget();
    clusters.put(entryOf(third));
    await untilClusters(fleet.live, isOk(third.name));
    await untilTrue(fleet.live, [third]);
    expect(serverOf(first.name).counts.counted).toMatchObject({ connections: 0, watches: {} });
  }, 60_000);

  test('other labels are shown at once, without a request to the cluster', async () => {
    const [first] = truth;
    serverOf(first.name).counts.forget();
    clusters.put(entryOf(first, { labels: { environment: 'prod' } }));
    const shown = await untilClusters(fleet.live, (all) => all.get(first.name)?.labels['environment'] === 'prod');
    expect(shown.get(first.name)?.state).toBe('ok');
    expect(serverOf(first.name).counts.counted).toMatchObject({ connections: 0, watches: {}, lists: {} });
  }, 30_000);

  test('with another credential it goes on from where it was: it shows all the time what it has, and lists nothing', async () => {
    const [first] = truth;
    const { certificate, key } = await demo.issue('another', ['system:masters']);
    serverOf(first.name).counts.forget();
    clusters.put(entryOf({ ...first, certificate, key }));
    const shown = await untilClusters(fleet.live, (all) => all.get(first.name)?.state !== 'ok');
    expect(shown.get(first.name)?.pods).toBeGreaterThan(50);
    await untilClusters(fleet.live, isOk(first.name));
    expect(serverOf(first.name).counts.counted.connections).toBe(1);
    expect(listsOf(demo, first.name)).toEqual({});
    await untilTrue(fleet.live, [first]);
  }, 60_000);

  test('a cluster that goes is not shown any more, and nothing of it stays open', async () => {
    const [, , third] = truth;
    clusters.remove(third.name);
    await untilClusters(fleet.live, (all) => !all.has(third.name));
    await until(() => Object.keys(serverOf(third.name).counts.counted.open).length === 0);
    await until(() => !fleet.live.namespaces().has(third.name));
  }, 30_000);
});

describe('a cluster whose server stops', () => {
  test('is unreachable, with a reason and as of when; the others stay; back again it goes on without lists', async () => {
    const [first, second] = truth;
    const before = Date.now();
    serverOf(second.name).counts.forget();
    await serverOf(second.name).setFault({ type: 'refuse' });
    const down = await untilClusters(fleet.live, (all) => all.get(second.name)?.state === 'unreachable');
    expect(down.get(second.name)?.reason?.code).toBe('ConnectionRefused');
    expect(down.get(second.name)?.pods).toBeGreaterThan(10);
    expect(Date.parse(down.get(second.name)?.asOf ?? '')).toBeGreaterThan(before - 90_000);
    expect(down.get(first.name)?.state).toBe('ok');
    putConfigMap(demo, second.name, 'default', 'meanwhile');
    await serverOf(second.name).setFault(undefined);
    await untilClusters(fleet.live, isOk(second.name), 60_000);
    expect(listsOf(demo, second.name)).toEqual({});
    await untilTrue(fleet.live, [second]);
  }, 120_000);
});

describe('a fleet without clusters', () => {
  test('has no threads, and answers that there is nothing', async () => {
    const empty = temporaryFolder();
    const nobody = startFleet(new TestClusters(), empty.path);
    expect(await shownClusters(nobody.live)).toEqual(new Map());
    expect(decoded(await nobody.live.objects({ limit: 10 }, 'all'))).toMatchObject({ items: [], total: 0 });
    const registry = new Registry();
    nobody.publish(registry);
    expect(await registry.metrics()).toContain('callboard_fleet_queue_bytes 0');
    await nobody.close();
    empty.remove();
  });
});
