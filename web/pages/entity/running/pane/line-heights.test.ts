import { expect, test } from 'vitest';
import { LineHeights } from './line-heights.ts';
import { LogBook } from './log-book.ts';

function bookOf(...texts: readonly string[]): LogBook {
  const book = new LogBook();
  book.take(
    texts.map((text, at) => ({ type: 'line', at: new Date(at * 1000).toISOString(), cluster: 'eu', pod: 'a', text })),
  );
  return book;
}

test('a line is a row, wrapped as many as its letters need', () => {
  const book = bookOf('', 'abc', 'abcdefghij', 'x');
  const plain = new LineHeights(undefined);
  plain.measure(book, book.end);
  expect([plain.total, plain.before(2), plain.at(2)]).toEqual([4, 2, 2]);
  const wrapped = new LineHeights(4);
  wrapped.measure(book, book.end);
  expect([wrapped.total, wrapped.before(3)]).toEqual([6, 5]);
  expect([0, 1, 2, 3, 4, 5, 6].map((row) => wrapped.at(row))).toEqual([0, 1, 2, 2, 2, 3, 4]);
});

test('lines that come are counted on, and those that are not shown yet are not', () => {
  const book = bookOf('a', 'b', 'c');
  const heights = new LineHeights(undefined);
  heights.measure(book, 2);
  expect(heights.total).toBe(2);
  heights.measure(book, 3);
  expect([heights.total, heights.before(3)]).toEqual([3, 3]);
});
