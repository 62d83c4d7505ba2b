import fc from 'fast-check';
import { expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../test/support/memory-fleet.ts';
import type { ClusterWithKinds } from '../api/fleet.ts';
import type { LiveScope } from '../live/live-reader.ts';

const shown = (fleet: MemoryFleet, scope: LiveScope = 'all', hasKinds = false): ClusterWithKinds => {
  const answer = JSON.parse(Buffer.from(fleet.store.clusters(scope, hasKinds)).toString()) as {
    readonly items: readonly [ClusterWithKinds];
  };
  return answer.items[0];
};

function fleetOf(): MemoryFleet {
  const fleet = memoryFleet();
  fleet.putCluster('eu-1');
  fleet.watchAll('eu-1');
  const namespace = 'shop';
  fleet.put('eu-1', 'Deployment', [
    liveObject('till', { namespace, health: 'Healthy' }),
    liveObject('desk', { namespace, health: 'Degraded' }),
    liveObject('safe', { namespace: 'bank', health: 'Degraded' }),
  ]);
  fleet.put('eu-1', 'Job', [
    liveObject('nightly-1', { namespace, health: 'Degraded', ownerKind: 'CronJob', ownerName: 'nightly' }),
  ]);
  fleet.put('eu-1', 'Node', [liveObject('node-1', { ready: 1 }), liveObject('node-2', { ready: 0 })]);
  fleet.put('eu-1', 'Pod', [
    liveObject('a', { namespace, phase: 'Running', health: 'Degraded' }),
    liveObject('b', { namespace, phase: 'Pending', health: 'Progressing' }),
  ]);
  return fleet;
}

test('counts workloads by health, nodes that are ready, pods that wait and that fail, anew when they change', () => {
  const fleet = fleetOf();
  expect(shown(fleet)).toMatchObject({
    health: { Healthy: 1, Degraded: 2 },
    nodes: { ready: 1, total: 2 },
    pods: 2,
    podsPending: 1,
    podsFailing: 1,
    behind: [],
  });
  fleet.put('eu-1', 'Deployment', [liveObject('desk', { namespace: 'shop', health: 'Healthy' })]);
  fleet.put('eu-1', 'Node', [liveObject('node-2', { ready: 1 })]);
  expect(shown(fleet)).toMatchObject({ health: { Healthy: 2, Degraded: 1 }, nodes: { ready: 2, total: 2 } });
});

test('of a part of a cluster only that is counted', () => {
  const cluster = shown(fleetOf(), { 'eu-1': ['bank'] });
  expect(cluster).toMatchObject({ health: { Degraded: 1 }, nodes: { ready: 0, total: 0 }, pods: 0, podsFailing: 0 });
  expect(cluster.health.Healthy).toBe(undefined);
});

test('what cannot be read as of now is unknown; kinds that lack are named, all kinds where they are asked for', () => {
  const fleet = fleetOf();
  fleet.setState('eu-1', { state: 'denied', reason: { code: 'Forbidden', message: 'no' } }, ['Deployment']);
  fleet.setState('eu-1', { state: 'absent' }, ['HTTPRoute']);
  const cluster = shown(fleet);
  expect(cluster.health).toEqual({ Unknown: 3 });
  expect(cluster.behind).toEqual([
    { kind: 'Deployment', state: 'denied', reason: { code: 'Forbidden', message: 'no' } },
  ]);
  expect(cluster.kinds).toBe(undefined);
  expect(shown(fleet, 'all', true).kinds.find(({ kind }) => kind === 'HTTPRoute')).toMatchObject({ state: 'absent' });
});

test('what is counted step by step is what is counted anew', () => {
  const pod = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom('shop', 'bank'),
    phase: fc.constantFrom('Running', 'Pending'),
    health: fc.constantFrom('Healthy', 'Degraded', undefined),
  });
  const step = fc.oneof(
    fc.record({ type: fc.constant('put' as const), pods: fc.array(pod, { maxLength: 300 }) }),
    fc.record({ type: fc.constant('remove' as const), pods: fc.array(pod, { maxLength: 3 }) }),
    fc.record({ type: fc.constant('list' as const), pods: fc.uniqueArray(pod, { selector: ({ name }) => name }) }),
  );
  const everywhere = { 'eu-1': ['shop', 'bank'] };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const fleet = memoryFleet();
      fleet.putCluster('eu-1');
      for (const { type, pods } of steps) {
        const objects = pods.map(({ name, ...cells }) => liveObject(name, cells));
        if (type === 'list') fleet.list('eu-1', 'Pod', objects);
        else if (type === 'put') fleet.put('eu-1', 'Pod', objects);
        else for (const object of objects) fleet.remove('eu-1', 'Pod', object);
        expect(shown(fleet)).toEqual(shown(fleet, everywhere));
      }
    }),
    { numRuns: 60 },
  );
});
