import { expect, test } from 'vitest';
import { changeFilter, groupFilter, isNarrowed, readProblemsSearch } from './problems-search.ts';

test('takes what makes sense and leaves other keys alone', () => {
  const search = { severity: 'bad', group: 'owner', unowned: 'no', q: 'x', other: '1', code: 3 };
  expect(readProblemsSearch(search)).toEqual({ group: 'owner', q: 'x', other: '1' });
  expect(readProblemsSearch({ group: 'location' })).toEqual({});
});

test('a change of filters begins the list anew', () => {
  expect(changeFilter({ cursor: 'c', code: 'a' }, { code: 'b' })).toEqual({ code: 'b', cursor: undefined });
});

test('one group alone: by its value, or what nobody owns', () => {
  expect(groupFilter('code', 'yaml-syntax')).toEqual({ code: 'yaml-syntax' });
  expect(groupFilter('owner', 'group:default/stage')).toMatchObject({ owner: 'group:default/stage' });
  expect(groupFilter('owner', undefined)).toMatchObject({ unowned: 'true' });
});

test('a grouping leaves nothing out, a text does', () => {
  expect(isNarrowed({ group: 'owner', cursor: 'c' })).toBe(false);
  expect(isNarrowed({ q: 'x' })).toBe(true);
});
