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

test('spread ids over the clusters in which they stand, and forget those that mean nothing any more', () => {
  const standing = new IdClusters();
  standing.mark(7, 31);
  standing.mark(7, 33);
  standing.mark(8, 33);
  const spread = standing.spread([7, 8, 9]);
  expect([spread[31], spread[33], spread[0]]).toEqual([[7], [7, 8], undefined]);
  standing.forget(7);
  expect(standing.spread([7, 8])[33]).toEqual([8]);
  expect(standing.union([9_999_999])).toEqual(new Uint32Array(standing.union([]).length));
});
