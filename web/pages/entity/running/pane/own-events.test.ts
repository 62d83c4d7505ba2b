import { expect, test } from 'vitest';
import { isOwnEvent } from './own-events.ts';

test('events are of a workload, of what it made, and of nobody else', () => {
  const isOwn = (kind: string, name: string): boolean =>
    isOwnEvent({ object: { kind, name } }, { name: 'desk' }, new Set(['odd-pod']));
  expect(isOwn('Deployment', 'desk')).toBe(true);
  expect(isOwn('HorizontalPodAutoscaler', 'desk')).toBe(true);
  expect(isOwn('ReplicaSet', 'desk-7f9b5c')).toBe(true);
  expect(isOwn('Pod', 'desk-7f9b5c-x2v9k')).toBe(true);
  expect(isOwn('Pod', 'desk-0')).toBe(true);
  expect(isOwn('Pod', 'odd-pod')).toBe(true);
  expect(isOwn('Pod', 'desk-api-7f9b5c-x2v9k')).toBe(false);
  expect(isOwn('Deployment', 'desk-api')).toBe(false);
  expect(isOwn('Pod', 'till-1')).toBe(false);
});
