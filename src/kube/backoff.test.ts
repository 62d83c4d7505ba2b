import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Backoff } from './backoff.ts';

class SteadyClock extends ManualClock {
  override readonly random = (): number => 0.5;
}

test('waits twice as long each time, up to a cap', () => {
  const backoff = new Backoff(new SteadyClock());
  expect(backoff.isCalm).toBe(true);
  expect(Array.from({ length: 8 }, () => backoff.failed())).toEqual([
    1_200, 2_400, 4_800, 9_600, 19_200, 22_500, 22_500, 22_500,
  ]);
  expect(backoff.isCalm).toBe(false);
});

test('forgets failures after half a minute without one', () => {
  const clock = new SteadyClock();
  const backoff = new Backoff(clock);
  backoff.failed();
  backoff.failed();
  backoff.works();
  clock.advance(29_000);
  expect(backoff.failed()).toBe(4_800);
  clock.advance(600_000);
  expect(backoff.isCalm).toBe(false);
  backoff.works();
  backoff.works();
  clock.advance(30_000);
  expect(backoff.isCalm).toBe(true);
  expect(clock.timers).toBe(0);
});

test('forgets at once when told to', () => {
  const backoff = new Backoff(new SteadyClock(), 100, 1_000);
  backoff.failed();
  backoff.reset();
  expect(backoff.failed()).toBe(150);
});
