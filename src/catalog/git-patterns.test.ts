import { expect, test } from 'vitest';
import { patternsOf } from './git-patterns.ts';

test.each([
  ['', ['*.[yY][aA][mM][lL]', '*.[yY][mM][lL]', '*.[jJ][sS][oO][nN]']],
  ['a/b [1].yaml', ['/a/b\\ \\[1\\].yaml']],
  ['teams/*/catalog-info.yaml', ['/teams/*/catalog-info.yaml']],
  ['**/a b.yml', ['/**/a\\ b.yml']],
  ['teams/x*/{a,b}.yaml', ['/teams/**/*.[yY][aA][mM][lL]', '/teams/**/*.[yY][mM][lL]', '/teams/**/*.[jJ][sS][oO][nN]']],
  ['a', ['/a', '!/a/', '/a/**/*.[yY][aA][mM][lL]', '/a/**/*.[yY][mM][lL]', '/a/**/*.[jJ][sS][oO][nN]']],
])('a location at %j wants no more than it can mean', (path, expected) => {
  expect(patternsOf(path)).toEqual(expected);
});
