import { expect, test } from 'vitest';
import { keepRows } from './steady-items.ts';

interface Row {
  readonly id: string;
  readonly text: string;
}
const rows = (text: string, ...ids: readonly string[]): readonly Row[] => ids.map((id) => ({ id, text }));
const id = (row: Row): string => row.id;

test('rows whose content alone changed show it, and nothing waits', () => {
  expect(keepRows(rows('old', 'a', 'b'), rows('new', 'a', 'b'), id)).toEqual({
    rows: rows('new', 'a', 'b'),
    waiting: 0,
  });
});

test('rows that come, go or move leave the others where they are', () => {
  expect(keepRows(rows('old', 'b', 'c'), rows('new', 'a', 'b', 'c'), id)).toEqual({
    rows: rows('new', 'b', 'c'),
    waiting: 1,
  });
  const gone = keepRows(rows('old', 'a', 'b'), rows('new', 'b'), id);
  expect(gone.rows.map(id)).toEqual(['a', 'b']);
  expect(gone.waiting).toBe(1);
  expect(keepRows(rows('old', 'a', 'b'), rows('new', 'b', 'a'), id).waiting).toBe(1);
});
