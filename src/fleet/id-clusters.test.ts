import { expect, test } from 'vitest';
import { IdClusters, isAmong } from './id-clusters.ts';

const clusters = [0, 5, 31, 32, 63, 64, 149, 700];

test('say in which clusters an id may stand, also when more clusters come than there were', () => {
  const standing = new IdClusters();
  for (const [at, cluster] of clusters.entries()) standing.mark(1000 + at, cluster);
  standing.mark(1, 700);
  for (const [at, cluster] of clusters.entries()) {
    const bits = standing.union([1000 + at]);
    expect(clusters.filter((one) => isAmong(bits, one))).toEqual([cluster]);
  }
  const some = standing.union([1001, 1005], standing.union([1]));
  expect(clusters.filter((one) => isAmong(some, one))).toEqual([5, 64, 700]);
  expect(isAmong(some, 100_000)).toBe(false);
  expect(isAmong(undefined, 3)).toBe(true);
});

test('forget ids that mean nothing any more', () => {
  const standing = new IdClusters();
  standing.mark(7, 31);
  standing.mark(8, 33);
  standing.forget(7);
  const left = standing.union([7, 8]);
  expect([isAmong(left, 31), isAmong(left, 33)]).toEqual([false, true]);
  expect(standing.union([9_999_999])).toEqual(new Uint32Array(standing.union([]).length));
});
