import { expect, test } from 'vitest';
import { allChoices, pairsOf, pairwiseChoices } from './support/pairwise.ts';

const factors = {
  page: ['a', 'b', 'c', 'd', 'e'],
  theme: ['light', 'dark', 'contrast'],
  width: [1280, 768, 320],
  state: ['full', 'empty', 'error'],
} as const;

test('every two values meet that any allowed choice has together, in far fewer choices than there are', () => {
  const isAllowed = ({ page, state }: { page: string; state: string }): boolean => page !== 'b' || state !== 'empty';
  const all = allChoices(factors, isAllowed);
  const few = pairwiseChoices(factors, isAllowed);
  expect(all).toHaveLength(5 * 27 - 9);
  expect(few.length).toBeLessThan(all.length / 4);
  expect(few.every((choice) => isAllowed(choice))).toBe(true);
  const pairs = (choices: typeof all): Set<string> => new Set(choices.flatMap((choice) => pairsOf(factors, choice)));
  expect(pairs(few)).toEqual(pairs(all));
});

test('the same factors give the same choices', () => {
  expect(pairwiseChoices(factors, () => true)).toEqual(pairwiseChoices(factors, () => true));
});
