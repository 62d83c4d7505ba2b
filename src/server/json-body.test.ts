import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from './json-body.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('the depth found without parsing is the depth of the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, spaced) => {
      const text = new TextEncoder().encode(JSON.stringify(value, undefined, spaced ? 2 : 0));
      const depth = depthOf(value);
      expect(isDeeperThan(text, depth)).toBe(false);
      if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
    }),
  );
});

test('brackets in strings do not count, however they are escaped', () => {
  const deep = (text: string, limit: number): boolean => isDeeperThan(new TextEncoder().encode(text), limit);
  expect(deep(String.raw`["[[[\"[[[\\"]`, 1)).toBe(false);
  expect(deep('["unfinished [[[', 1)).toBe(false);
  expect(deep('['.repeat(1_000_000), 64)).toBe(true);
});
