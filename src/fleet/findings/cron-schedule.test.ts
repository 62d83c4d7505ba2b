import { expect, test } from 'vitest';
import { DueTimes, lastDue } from './cron-schedule.ts';

/** A Sunday. */
const NOON = Date.UTC(2026, 2, 1, 12, 7);

test.each([
  ['* * * * *', '2026-03-01T12:07'],
  ['*/15 * * * *', '2026-03-01T12:00'],
  ['30 * * * *', '2026-03-01T11:30'],
  ['5,35 3-4 * * *', '2026-03-01T04:35'],
  ['0 13 * * *', '2026-02-28T13:00'],
  ['0 3 * * 1-5', '2026-02-27T03:00'],
  ['0 3 * * MON', '2026-02-23T03:00'],
  ['0 3 * * 7', '2026-03-01T03:00'],
  ['0 3 13 * 5', '2026-02-27T03:00'],
  ['0 0 1 jan *', '2026-01-01T00:00'],
  ['0 2/6 * * *', '2026-03-01T08:00'],
  ['@daily', '2026-03-01T00:00'],
  ['@hourly', '2026-03-01T12:00'],
  ['0 9 * * * Europe/Stockholm', '2026-03-01T08:00'],
  ['0 9 * * * America/New_York', '2026-02-28T14:00'],
  ['0 9 * * * Asia/Kolkata', '2026-03-01T03:30'],
])('%s was last due at %s', (schedule, expected) => {
  expect(new Date(lastDue(schedule, NOON) ?? 0).toISOString().slice(0, 16)).toBe(expected);
});

test.each([
  '',
  '@every 5m',
  '61 * * * *',
  '* * * *',
  '0 0 31 2 *',
  'a b c d e',
  '*/0 * * * *',
  '0 9 * * * Nowhere/City',
])('%j is never due, or cannot be read', (schedule) => {
  expect(lastDue(schedule, NOON)).toBeUndefined();
});

test('what is remembered of a minute is not said of another', () => {
  const times = new DueTimes();
  const dueAt = (now: number): string => new Date(times.of('*/5 * * * *', now) ?? 0).toISOString().slice(11, 16);
  expect(dueAt(NOON)).toBe('12:05');
  expect(dueAt(NOON + 59_000)).toBe('12:05');
  expect(dueAt(NOON + 180_000)).toBe('12:10');
  expect(dueAt(NOON)).toBe('12:05');
  expect(times.of('no schedule', NOON)).toBeUndefined();
});
