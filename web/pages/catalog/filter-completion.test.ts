import { expect, test } from 'vitest';
import { fixedChoices, keyChoices, settledWords, splitFilters, typedPart, writtenValue } from './filter-completion.ts';

test.each([
  ['', { kind: 'key', start: 0, sign: '', prefix: '' }],
  ['desk ow', { kind: 'key', start: 5, sign: '', prefix: 'ow' }],
  ['-li', { kind: 'key', start: 1, sign: '-', prefix: 'li' }],
  ['owner:', { kind: 'value', start: 6, key: 'owner', prefix: '', others: [] }],
  ['x Owner:team-a,box', { kind: 'value', start: 15, key: 'owner', prefix: 'box', others: ['team-a'] }],
  ['tag:"a b","c d', { kind: 'value', start: 10, key: 'tag', prefix: 'c d', others: ['a b'] }],
  ['-facts.a.b:', { kind: 'value', start: 11, key: 'facts.a.b', prefix: '', others: [] }],
  ['tag:a,', { kind: 'value', start: 6, key: 'tag', prefix: '', others: ['a'] }],
])('of %j the part %j is being typed', (text, part) => {
  expect(typedPart(text)).toEqual(part);
});

test('inside quotes, and after a comparison, there is nothing to complete', () => {
  expect(typedPart('"pay in')).toBeUndefined();
  expect(typedPart('facts.a.b<5')).toBeUndefined();
});

test('filters are offered by name, what an entity has by word', () => {
  expect(keyChoices('t').map(({ text }) => text)).toEqual(['type:', 'tag:']);
  expect(keyChoices('')).toHaveLength(13);
  expect(fixedChoices('has', 'pro')?.map(({ text }) => text)).toEqual(['problems']);
  expect(fixedChoices('kind', '')).toBeUndefined();
  expect([writtenValue('a b'), writtenValue('a,b'), writtenValue('plain')]).toEqual(['"a b"', '"a,b"', 'plain']);
});

test('whole filters are taken out of the text; what may still be typed stays', () => {
  const kind = { op: 'filter', key: 'kind', operator: ':', values: ['api'], isNegated: false };
  expect(splitFilters('desk kind:api ', false)).toEqual({ filters: [kind], rest: 'desk ' });
  expect(splitFilters('desk kind:api', false)).toEqual({ filters: [], rest: 'desk kind:api' });
  expect(splitFilters('desk kind:api', true)).toEqual({ filters: [kind], rest: 'desk ' });
  expect(splitFilters('kind:api ownr:a', true)).toEqual({ filters: [kind], rest: 'ownr:a' });
  expect(settledWords('pay kind:ap "x y"')).toEqual([
    { op: 'text', text: 'pay', isNegated: false },
    { op: 'text', text: 'x y', isNegated: false },
  ]);
});
