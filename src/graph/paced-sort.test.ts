import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pacedSort } from './paced-sort.ts';

test('sorts as sorting at once does, and lets others run in between', async () => {
  const lists = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 5000, size: 'max' });
  let pauses = 0;
  const pace = {
    isDue: () => true,
    pause: async () => {
      pauses += 1;
    },
  };
  const check = fc.asyncProperty(lists, async (numbers) => {
    const items = numbers.map((number, at) => ({ number, at }));
    const compare = (left: { number: number }, right: { number: number }): number => left.number - right.number;
    // Equal ones keep their order, as those of Array.sort do.
    expect(await pacedSort(items, compare, pace)).toEqual(items.toSorted(compare));
  });
  await fc.assert(check, { numRuns: 30 });
  expect(pauses).toBeGreaterThan(30);
});
