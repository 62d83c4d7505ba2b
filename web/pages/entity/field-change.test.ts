import { expect, test } from 'vitest';
import { changeText, fieldChanges } from './field-change.ts';

test('a value shows what it was and what it is', () => {
  const [change, ...others] = fieldChanges({ spec: { owner: 'a', type: 'x' } }, { spec: { owner: 'b', type: 'x' } });
  expect(others).toEqual([]);
  expect(change).toEqual({ sort: 'value', path: 'spec.owner', before: 'a', after: 'b' });
  expect(change && changeText(change)).toBe('spec.owner a → b');
});

test('what comes and what goes is told so', () => {
  const changes = fieldChanges({ metadata: { title: 'Desk' } }, { metadata: { description: 'Sells' } });
  expect(changes.map(changeText)).toEqual(['metadata.description set to Sells', 'metadata.title removed']);
});

test('a list tells its members that came and went, and another order as a whole', () => {
  const [change] = fieldChanges({ tags: ['a', 'b', 'b'] }, { tags: ['b', 'c'] });
  expect(change).toEqual({ sort: 'list', path: 'tags', added: ['c'], removed: ['a', 'b'] });
  expect(change && changeText(change)).toBe('tags + c − a − b');
  expect(fieldChanges({ tags: ['a', 'b'] }, { tags: ['b', 'a'] }).map(changeText)).toEqual([
    'tags ["a","b"] → ["b","a"]',
  ]);
});

test('text of many lines is counted by lines', () => {
  const [change] = fieldChanges({ definition: 'a\nb\nc\n' }, { definition: 'a\nd\nc\ne\n' });
  expect(change && changeText(change)).toBe('definition + 2 − 1 lines');
});

test('a long value is cut', () => {
  const [change] = fieldChanges({ a: 'x'.repeat(500) }, { a: 1 });
  expect(change && changeText(change)).toMatch(/^a x{160}… → 1$/);
});
