import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('values are made once, until others were used more recently', () => {
  const map = new RecentMap<string, string>(2);
  let made = 0;
  const of = (key: string): string => map.of(key, () => `${key}${(made += 1)}`);
  expect([of('a'), of('a'), of('b'), of('a')]).toEqual(['a1', 'a1', 'b2', 'a1']);
  expect([of('c'), of('a'), of('b')]).toEqual(['c3', 'a1', 'b4']);
  expect(of('c')).toBe('c5');
});
