import { expect, test } from 'vitest';
import type { LogItem, LogLine } from '../../../../../src/api/logs.ts';
import { LogBook, MOST_LINES } from './log-book.ts';

const line = (seconds: number, pod = 'a', text = `${seconds}`): LogLine => ({
  type: 'line',
  at: new Date(1_700_000_000_000 + seconds * 1000).toISOString(),
  cluster: 'eu',
  pod,
  text,
});
const textsOf = (book: LogBook): readonly string[] =>
  book.rows(book.first, book.end).map((row) => (row.type === 'line' ? row.text : 'gap'));

test('lines that come again after the connection was lost are not taken again', () => {
  const book = new LogBook();
  book.take([line(1), line(2, 'b'), line(3), line(3, 'a', 'same time')]);
  expect(book.resume()).toBe(new Date(1_700_000_000_000).toISOString());
  book.take([line(1), line(2, 'b'), line(3), line(3, 'a', 'same time'), line(4, 'b')]);
  expect(textsOf(book)).toEqual(['1', '2', '3', 'same time', '4']);
});

test('so many lines are kept and no more, with their numbers', () => {
  const book = new LogBook();
  const many: LogItem[] = Array.from({ length: MOST_LINES + 6_000 }, (_, at) => line(at));
  book.take(many.slice(0, 100));
  book.take(many.slice(100));
  expect([book.first, book.end]).toEqual([6_000, MOST_LINES + 6_000]);
  expect(book.row(book.first)).toMatchObject({ number: 6_000, text: '6000' });
  expect(book.row(0)).toBeUndefined();
  expect(book.find('a', line(6_001).at)).toBe(6_001);
});

test('a problem of a pod is known until it is read', () => {
  const book = new LogBook();
  const place = { cluster: 'eu', pod: 'a' };
  book.take([
    { type: 'problem', ...place, code: 'X', message: 'x' },
    { type: 'pod', cluster: 'eu', pod: 'b', state: 'open' },
  ]);
  expect([book.problems.length, book.open]).toEqual([1, 1]);
  book.take([
    { type: 'pod', ...place, state: 'open' },
    { type: 'gap', at: '', ...place, lines: 3 },
  ]);
  expect([book.problems.length, book.open, textsOf(book)]).toEqual([0, 2, ['gap']]);
});
