import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('sleep ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error('curtain'));
  await expect(sleeping).rejects.toThrow('curtain');
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});

test('a cancelled timer does not fire', async () => {
  let fired = false;
  systemClock.after(1, () => (fired = true)).cancel();
  await systemClock.sleep(15);
  expect(fired).toBe(false);
});
