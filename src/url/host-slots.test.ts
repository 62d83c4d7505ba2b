import { describe, expect, test } from 'vitest';
import { HostSlots } from './host-slots.ts';

const signal = new AbortController().signal;

/** True where a place is to be had at once. */
async function isFree(slots: HostSlots, host: string): Promise<boolean> {
  const stop = new AbortController();
  const taken = slots.take(host, stop.signal);
  const first = await Promise.race([
    taken,
    new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
  ]);
  stop.abort(new Error('enough'));
  if (first === undefined) await expect(taken).rejects.toThrow('enough');
  first?.release();
  return first !== undefined;
}

describe('places by host', () => {
  test('one host takes no more than its share', async () => {
    const slots = new HostSlots(3, 2);
    const held = [await slots.take('a', signal), await slots.take('a', signal)];
    expect(await isFree(slots, 'a')).toBe(false);
    expect(await isFree(slots, 'b')).toBe(true);
    held[0]?.release();
    expect(await isFree(slots, 'a')).toBe(true);
  });

  test('all hosts together take no more than there are', async () => {
    const slots = new HostSlots(2, 2);
    const a = await slots.take('a', signal);
    const b = await slots.take('b', signal);
    expect(await isFree(slots, 'c')).toBe(false);
    expect(await isFree(slots, 'a')).toBe(false);
    a.release();
    expect(await isFree(slots, 'c')).toBe(true);
    b.release();
    expect(await isFree(slots, 'a')).toBe(true);
  });

  test('who gives up leaves no place taken', async () => {
    const slots = new HostSlots(1, 1);
    await expect(slots.take('a', AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    const { release } = await slots.take('a', signal);
    expect(await isFree(slots, 'b')).toBe(false);
    release();
    expect(await isFree(slots, 'b')).toBe(true);
    expect(await isFree(slots, 'a')).toBe(true);
  });
});
