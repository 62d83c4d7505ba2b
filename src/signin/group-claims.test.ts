import { expect, test } from 'vitest';
import { groupRefs } from './group-claims.ts';

test.each<[unknown, readonly string[]]>([
  [
    ['Platform', 'sre', 'sre'],
    ['group:teams/platform', 'group:teams/sre'],
  ],
  ['platform, sre', ['group:teams/platform', 'group:teams/sre']],
  [['eng/platform'], ['group:teams/platform']],
  [['two words', 'a/b', 'group:default/admins', '', '-x', 'x'.repeat(64)], []],
  [[1, null, { name: 'x' }], []],
  [undefined, []],
  [{ admins: true }, []],
])('groups %j are %j', (claim, refs) => {
  expect(groupRefs(claim, { namespace: 'teams', strip: 'eng/' })).toEqual(refs);
});

test('a provider that names groups without end is cut short', () => {
  const names = Array.from({ length: 5000 }, (_, at) => `g${at}`);
  expect(groupRefs(names, { namespace: 'default' })).toHaveLength(300);
});
