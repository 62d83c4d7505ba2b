import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from './bitset.ts';
import {
  addAllTo,
  addId,
  anyWithin,
  forEachId,
  hasId,
  type IdSet,
  idsOf,
  NO_IDS,
  removeId,
  sizeOf,
  sizeWithin,
  unionWithin,
  within,
} from './postings.ts';

function setOf(ids: Iterable<number>): IdSet {
  let set: IdSet = NO_IDS;
  for (const id of ids) set = addId(set, id);
  return set;
}

const ascending = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);
// Up to 400 of 500 ids: wide enough that all three forms and the ways between them are met.
const ids = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 400, size: 'max' });

test('an id set answers as a Set does after any adding and removing', () => {
  fc.assert(
    fc.property(ids, ids, (added, removed) => {
      let set = setOf(added);
      const model = new Set(added);
      for (const id of removed) {
        set = removeId(set, id);
        model.delete(id);
        expect(sizeOf(set)).toBe(model.size);
      }
      expect(idsOf(set)).toEqual(ascending(model));
      for (const id of [...added, ...removed]) expect(hasId(set, id)).toBe(model.has(id));
    }),
    { numRuns: 60 },
  );
});

test('combining with a scope equals the intersection', () => {
  fc.assert(
    fc.property(ids, ids, (left, right) => {
      const set = setOf(left);
      const scope = Bitset.of(right);
      const shared = ascending(left.filter((id) => right.includes(id)));
      expect(within(set, scope).toArray()).toEqual(shared);
      expect(sizeWithin(set, scope)).toBe(shared.length);
      expect(anyWithin(set, scope)).toBe(shared[0] ?? NO_IDS);
      const all = scope.clone();
      addAllTo(all, set);
      expect(all.toArray()).toEqual(ascending(new Set([...left, ...right])));
      expect(unionWithin([set], scope).toArray()).toEqual(shared);
      expect(unionWithin([set, right.at(0) ?? NO_IDS], scope).toArray()).toEqual(
        ascending(new Set([...shared, ...right.slice(0, 1)])),
      );
      expect(unionWithin([], scope).isEmpty).toBe(true);
      expect(unionWithin([set], scope.clone(), true).toArray()).toEqual(shared);
      const visited: number[] = [];
      forEachId(set, (id) => visited.push(id));
      expect(visited).toEqual(ascending(left));
    }),
    { numRuns: 60 },
  );
});

test('the form follows the number of members', () => {
  expect(setOf([])).toBe(NO_IDS);
  expect(setOf([7])).toBe(7);
  expect(setOf([7, 3])).toEqual([3, 7]);
  let wide = setOf(Array.from({ length: 100 }, (_, index) => index));
  expect(wide).toBeInstanceOf(Bitset);
  for (let id = 0; id < 90; id += 1) wide = removeId(wide, id);
  expect(wide).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  expect(hasId(NO_IDS, NO_IDS)).toBe(false);
});

test('few ids of a large range stay a list', () => {
  expect(setOf(Array.from({ length: 100 }, (_, index) => index * 10_000))).toBeInstanceOf(Array);
});
