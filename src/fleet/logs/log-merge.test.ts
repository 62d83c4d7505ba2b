import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogEntry, LogMerge } from './log-merge.ts';

const entry = (moment: number, text = ''): LogEntry => ({
  at: String(moment),
  moment,
  text,
  cut: 0,
  marks: undefined,
  gap: 0,
});
const texts = (taken: readonly (readonly [string, LogEntry])[]): readonly string[] =>
  taken.map(([source, { moment, gap }]) => `${source}${moment}${gap > 0 ? ` gap ${gap}` : ''}`);

test('lines of several logs stand in order of time once each has been heard of', () => {
  const merge = new LogMerge<string>();
  for (const source of ['a', 'b']) merge.open(source, 0, true);
  merge.push('a', [entry(1), entry(3), entry(5)], 10);
  expect(merge.take(20, Infinity)).toEqual([]);
  merge.push('b', [entry(2), entry(4)], 20);
  expect(texts(merge.take(20, Infinity))).toEqual(['a1', 'b2', 'a3', 'b4']);
  expect(texts(merge.take(300, Infinity))).toEqual(['a5']);
  expect(merge.isEmpty).toBe(true);
});

test('one that is silent is waited for a second at first, then a quarter, and not once it is at its end', () => {
  const merge = new LogMerge<string>();
  for (const source of ['a', 'b']) merge.open(source, 0, true);
  merge.push('a', [entry(1)], 0);
  expect(merge.waitMs(400)).toBe(600);
  expect(texts(merge.take(999, Infinity))).toEqual([]);
  expect(texts(merge.take(1000, Infinity))).toEqual(['a1']);
  expect(merge.waitMs(1000)).toBeUndefined();
  merge.push('b', [entry(2)], 1100);
  expect(texts(merge.take(1101, Infinity))).toEqual(['b2']);
  merge.push('a', [entry(3)], 1200);
  expect(merge.waitMs(1200)).toBe(150);
  merge.end('b');
  expect(texts(merge.take(1200, Infinity))).toEqual(['a3']);
});

test('the order within one log is kept, whatever its times say', () => {
  const merge = new LogMerge<string>();
  merge.open('a', 0, true);
  merge.push('a', [entry(3), entry(1), entry(2)], 0);
  merge.end('a');
  expect(texts(merge.take(0, Infinity))).toEqual(['a3', 'a1', 'a2']);
});

test('it is full at a bound, and tells when there is room again', () => {
  const merge = new LogMerge<string>();
  merge.open('a', 0, true);
  const large = 'x'.repeat(1024 * 1024);
  let rooms = 0;
  merge.onRoom(() => (rooms += 1));
  for (let moment = 0; !merge.isFull; moment += 1) merge.push('a', [entry(moment, large)], 0);
  expect(merge.take(0, 1)).toHaveLength(1);
  expect([merge.isFull, rooms]).toEqual([false, 1]);
});

test('what is left out of a log is one gap in its place, that grows', () => {
  const merge = new LogMerge<string>();
  for (const source of ['a', 'b']) merge.open(source, 0, true);
  merge.push('a', [entry(2, 'x'), entry(3)], 0);
  merge.push('b', [entry(1), entry(9)], 0);
  merge.drop('a', [entry(4)]);
  merge.drop('a', [entry(5), entry(6)]);
  merge.push('a', [entry(7)], 0);
  expect(texts(merge.take(0, Infinity))).toEqual(['b1', 'a2 gap 5', 'a7']);
  expect(texts(merge.take(1000, Infinity))).toEqual(['b9']);
  expect(merge.isEmpty).toBe(true);
});

test('logs that are whole come out sorted, none missing, in pieces of any size', () => {
  const log = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }).map((all) => all.sort((l, r) => l - r));
  fc.assert(
    fc.property(fc.array(log, { maxLength: 6 }), fc.integer({ min: 1, max: 2_000 }), (logs, size) => {
      const merge = new LogMerge<number>();
      for (const source of logs.keys()) merge.open(source, 0, true);
      for (const [source, moments] of logs.entries()) {
        merge.push(
          source,
          moments.map((moment) => entry(moment)),
          0,
        );
        merge.end(source);
      }
      const taken: number[] = [];
      for (let batch = merge.take(0, size); batch.length > 0; batch = merge.take(0, size))
        taken.push(...batch.map(([, { moment }]) => moment));
      expect(taken).toEqual(logs.flat().sort((left, right) => left - right));
    }),
    { numRuns: 300 },
  );
});
