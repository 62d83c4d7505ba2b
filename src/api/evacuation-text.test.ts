import { expect, test } from 'vitest';
import { carryingText, evacuationSentence } from './evacuation-text.ts';

const counts = {
  lost: 0,
  displaced: 0,
  unknown: 0,
  halved: 0,
  reduced: 0,
  unclaimed: 0,
  singletons: 0,
  claims: 0,
  claimBytes: 0,
  stateful: 0,
  hosts: 0,
  loadBalancers: 0,
};
const cluster = {
  name: 'eu-3',
  labels: {},
  protected: false,
  isOwn: false,
  state: 'ok',
  workloads: 0,
  ready: 0,
} as const;

test('one sentence names the clusters and what is lost, the worst first', () => {
  expect(evacuationSentence({ clusters: [cluster], counts })).toBe(
    'If eu-3 vanished now: nothing that is known of would be lost.',
  );
  const lost = {
    ...counts,
    lost: 1,
    displaced: 2,
    halved: 12,
    unknown: 3,
    unclaimed: 2,
    claims: 4,
    claimBytes: 2 ** 41,
  };
  expect(evacuationSentence({ clusters: [cluster, cluster], counts: lost }, 'region eu')).toBe(
    'If region eu vanished now: 1 entity lost, 2 left in other environments only, 12 with less than half of their replicas, ' +
      '3 that nobody can tell of, 2 unclaimed workloads lost, 2 TiB of claims.',
  );
  expect(evacuationSentence({ clusters: [cluster, cluster], counts })).toContain('If 2 clusters vanished');
});

test.each([
  ['yes', 4, 4, 0, 0, 'nothing that was ready is lost'],
  ['with-scaling', 6, 2, 0, 5, 'autoscalers may add 5, 4 are lost'],
  ['no', 6, 2, 0, 3, 'autoscalers may add 3 of 4 lost'],
  ['no', 6, 2, 0, 0, 'nothing adds the 4 lost'],
  ['unknown', 6, 0, 3, 0, '3 more where nothing can be read'],
  ['uncounted', 0, 0, 0, 0, 'no replicas to count'],
] as const)('whether it is carried: %s', (carries, readyBefore, readyAfter, readyUnread, headroom, text) => {
  expect(carryingText({ carries, readyBefore, readyAfter, readyUnread, headroom })).toBe(text);
});
