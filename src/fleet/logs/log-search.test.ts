import { expect, test } from 'vitest';
import { logSearch } from './log-search.ts';

test('a text is found whatever its letters’ case, at each of its places', () => {
  const search = logSearch('Time');
  expect(search('timeout after TIME')).toEqual([
    [0, 4],
    [14, 18],
  ]);
  expect(search('nothing')).toBeUndefined();
  expect(search('İtime')).toEqual([]);
});

test('between slashes stands a regular expression in RE2’s syntax', () => {
  const search = logSearch('/status=5\\d\\d|(?i)refused/');
  expect(search('status=503 Refused')).toEqual([
    [0, 10],
    [11, 18],
  ]);
  expect(search('status=200')).toBeUndefined();
  expect(logSearch('/x*/')('abc')).toEqual([]);
  expect(logSearch('//')('a // b')).toEqual([[2, 4]]);
});

test('marks are few, however often something is found', () => {
  expect(logSearch('a')('a'.repeat(1000))).toHaveLength(20);
  expect(logSearch('/a/')('a'.repeat(1000))).toHaveLength(20);
});

test('what cannot be compiled, or is too large, says why', () => {
  expect(() => logSearch('/(/')).toThrow(/not RE2/);
  expect(() => logSearch('/(?=a)/')).toThrow(/not RE2/);
  expect(() => logSearch('/(a{100}){100}/')).toThrow(/RE2|too large/);
});
