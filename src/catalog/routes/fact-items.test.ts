import { expect, test } from 'vitest';
import type { Fact, Lease } from '../../model/fact.ts';
import { factItems } from './fact-items.ts';

const fact: Fact = {
  entityRef: 'component:default/desk',
  collector: 'completeness',
  path: 'score',
  value: 80,
  source: 'catalog',
  observedAt: 1_000,
};
const lease: Lease = { collector: 'completeness', source: 'catalog', lastSuccessAt: 5_000, expiresAt: 9_000 };

const stateAt = (now: number, change: Partial<Fact> = {}, leases: readonly Lease[] = [lease]): unknown =>
  factItems([{ ...fact, ...change }], leases, now)[0]?.state;

test('shows a fact with its age and the look that confirmed it', () => {
  expect(factItems([fact], [lease], 8_500)).toEqual([
    {
      collector: 'completeness',
      path: 'score',
      value: 80,
      source: 'catalog',
      observedAt: '1970-01-01T00:00:01.000Z',
      ageSeconds: 7.5,
      state: 'fresh',
      checkedAt: '1970-01-01T00:00:05.000Z',
      expiresAt: '1970-01-01T00:00:09.000Z',
    },
  ]);
});

test('is fresh only under a lease that has not run out', () => {
  expect(stateAt(8_999)).toBe('fresh');
  expect(stateAt(9_000)).toBe('stale');
  expect(stateAt(8_000, {}, [])).toBe('stale');
  expect(stateAt(8_000, { source: 'elsewhere' })).toBe('stale');
});

test('a failed look in time leaves what is known fresh until the lease runs out', () => {
  const failing = [{ ...lease, error: 'no answer' }];
  expect(stateAt(8_000, {}, failing)).toBe('fresh');
  expect(stateAt(9_500, {}, failing)).toBe('stale');
});

test('a fact in error has failed, and says why', () => {
  expect(stateAt(8_000, { error: 'timeout' })).toBe('failed');
  expect(factItems([{ ...fact, error: 'timeout' }], [], 0)[0]).toMatchObject({ error: 'timeout', ageSeconds: 0 });
});
