import { expect, test } from 'vitest';
import { SharedLock } from './shared-lock.ts';

const never = new AbortController().signal;

/** Notes when each of some waits ends. */
function recorder(): { readonly order: string[]; note<T>(name: string, wait: Promise<T>): Promise<T> } {
  const order: string[] = [];
  return { order, note: (name, wait) => wait.then((value) => (order.push(name), value)) };
}

test('many hold it together; who wants to be alone waits for them, and later comers for that one', async () => {
  const lock = new SharedLock();
  const { order, note } = recorder();
  const first = await lock.together(never);
  const second = await lock.together(never);
  const alone = note('alone', lock.alone(never));
  const late = note('late', lock.together(never));
  first.release();
  first.release();
  await Promise.resolve();
  expect(order).toEqual([]);
  second.release();
  const held = await alone;
  expect(order).toEqual(['alone']);
  held.release();
  (await late).release();
  expect(order).toEqual(['alone', 'late']);
});

test('a hold of one’s own becomes a shared one before the next is alone', async () => {
  const lock = new SharedLock();
  const { order, note } = recorder();
  const held = await lock.alone(never);
  const friend = note('friend', lock.together(never));
  const alone = note('alone', lock.alone(never));
  held.share();
  held.share();
  (await friend).release();
  await Promise.resolve();
  expect(order).toEqual(['friend']);
  held.release();
  await alone;
  expect(order).toEqual(['friend', 'alone']);
});

test('whoever is aborted while waiting holds up nobody', async () => {
  const lock = new SharedLock();
  const held = await lock.together(never);
  const abort = new AbortController();
  const alone = lock.alone(abort.signal);
  const friend = lock.together(never);
  abort.abort(new Error('no longer wanted'));
  await expect(alone).rejects.toThrow('no longer wanted');
  await expect(friend).resolves.toBeDefined();
  await expect(lock.alone(abort.signal)).rejects.toThrow('no longer wanted');
  held.release();
});
