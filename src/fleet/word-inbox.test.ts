import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WordInbox } from './word-inbox.ts';

/** A clock on which every look takes a millisecond. */
function slowClock(): { monotonic(): number } {
  let now = 0;
  return { monotonic: () => (now += 1) };
}

test('takes words in their order, in turns between which others have theirs', async () => {
  const taken: number[] = [];
  const inbox = new WordInbox<number>((word) => taken.push(word), 4, slowClock());
  for (let word = 0; word < 10; word += 1) inbox.push(word);
  expect(taken).toEqual([]);
  await nextTurn();
  expect(taken.length).toBeGreaterThan(1);
  expect(taken.length).toBeLessThan(10);
  for (let word = 10; word < 20; word += 1) inbox.push(word);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(taken).toEqual(Array.from({ length: 20 }, (_, word) => word));
});

test('takes nothing in when it is closed', async () => {
  const taken: number[] = [];
  const inbox = new WordInbox<number>((word) => taken.push(word), 4, slowClock());
  for (let word = 0; word < 10; word += 1) inbox.push(word);
  await nextTurn();
  const before = taken.length;
  inbox.close();
  await nextTurn();
  expect(taken).toHaveLength(before);
});
