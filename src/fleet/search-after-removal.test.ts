import { expect, test } from 'vitest';
import { liveObject, memoryFleet } from '../../test/support/memory-fleet.ts';

test.each([
  ['an image', 'Deployment', { images: 'registry/old:1' }],
  ['an owner', 'Pod', { ownerKind: 'ReplicaSet', ownerName: 'desk-old' }],
])('a search looks over what is gone, and %s that only it named', (_, kind, cells) => {
  const fleet = memoryFleet(() => Date.UTC(2026, 2, 1));
  fleet.putCluster('east');
  fleet.watchAll('east');
  const gone = { ...liveObject('desk-old-x1', { namespace: 'shop' }), ...cells };
  const others = ['till-a', 'till-b', 'till-c'].map((name) => ({
    ...liveObject(`${name}-x1`, { namespace: 'shop' }),
    ownerKind: 'ReplicaSet',
    ownerName: name,
  }));
  fleet.put('east', kind, [gone, ...others]);
  fleet.remove('east', kind, gone);
  for (let tick = 0; tick < 100; tick += 1) fleet.store.tick();
  const bytes = fleet.store.search({ text: 'till', limit: 10 }, 'all');
  expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({ total: 3 });
});
