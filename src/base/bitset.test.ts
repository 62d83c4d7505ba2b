import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from './bitset.ts';

const members = fc.uniqueArray(fc.integer({ min: 0, max: 300 }));
const ascending = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);

test('a bitset answers as a Set does after any adding and removing', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 200 })));
  fc.assert(
    fc.property(steps, (list) => {
      const set = new Bitset(64);
      const model = new Set<number>();
      for (const [adds, member] of list) {
        expect(adds ? set.add(member) : set.delete(member)).toBe(adds ? !model.has(member) : model.has(member));
        if (adds) model.add(member);
        else model.delete(member);
        expect(set.size).toBe(model.size);
      }
      expect(set.toArray()).toEqual(ascending(model));
      expect(set.isEmpty).toBe(model.size === 0);
    }),
  );
});

test('set algebra equals that of Set, whatever the capacities', () => {
  fc.assert(
    fc.property(members, members, (left, right) => {
      const a = Bitset.of(left);
      const b = Bitset.of(right);
      const shared = ascending(left.filter((member) => right.includes(member)));
      const onlyLeft = ascending(left.filter((member) => !right.includes(member)));
      expect(a.clone().and(b).toArray()).toEqual(shared);
      expect(a.clone().or(b).toArray()).toEqual(ascending(new Set([...left, ...right])));
      expect(a.clone().absorb(b.clone()).equals(a.clone().or(b))).toBe(true);
      expect(new Bitset().absorb(b.clone()).add(500)).toBe(true);
      expect(a.clone().andNot(b).toArray()).toEqual(onlyLeft);
      expect(a.intersectionSize(b)).toBe(shared.length);
      expect(a.clone().and(b).size).toBe(shared.length);
      expect(a.firstShared(b)).toBe(shared[0] ?? -1);
      expect(a.equals(b)).toBe(onlyLeft.length === 0 && left.length === right.length);
      expect(a.toArray()).toEqual(ascending(left));
    }),
  );
});

test('first finds the smallest member from a place on', () => {
  fc.assert(
    fc.property(members, fc.integer({ min: 0, max: 400 }), (list, from) => {
      const expected = ascending(list).find((member) => member >= from) ?? -1;
      expect(Bitset.of(list).first(from)).toBe(expected);
    }),
  );
});

test('members are counted and found in a list', () => {
  fc.assert(
    fc.property(members, fc.array(fc.integer({ min: 0, max: 400 })), fc.nat(20), (list, asked, from) => {
      const set = Bitset.of(list);
      expect(set.countIn(asked)).toBe(asked.filter((member) => list.includes(member)).length);
      const index = asked.findIndex((member, at) => at >= from && list.includes(member));
      expect(set.indexIn(asked, from)).toBe(index === -1 ? Math.max(from, asked.length) : index);
    }),
  );
});

test('members that another set has, or has not, are counted by their groups', () => {
  const groups = Object.assign(
    Array.from({ length: 100 }, () => [0, 2]),
    { 1: 3, 2: 3, 95: [] },
  );
  const set = Bitset.of([0, 1, 31, 32, 95]);
  const [shared, rest] = [new Int32Array(4), new Int32Array(4)];
  set.countGroups(Bitset.of([1, 31, 33]), true, groups, shared);
  set.countGroups(Bitset.of([1, 31, 33]), false, groups, rest);
  expect([...shared]).toEqual([1, 0, 1, 1]);
  expect([...rest]).toEqual([2, 0, 2, 0]);
});

test('sizes are exact over thousands of words', () => {
  const dense = Bitset.of(Array.from({ length: 5000 }, (_, index) => index * 2));
  const sparse = Bitset.of(Array.from({ length: 3000 }, (_, index) => 900 + index * 3));
  expect(dense.clone().or(sparse).size).toBe(new Set([...dense.toArray(), ...sparse.toArray()]).size);
  expect(dense.intersectionSize(sparse)).toBe(sparse.toArray().filter((member) => dense.has(member)).length);
  expect(sparse.clone().and(dense).size).toBe(dense.intersectionSize(sparse));
});

test('clear empties and a clone is independent', () => {
  const set = Bitset.of([1, 40]);
  const copy = set.clone();
  set.clear();
  expect(set.isEmpty).toBe(true);
  expect(set.size).toBe(0);
  expect(copy.toArray()).toEqual([1, 40]);
  expect(new Bitset().or(copy).isEmpty).toBe(false);
});
