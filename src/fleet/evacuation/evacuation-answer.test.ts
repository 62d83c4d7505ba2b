import { describe, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { Evacuation, SingleEntities } from '../../api/evacuation.ts';
import type { EvacuationQuestion } from '../../live/evacuation.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import { OWN_CLUSTER } from '../cluster-entry.ts';

const production = { environment: 'production', region: 'eu' };
const claim = (name: string, parts = {}) => ({
  ref: `component:default/${name}`,
  id: name,
  kind: 'Component',
  ...parts,
});
const labels = (name: string): string => `backstage.io/kubernetes-id=${name}`;
const runs = (name: string, ready: number, parts = {}) =>
  liveObject(name, { namespace: 'shop', labels: labels(name), desired: ready, ready, ...parts });

/** eu-1 and eu-2 in one region, us-1 in another, dev-1 in another environment. */
function fleetOf(): MemoryFleet {
  const fleet = memoryFleet();
  fleet.putCluster('eu-1', { labels: production, isProtected: true, title: 'Europe 1' });
  fleet.putCluster('eu-2', { labels: production });
  fleet.putCluster('us-1', { labels: { ...production, region: 'us' } });
  fleet.putCluster('dev-1', { labels: { environment: 'dev', region: 'eu' }, origin: OWN_CLUSTER });
  for (const cluster of ['eu-1', 'eu-2', 'us-1', 'dev-1']) fleet.watchAll(cluster);
  return fleet;
}

function claims(fleet: MemoryFleet, ...put: readonly ReturnType<typeof claim>[]): void {
  fleet.live.changeClaims({ isWhole: true, put, dropped: [] });
}

function answer<Answer>(fleet: MemoryFleet, question: Partial<EvacuationQuestion>, scope: LiveScope = 'all'): Answer {
  const bytes = fleet.store.evacuation({ view: 'losses', hidden: [], ...question }, scope);
  return JSON.parse(Buffer.from(bytes).toString()) as Answer;
}

const lossesOf = (fleet: MemoryFleet, clusters: readonly string[], scope?: LiveScope): Evacuation =>
  answer<Evacuation>(fleet, { clusters }, scope);

describe('what would be lost', () => {
  test('an entity that runs only there is lost; one that goes on in other environments only is displaced', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till', { lifecycle: 'production', owner: 'group:default/shop' }), claim('desk'));
    fleet.put('eu-1', 'Deployment', [runs('till', 3), runs('desk', 2)]);
    fleet.put('dev-1', 'Deployment', [runs('desk', 1)]);
    const { lost, displaced, reduced, counts, clusters, isProtected } = lossesOf(fleet, ['eu-1']);
    expect(lost).toEqual([
      {
        ref: 'component:default/till',
        kind: 'component',
        lifecycle: 'production',
        owner: 'group:default/shop',
        environment: 'production',
        workloads: 1,
        clusters: ['eu-1'],
        readyBefore: 3,
        isSingleton: false,
        isStateful: false,
        elsewhere: [],
      },
    ]);
    expect(displaced.map(({ ref, elsewhere }) => [ref, elsewhere])).toEqual([['component:default/desk', ['dev']]]);
    expect(reduced).toEqual([]);
    expect(counts).toMatchObject({ lost: 1, displaced: 1, reduced: 0, singletons: 0 });
    expect(isProtected).toBe(true);
    expect(clusters).toMatchObject([{ name: 'eu-1', title: 'Europe 1', protected: true, workloads: 2, ready: 5 }]);
  });

  test('what loses a part says how much stays, what autoscalers may add, and whether that carries it', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till'), claim('desk'), claim('watch'));
    const deployments = [runs('till', 4), runs('desk', 2)];
    fleet.put('eu-1', 'Deployment', deployments);
    fleet.put('us-1', 'Deployment', [runs('till', 2), runs('desk', 2)]);
    const scales = { namespace: 'shop', targetKind: 'Deployment', current: 2 };
    fleet.put('us-1', 'HorizontalPodAutoscaler', [
      liveObject('till', { ...scales, targetName: 'till', maximum: 5 }),
      liveObject('desk', { ...scales, targetName: 'desk', maximum: 6 }),
    ]);
    for (const cluster of ['eu-1', 'us-1']) fleet.put(cluster, 'DaemonSet', [runs('watch', 3)]);
    const { reduced, counts } = lossesOf(fleet, ['eu-1']);
    expect(
      reduced.map(({ ref, readyBefore, readyAfter, share, headroom, carries, stays }) => [
        ref.slice('component:default/'.length),
        readyBefore,
        readyAfter,
        share,
        headroom,
        carries,
        stays,
      ]),
    ).toEqual([
      ['till', 6, 2, 2 / 6, 3, 'no', ['us-1']],
      ['desk', 4, 2, 0.5, 4, 'with-scaling', ['us-1']],
      ['watch', 0, 0, undefined, 0, 'uncounted', ['us-1']],
    ]);
    expect(counts).toMatchObject({ lost: 0, reduced: 3, halved: 1 });
  });

  test('what can only go on where nothing can be read is unknown, never safe, with what was known', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till'), claim('desk'));
    fleet.put('eu-1', 'Deployment', [runs('till', 4), runs('desk', 4)]);
    fleet.put('us-1', 'Deployment', [runs('till', 4), runs('desk', 3)]);
    fleet.put('eu-2', 'Deployment', [runs('desk', 1)]);
    fleet.setState('us-1', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
    const { unknown, reduced, counts, incomplete } = lossesOf(fleet, ['eu-1']);
    expect(unknown).toMatchObject([
      { ref: 'component:default/till', carries: 'unknown', readyAfter: 0, readyUnread: 4, asOf: expect.any(String) },
    ]);
    expect(reduced).toMatchObject([
      { ref: 'component:default/desk', carries: 'unknown', readyAfter: 1, readyUnread: 3 },
    ]);
    expect(counts).toMatchObject({ unknown: 1, lost: 0 });
    expect(incomplete).toMatchObject([{ cluster: 'us-1', state: 'unreachable' }]);
  });

  test('what is scaled to nothing, suspended or over does not run; custom resources run where they have replicas', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till'), claim('nightly'), claim('import'));
    fleet.put('eu-1', 'Deployment', [runs('till', 0)]);
    fleet.put('eu-1', 'CronJob', [runs('nightly', 0, { suspended: 1 })]);
    fleet.put('eu-1', 'Job', [runs('import', 0, { active: 0, succeeded: 1 })]);
    expect(lossesOf(fleet, ['eu-1']).counts).toMatchObject({ lost: 0, unclaimed: 0 });
    fleet.put('eu-1', 'CronJob', [runs('nightly', 0)]);
    fleet.put('eu-1', 'Job', [runs('import', 0, { active: 1 })]);
    expect(lossesOf(fleet, ['eu-1']).lost.map(({ ref }) => ref)).toEqual([
      'component:default/import',
      'component:default/nightly',
    ]);
  });

  test('claims of storage, singletons, hosts that nobody else answers for, and load balancers', () => {
    const fleet = fleetOf();
    claims(fleet, claim('store'));
    const namespace = 'shop';
    fleet.put('eu-1', 'StatefulSet', [runs('store', 1)]);
    fleet.put('eu-1', 'PersistentVolumeClaim', [
      liveObject('data-store-0', { namespace, capacity: 5, phase: 'Bound', class: 'fast' }),
      liveObject('loose', { namespace, capacity: 7 }),
    ]);
    fleet.put('eu-1', 'Ingress', [liveObject('web', { namespace, hosts: 'a.example\nb.example' })]);
    fleet.put('us-1', 'HTTPRoute', [liveObject('web', { namespace, hosts: 'b.example' })]);
    fleet.put('eu-1', 'Service', [
      liveObject('door', { namespace, type: 'LoadBalancer', addresses: '192.0.2.7' }),
      liveObject('inner', { namespace, type: 'ClusterIP' }),
    ]);
    const { data, entryPoints, counts, lost } = lossesOf(fleet, ['eu-1']);
    expect(data).toEqual([
      { cluster: 'eu-1', namespace, name: 'loose', capacity: 7 },
      {
        cluster: 'eu-1',
        namespace,
        name: 'data-store-0',
        capacity: 5,
        class: 'fast',
        phase: 'Bound',
        workload: 'store',
        entity: 'component:default/store',
      },
    ]);
    expect(entryPoints.map(({ kind, name, hosts, addresses }) => [kind, name, hosts, addresses])).toEqual([
      ['Ingress', 'web', ['a.example'], []],
      ['Service', 'door', [], ['192.0.2.7']],
    ]);
    expect(lost[0]).toMatchObject({ isSingleton: true, isStateful: true });
    expect(counts).toMatchObject({ claims: 2, claimBytes: 12, stateful: 1, hosts: 1, loadBalancers: 1, singletons: 1 });
  });

  test('workloads of no entity, and those of entities that one may not see, are told of by themselves', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till', { owner: 'group:default/shop' }));
    fleet.put('eu-1', 'Deployment', [runs('till', 2), runs('stray', 1), runs('twin', 1)]);
    fleet.put('us-1', 'Deployment', [runs('twin', 1)]);
    const { lost, unclaimed, counts } = lossesOf(fleet, ['eu-1']);
    expect(lost).toHaveLength(1);
    expect(unclaimed.map(({ name, stays }) => [name, stays])).toEqual([
      ['stray', []],
      ['twin', ['us-1']],
    ]);
    expect(counts.unclaimed).toBe(1);
    expect(answer<readonly string[]>(fleet, { view: 'refs', clusters: ['eu-1'] })).toEqual([
      'component:default/till',
      'group:default/shop',
    ]);
    const hidden = ['component:default/till'];
    const told = answer<Evacuation>(fleet, { clusters: ['eu-1'], hidden });
    expect(told.lost).toEqual([]);
    expect(told.unclaimed.map(({ name }) => name)).toContain('till');
    expect(answer<Evacuation>(fleet, { clusters: ['eu-1'], hidden: ['group:default/shop'] }).lost[0]?.owner).toBe(
      undefined,
    );
  });

  test('clusters are chosen by labels too, and only what the scope sees counts', () => {
    const fleet = fleetOf();
    claims(fleet, claim('till'));
    for (const cluster of ['eu-1', 'eu-2', 'us-1']) fleet.put(cluster, 'Deployment', [runs('till', 2)]);
    const inEurope = answer<Evacuation>(fleet, { clusterSelector: 'region=eu' });
    expect(inEurope.clusters.map(({ name, isOwn }) => [name, isOwn])).toEqual([
      ['dev-1', true],
      ['eu-1', false],
      ['eu-2', false],
    ]);
    expect(inEurope.reduced).toMatchObject([{ readyBefore: 6, readyAfter: 2 }]);
    const narrow = lossesOf(fleet, ['eu-1', 'eu-2'], { 'eu-1': ['shop'], 'eu-2': ['other'] });
    expect(narrow.lost).toMatchObject([{ ref: 'component:default/till', readyBefore: 2, clusters: ['eu-1'] }]);
    expect(narrow.clusters.map(({ name }) => name)).toEqual(['eu-1', 'eu-2']);
    expect(() => answer(fleet, { clusterSelector: '=' })).toThrow('cannot be answered');
    expect(() => lossesOf(fleet, ['eu-1', 'us-1'], { 'eu-1': true })).toThrow('There is no cluster us-1');
  });
});

test('what one cluster or one region carries alone: lifecycle production first, a cluster before a region', () => {
  const fleet = fleetOf();
  claims(fleet, claim('till', { lifecycle: 'production' }), claim('desk'), claim('wide'), claim('near'));
  fleet.put('eu-1', 'Deployment', [runs('till', 1), runs('wide', 2), runs('near', 2)]);
  fleet.put('eu-2', 'Deployment', [runs('near', 2)]);
  fleet.put('us-1', 'Deployment', [runs('wide', 2), runs('desk', 3)]);
  fleet.put('dev-1', 'Deployment', [runs('till', 1)]);
  const { items, counts } = answer<SingleEntities>(fleet, { view: 'single' });
  expect(items.map(({ ref, only, region, clusters, elsewhere }) => [ref, only, region, clusters, elsewhere])).toEqual([
    ['component:default/till', 'cluster', 'eu', ['eu-1'], ['dev']],
    ['component:default/desk', 'cluster', 'us', ['us-1'], []],
    ['component:default/near', 'region', 'eu', ['eu-1', 'eu-2'], []],
  ]);
  expect(items[0]?.isProtected).toBe(true);
  expect(counts).toEqual({ cluster: 2, region: 1, running: 4 });
});
