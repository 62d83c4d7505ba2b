import { expect, test } from 'vitest';
import { idsOf, NO_IDS } from '../base/postings.ts';
import { IdLists } from './id-lists.ts';
import { IdTable } from './id-table.ts';

const lists = new IdLists(
  Uint32Array.of(0, 1, 1, 4, 104),
  Uint32Array.from([7, 1, 5, 9, ...Array.from({ length: 100 }, (_, at) => at + 20)]),
);

test('sets of one, none, few and many members are read in place', () => {
  expect(lists.at(0)).toBe(7);
  expect(lists.at(1)).toBe(NO_IDS);
  expect(idsOf(lists.at(2))).toEqual([1, 5, 9]);
  expect(idsOf(lists.at(3))).toEqual(Array.from({ length: 100 }, (_, at) => at + 20));
  expect(idsOf(lists.union(0, 3))).toEqual([1, 5, 7, 9]);
  expect(idsOf(lists.union(0, 4))).toHaveLength(104);
  expect(lists.union(1, 2)).toBe(NO_IDS);
});

test('a table has the sets it was loaded with until others are put', () => {
  const table = new IdTable();
  table.load({ keys: Uint32Array.of(3, 8), lists, first: 2 });
  expect([0, 3, 8, 9].map((key) => idsOf(table.of(key)).length)).toEqual([0, 3, 100, 0]);
  table.put(8, NO_IDS);
  table.put(5, 4);
  table.put(12, [1, 2]);
  expect([...table.entries()].map(([key, set]) => [key, [...idsOf(set)]])).toEqual([
    [3, [1, 5, 9]],
    [5, [4]],
    [12, [1, 2]],
  ]);
});
