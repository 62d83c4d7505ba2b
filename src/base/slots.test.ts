import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

test('lets as many work as there are places, the others in their order', async () => {
  const slots = new Slots(2);
  const order: string[] = [];
  const first = await slots.take(never);
  const second = await slots.take(never);
  const third = slots.take(never).then((slot) => (order.push('third'), slot));
  const fourth = slots.take(never).then((slot) => (order.push('fourth'), slot));
  second.release();
  second.release();
  (await third).release();
  (await fourth).release();
  first.release();
  expect(order).toEqual(['third', 'fourth']);
});

test('whoever is aborted while waiting leaves the queue', async () => {
  const slots = new Slots(1);
  const held = await slots.take(never);
  const abort = new AbortController();
  const gone = slots.take(abort.signal);
  const next = slots.take(never);
  abort.abort(new Error('no longer wanted'));
  await expect(gone).rejects.toThrow('no longer wanted');
  held.release();
  await expect(next).resolves.toBeDefined();
  await expect(slots.take(abort.signal)).rejects.toThrow('no longer wanted');
});
