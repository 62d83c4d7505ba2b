import { expect, test } from 'vitest';
import { changeText, homeTitle, joined, kindCount, missingText } from './home-text.ts';
import type { ChangedData, OwnedData, ScopeData } from './use-home.ts';

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b and c'],
])('words %j are joined as a sentence does', (words, text) => {
  expect(joined(words)).toBe(text);
});

test('kinds are counted by their noun', () => {
  const kinds = [
    { kind: 'Component', count: 12 },
    { kind: 'API', count: 1 },
    { kind: 'API', count: 3 },
  ];
  expect(kinds.map(kindCount)).toEqual(['12 components', '1 API', '3 APIs']);
});

test('Home is called by its teams', () => {
  const team = (title: string) => ({ ref: `group:default/${title}`, title, exists: true });
  const titleOf = (choice: ScopeData['choice'], ...teams: string[]): string =>
    homeTitle({ choice, teams: teams.map(team) } as ScopeData);
  expect(titleOf('mine', 'Desk')).toBe('Desk');
  expect(titleOf('mine', 'Desk', 'Stage')).toBe('Desk and Stage');
  expect(titleOf('mine', 'a', 'b', 'c')).toBe('Your 3 teams');
  expect(titleOf('everything')).toBe('Everything');
  expect(titleOf('none')).toBe('Home');
});

test.each([
  [{ change: 'created' }, 'new'],
  [{ change: 'removed' }, 'removed'],
  [{ change: 'changed' }, 'changed'],
  [{ change: 'changed', fields: [] }, 'moved to another place'],
  [{ change: 'changed', fields: ['spec.owner', 'metadata.annotations.a/b'] }, 'owner, a/b'],
  [{ change: 'changed', fields: ['spec.a', 'spec.b', 'spec.c', 'spec.d'] }, 'a, b, c and 1 more'],
])('what became of an entity: %j', (changed, text) => {
  expect(changeText(changed as ChangedData)).toBe(text);
});

test('what descriptors lack is counted, what matters most first', () => {
  const items = [['tags'], ['owner', 'tags'], []].map((missing) => ({ missing }));
  expect(missingText(items as unknown as OwnedData['items'])).toBe('1 without an owner and 2 without tags');
});
