import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import { LostRace } from './driver.ts';
import { retryLostRaces } from './lost-race.ts';

function recordingClock(delays: number[]): Clock {
  return { ...systemClock, random: () => 1, sleep: async (delayMs) => void delays.push(delayMs) };
}

test('a transaction that loses races runs again after growing delays', async () => {
  const delays: number[] = [];
  let runs = 0;
  const result = await retryLostRaces(recordingClock(delays), async () => {
    runs += 1;
    if (runs < 5) throw new LostRace();
    return 'done';
  });
  expect(result).toBe('done');
  expect(delays).toEqual([2, 4, 8, 16]);
});

test('another fault is not tried again', async () => {
  let runs = 0;
  const failing = retryLostRaces(recordingClock([]), async () => {
    runs += 1;
    throw new Error('disk');
  });
  await expect(failing).rejects.toThrow('disk');
  expect(runs).toBe(1);
});

test('a transaction that never wins is given up', async () => {
  const delays: number[] = [];
  const losing = retryLostRaces(recordingClock(delays), () => Promise.reject(new LostRace()));
  await expect(losing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(delays).toHaveLength(19);
  expect(Math.max(...delays)).toBe(250);
});
