import { expect, test } from 'vitest';
import { liveObject, memoryFleet } from '../../../test/support/memory-fleet.ts';
import type { JsonValue } from '../../model/json.ts';

const ILL_SINCE = Date.UTC(2026, 2, 1, 11) / 1000;

/** Facts of what runs as `till` in three clusters, by path; those with an error as `unknown`. */
function factsOf(health: Readonly<Record<string, string>>, unread?: string): Readonly<Record<string, JsonValue>> {
  const now = Date.UTC(2026, 2, 1, 12);
  const fleet = memoryFleet(() => now);
  for (const [cluster, status] of Object.entries(health)) {
    fleet.putCluster(cluster);
    fleet.watchAll(cluster);
    const conditions = [{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', since: ILL_SINCE }];
    const ill = { ready: 0, healthReason: 'MinimumReplicasUnavailable', conditions: JSON.stringify(conditions) };
    const cells = {
      namespace: 'shop',
      labels: 'backstage.io/kubernetes-id=till',
      desired: 2,
      ready: 2,
      images: 'till:1',
    };
    fleet.put(cluster, 'Deployment', [
      liveObject('till', { ...cells, ...(status !== 'Healthy' && ill), health: status }),
    ]);
  }
  if (unread !== undefined)
    fleet.setState(unread, { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
  const put = [{ ref: 'component:default/till', id: 'till', kind: 'Component' }];
  fleet.store.changeClaims({ isWhole: true, put, dropped: [] });
  const { facts } = fleet.store;
  facts.restart();
  if (!facts.begin()) throw new Error('No round is due');
  const [told] = facts.step(() => false);
  return Object.fromEntries(
    told?.facts.map(({ path, value, error }) => [path, error === undefined ? (value ?? null) : 'unknown']) ?? [],
  );
}

test('what is degraded says since when, why, and in which clusters', () => {
  expect(factsOf({ east: 'Degraded', north: 'Degraded', west: 'Healthy' })).toMatchObject({
    health: 'Degraded',
    healthReason: 'MinimumReplicasUnavailable',
    healthSince: new Date(ILL_SINCE * 1000).toISOString(),
    degradedClusters: ['east', 'north'],
  });
});

test('what is well has neither a reason, nor a time, nor clusters', () => {
  const facts = factsOf({ east: 'Healthy', north: 'Healthy', west: 'Healthy' });
  expect(facts['health']).toBe('Healthy');
  expect(facts).not.toHaveProperty('healthReason');
  expect(facts).not.toHaveProperty('healthSince');
  expect(facts).not.toHaveProperty('degradedClusters');
});

test('where a cluster cannot be read, what is degraded elsewhere is so, and nothing is said to be well', () => {
  expect(factsOf({ east: 'Degraded', north: 'Healthy', west: 'Healthy' }, 'west')).toMatchObject({
    health: 'Degraded',
    degradedClusters: 'unknown',
    unreadClusters: ['west'],
  });
  expect(factsOf({ east: 'Healthy', north: 'Healthy', west: 'Healthy' }, 'west')).toMatchObject({
    health: 'unknown',
    degradedClusters: 'unknown',
    unreadClusters: ['west'],
  });
});
