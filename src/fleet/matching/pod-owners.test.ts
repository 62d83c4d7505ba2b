import { expect, test } from 'vitest';
import { liveObject, memoryFleet } from '../../../test/support/memory-fleet.ts';
import type { LogPodsAnswer } from '../../live/log-pods.ts';

const NAMESPACES = ['shop', 'bank'];
const DEPLOYMENTS = 90;

/** Numbers that look random and are the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const fleet = memoryFleet(() => Date.UTC(2026, 2, 1));
const podsOf = (namespace: string, name: string): readonly string[] => {
  const bytes = fleet.store.logPods({ namespace, workload: { kind: 'Deployment', name } }, 'all');
  const { pods } = JSON.parse(Buffer.from(bytes).toString()) as LogPodsAnswer;
  return pods.map(({ pod }) => pod).sort();
};

test('pods are their workloads’ by way of what stands between, as pods and owners come, change and go', () => {
  const random = seeded(7);
  fleet.putCluster('east');
  fleet.watchAll('east');
  const nameOf = (number: number): string => `web-${number}`;
  for (const namespace of NAMESPACES) {
    const numbers = Array.from({ length: DEPLOYMENTS }, (_, number) => number);
    fleet.put(
      'east',
      'Deployment',
      numbers.map((number) => liveObject(nameOf(number), { namespace })),
    );
    fleet.put(
      'east',
      'ReplicaSet',
      numbers.map((number) =>
        liveObject(`${nameOf(number)}-7c9`, { namespace, ownerKind: 'Deployment', ownerName: nameOf(number) }),
      ),
    );
  }
  const held = new Map<string, string>();
  for (let round = 0; round < 6; round += 1) {
    for (let count = 0; count < 150; count += 1) {
      const namespace = NAMESPACES[Math.floor(random() * 2)] ?? '';
      const owner = nameOf(Math.floor(random() * DEPLOYMENTS));
      const name = `pod-${Math.floor(random() * 400)}`;
      if (random() < 0.3) {
        fleet.remove('east', 'Pod', liveObject(name, { namespace }));
        held.delete(`${namespace}/${name}`);
        continue;
      }
      const isOwned = random() < 0.9;
      const cells = isOwned ? { ownerKind: 'ReplicaSet', ownerName: `${owner}-7c9` } : {};
      fleet.put('east', 'Pod', [liveObject(name, { namespace, ...cells })]);
      if (isOwned) held.set(`${namespace}/${name}`, owner);
      else held.delete(`${namespace}/${name}`);
    }
    for (const namespace of NAMESPACES) {
      for (let number = 0; number < DEPLOYMENTS; number += 1) {
        const wanted = [...held].filter(([key, owner]) => key.startsWith(`${namespace}/`) && owner === nameOf(number));
        expect(podsOf(namespace, nameOf(number))).toEqual(
          wanted.map(([key]) => key.slice(namespace.length + 1)).sort(),
        );
      }
    }
  }
  fleet.remove('east', 'ReplicaSet', liveObject('web-0-7c9', { namespace: 'shop' }));
  expect(podsOf('shop', 'web-0')).toEqual([]);
});
