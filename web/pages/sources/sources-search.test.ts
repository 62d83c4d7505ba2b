import { expect, test } from 'vitest';
import { readRegisterSearch, readSourcesSearch } from './sources-search.ts';

test('a state that there is not is none; other keys stay', () => {
  expect(readSourcesSearch({ state: 'rotten', q: 'a', other: 'b' })).toEqual({ q: 'a', other: 'b' });
  expect(readSourcesSearch({ state: 'failed', source: 1 })).toEqual({ state: 'failed' });
});

test('a registration begins with what a link says', () => {
  expect(readRegisterSearch({ type: 'git', target: 'https://git.example.com/a' })).toEqual({
    type: 'git',
    target: 'https://git.example.com/a',
  });
  expect(readRegisterSearch({ type: 'file', target: 3 })).toEqual({});
});
