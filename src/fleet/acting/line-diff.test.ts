import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DiffHunk } from '../../api/acting.ts';
import { lineDiff } from './line-diff.ts';

const lines = (...texts: readonly string[]): string => texts.join('\n');

/** The right text, made of the left one by the hunks. */
function applied(left: string, hunks: readonly DiffHunk[]): string {
  const from = left.split('\n');
  const made: string[] = [];
  let at = 0;
  for (const { leftStart, rightStart, lines: told } of hunks) {
    while (at < leftStart - 1) made.push(from[at++] ?? '');
    expect(made.length).toBe(rightStart - 1);
    for (const { op, text } of told) {
      if (op !== '+') expect(from[at++]).toBe(text);
      if (op !== '-') made.push(text);
    }
  }
  return [...made, ...from.slice(at)].join('\n');
}

describe('what differs', () => {
  test('is told with three lines around it', () => {
    const left = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
    expect(lineDiff(left, left.replace('e', 'E'))).toEqual([
      {
        leftStart: 2,
        rightStart: 2,
        lines: [
          { op: ' ', text: 'b' },
          { op: ' ', text: 'c' },
          { op: ' ', text: 'd' },
          { op: '-', text: 'e' },
          { op: '+', text: 'E' },
          { op: ' ', text: 'f' },
          { op: ' ', text: 'g' },
          { op: ' ', text: 'h' },
        ],
      },
    ]);
  });

  test('is nothing between equal texts, and two places where they are far apart', () => {
    const left = Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n');
    expect(lineDiff(left, left)).toEqual([]);
    const right = left.replace('line 3\n', '').replace('line 20', 'line 20\nline 20b');
    expect(lineDiff(left, right).map(({ leftStart, rightStart }) => [leftStart, rightStart])).toEqual([
      [1, 1],
      [19, 18],
    ]);
  });

  test('makes the right text of the left one, whatever they are, with as few lines as can be', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, text, (left, right) => {
        const hunks = lineDiff(left, right);
        expect(applied(left, hunks)).toBe(right);
        const changed = hunks.flatMap((hunk) => hunk.lines).filter(({ op }) => op !== ' ').length;
        expect(changed).toBe(fewest(left.split('\n'), right.split('\n')));
      }),
    );
  });

  test('is found in bounded time where the texts have nothing in common', () => {
    const left = Array.from({ length: 20_000 }, (_, at) => `left ${at}`).join('\n');
    const right = Array.from({ length: 20_000 }, (_, at) => `right ${at}`).join('\n');
    expect(applied(left, lineDiff(left, right))).toBe(right);
  });
});

/** Lines to take away and to add at the least, by the longest common subsequence. */
function fewest(left: readonly string[], right: readonly string[]): number {
  let row = Array.from({ length: right.length + 1 }, () => 0);
  for (const one of left) {
    const next = [0];
    for (const [at, other] of right.entries()) {
      next.push(one === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    }
    row = next;
  }
  return left.length + right.length - 2 * (row.at(-1) ?? 0);
}
