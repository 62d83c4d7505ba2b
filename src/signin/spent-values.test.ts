import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { SpentValues } from './spent-values.ts';

test('a value is used once, and forgotten when nobody could use it any more', () => {
  const clock = new ManualClock(1000);
  const spent = new SpentValues(clock);
  expect(spent.spend('a', 2000)).toBe(true);
  expect(spent.spend('a', 2000)).toBe(false);
  clock.advance(1001);
  expect(spent.spend('b', 9000)).toBe(true);
  expect(spent.spend('a', 9000)).toBe(true);
});

test('it remembers so many and no more: the oldest goes', () => {
  const spent = new SpentValues(new ManualClock(0), 2);
  for (const value of ['a', 'b', 'c']) expect(spent.spend(value, 10)).toBe(true);
  expect(spent.spend('c', 10)).toBe(false);
  expect(spent.spend('a', 10)).toBe(true);
});
