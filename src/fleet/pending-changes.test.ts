import { expect, test } from 'vitest';
import type { LiveChange, LiveTold } from '../live/live-reader.ts';
import { PendingChanges } from './pending-changes.ts';

const position = (sequence: number) => ({ epoch: 'e', sequence });
const put = (name: string, parts: Partial<LiveChange> = {}): LiveChange => ({
  type: 'put',
  cluster: 'a',
  kind: 'Pod',
  namespace: 'x',
  name,
  ...parts,
});

function told(sequence: number, objects: readonly LiveChange[], clusters: readonly string[] = []): LiveTold {
  return { type: 'changes', position: position(sequence), objects, clusters };
}

test('what waits becomes one: the last change of each object, each cluster once, the last position', () => {
  const pending = new PendingChanges();
  expect(pending.take()).toBeUndefined();
  pending.add(told(1, [put('one'), put('two')], ['a']));
  pending.add(told(2, [put('one', { type: 'delete' }), put('one', { kind: 'Job' })], ['b', 'a']));
  expect(pending.take()).toEqual(
    told(2, [put('one', { type: 'delete' }), put('two'), put('one', { kind: 'Job' })], ['a', 'b']),
  );
  expect(pending.take()).toBeUndefined();
});

test('too many objects become one relist, as does a relist before; what comes after it is in it', () => {
  const pending = new PendingChanges();
  for (let round = 0; round < 6; round += 1) {
    pending.add(
      told(
        round,
        Array.from({ length: 1000 }, (_, at) => put(`${round} ${at}`)),
      ),
    );
  }
  pending.add(told(9, [put('late')]));
  expect(pending.take()).toEqual({ type: 'relist', position: position(9), reason: 'slow' });
  pending.add({ type: 'relist', position: position(10), reason: 'expired' });
  pending.add(told(11, [put('later')]));
  expect(pending.take()).toEqual({ type: 'relist', position: position(11), reason: 'expired' });
  pending.add(told(12, [put('last')]));
  expect(pending.take()).toEqual(told(12, [put('last')]));
});

test('wakes whoever waits, also where nothing was added, and once for what came meanwhile', async () => {
  const pending = new PendingChanges();
  pending.add(told(1, [put('one')]));
  pending.wake();
  await pending.woken();
  let isWoken = false;
  const waiting = pending.woken().then(() => (isWoken = true));
  pending.add(told(2, []));
  await Promise.resolve();
  expect(isWoken).toBe(false);
  pending.wake();
  await waiting;
  expect(pending.take()).toMatchObject({ position: position(2), objects: [{ name: 'one' }] });
});
