import { expect, test } from 'vitest';
import { publicForges } from '../config/config.ts';
import { linePage } from './line-page.ts';

test.each([
  ['url:https://github.com/o/r/blob/main/a%20b.yaml', 'https://github.com/o/r/blob/main/a%20b.yaml#L12'],
  ['url:https://github.com/o/r/raw/main/a.yaml', 'https://github.com/o/r/blob/main/a.yaml#L12'],
  ['git:https://github.com/o/r.git//a.yaml?ref=v1', 'https://github.com/o/r/blob/v1/a.yaml#L12'],
  ['git:git@gitlab.com:g/s/r.git//a.yaml?ref=main', 'https://gitlab.com/g/s/r/-/blob/main/a.yaml#L12'],
  ['url:https://bitbucket.org/o/r/src/main/a.yaml', 'https://bitbucket.org/o/r/src/main/a.yaml#lines-12'],
  ['url:https://codeberg.org/o/r/src/branch/main/a.yaml', 'https://codeberg.org/o/r/src/branch/main/a.yaml#L12'],
  [
    'url:https://dev.azure.com/o/p/_git/r?path=/a.yaml&version=GBmain',
    'https://dev.azure.com/o/p/_git/r?path=/a.yaml&version=GBmain&line=12&lineEnd=13&lineStartColumn=1&lineEndColumn=1',
  ],
])('a line of %s', (location, expected) => {
  expect(linePage(location, 12, publicForges)).toBe(expected);
});

test('without a line it is the file', () => {
  const location = 'url:https://github.com/o/r/blob/main/a.yaml';
  expect(linePage(location, undefined, publicForges)).toBe('https://github.com/o/r/blob/main/a.yaml');
});

test.each([
  'file:/srv/catalog/a.yaml',
  'url:https://plain.example/a.yaml',
  'git:https://github.com/o/r.git//a.yaml',
  'git:/srv/git/r.git//a.yaml?ref=main',
  'url:https://github.com/o/r/blob/main/*/a.yaml',
  'url:https://github.com/o/r/tree/main',
  'no location',
])('%s has no such page', (location) => {
  expect(linePage(location, 12, publicForges)).toBeUndefined();
});
