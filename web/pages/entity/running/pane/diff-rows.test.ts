import { expect, test } from 'vitest';
import { pairedRows, unifiedRows } from './diff-rows.ts';

const hunk = {
  leftStart: 4,
  rightStart: 6,
  lines: [
    { op: ' ', text: 'a' },
    { op: '-', text: 'b' },
    { op: '-', text: 'c' },
    { op: '+', text: 'B' },
    { op: ' ', text: 'd' },
    { op: '+', text: 'e' },
  ] as const,
};

test('lines have their numbers on either side', () => {
  expect(
    unifiedRows({ ...hunk, lines: [...hunk.lines] }).map(({ leftAt, rightAt, op }) => [leftAt, rightAt, op]),
  ).toEqual([
    [4, 6, ' '],
    [5, undefined, '-'],
    [6, undefined, '-'],
    [undefined, 7, '+'],
    [7, 8, ' '],
    [undefined, 9, '+'],
  ]);
});

test('beside each other, what went stands beside what came in its place', () => {
  expect(pairedRows({ ...hunk, lines: [...hunk.lines] }).map(({ left, right, op }) => [left, right, op])).toEqual([
    ['a', 'a', ' '],
    ['b', 'B', '~'],
    ['c', undefined, '-'],
    ['d', 'd', ' '],
    [undefined, 'e', '+'],
  ]);
});
