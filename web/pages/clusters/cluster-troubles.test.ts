import { expect, test } from 'vitest';
import type { FleetEvent } from '../../../src/api/fleet.ts';
import type { Finding } from '../../../src/api/findings.ts';
import { groupEvents, joinInCluster } from './cluster-troubles.ts';

function finding(name: string, parts: Partial<Finding> = {}): Finding {
  return {
    rule: 'crash-loop',
    severity: 'critical',
    cluster: 'eu-1',
    kind: 'Deployment',
    namespace: 'shop',
    name,
    reason: 'CrashLoopBackOff',
    message: `${name} ends again and again`,
    evidence: {},
    fix: 'Read its log.',
    ...parts,
  };
}

test('findings of one rule, reason and severity are one trouble, in the order in which they are told', () => {
  const items = [
    finding('till'),
    finding('desk', { rule: 'image-pull', reason: 'ErrImagePull' }),
    finding('lamp'),
    finding('door', { reason: 'OOMKilled' }),
    finding('bell', { severity: 'warning' }),
  ];
  const troubles = joinInCluster(items);
  expect(troubles.map(({ places }) => places.map(({ name }) => name))).toEqual([
    ['till', 'lamp'],
    ['desk'],
    ['door'],
    ['bell'],
  ]);
  expect(new Set(troubles.map(({ key }) => key)).size).toBe(troubles.length);
  expect(joinInCluster([])).toEqual([]);
});

test('the one that has been wrong the longest stands for them; one without a time never does where another has one', () => {
  const items = [
    finding('timeless'),
    finding('new', { since: '2026-11-22T09:00:00.000Z' }),
    finding('old', { since: '2026-11-22T08:00:00.000Z' }),
  ];
  const [trouble] = joinInCluster(items);
  expect(trouble?.finding.name).toBe('old');
  expect(trouble?.places.map(({ name }) => name)).toEqual(['timeless', 'new', 'old']);
});

test('words of a rule and a reason never run together', () => {
  expect(
    joinInCluster([finding('a', { rule: 'x', reason: 'y-z' }), finding('b', { rule: 'x-y', reason: 'z' })]),
  ).toHaveLength(2);
});

test('events are grouped by reason, what was told of last first, and counted over all objects', () => {
  const event = (reason: string, count: number, name: string): FleetEvent => ({
    cluster: 'eu-1',
    namespace: 'shop',
    reason,
    message: reason,
    count,
    firstAt: '2026-11-22T08:00:00.000Z',
    lastAt: '2026-11-22T09:00:00.000Z',
    object: { kind: 'Pod', name },
  });
  const events = [event('BackOff', 7, 'till-1'), event('Unhealthy', 2, 'desk-1'), event('BackOff', 5, 'till-2')];
  expect(groupEvents(events)).toEqual([
    { reason: 'BackOff', count: 12, events: [events[0], events[2]] },
    { reason: 'Unhealthy', count: 2, events: [events[1]] },
  ]);
});
