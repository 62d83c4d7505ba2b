import { expect, test } from 'vitest';
import { LogSeats, MOST_OF_CLUSTER, MOST_OF_READER, type ReaderSeats } from './log-seats.ts';

/** Takes seats as long as there are any. @returns how to leave each, and why there was none more */
function takeAll(reader: ReaderSeats, cluster: string): { readonly leave: (() => void)[]; readonly refusal: string } {
  const leave: (() => void)[] = [];
  for (;;) {
    const seat = reader.take(cluster);
    if (typeof seat === 'string') return { leave, refusal: seat };
    leave.push(seat);
  }
}

test('one reader does not take all of a cluster, and all together no more than there are', () => {
  const seats = new LogSeats();
  const first = takeAll(seats.forReader(), 'a');
  expect([first.leave.length, first.refusal]).toEqual([MOST_OF_READER, 'reader']);
  const second = takeAll(seats.forReader(), 'a');
  expect([second.leave.length, second.refusal]).toEqual([MOST_OF_CLUSTER - MOST_OF_READER, 'cluster']);
  expect(seats.free('a')).toBe(0);
  expect(seats.free('b')).toBe(MOST_OF_CLUSTER);
});

test('a seat that is left is another’s, and is left once', () => {
  const seats = new LogSeats();
  const reader = seats.forReader();
  const { leave } = takeAll(reader, 'a');
  leave[0]?.();
  leave[0]?.();
  expect(seats.free('a')).toBe(MOST_OF_CLUSTER - MOST_OF_READER + 1);
  expect(reader.take('a')).toBeTypeOf('function');
  expect(reader.take('a')).toBe('reader');
  expect(reader.take('b')).toBeTypeOf('function');
});
