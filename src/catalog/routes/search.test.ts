import { expect, test } from 'vitest';
import { searchPredicate } from './search.ts';

test('filters are fields without letter case; the same filter again adds alternatives', () => {
  expect(searchPredicate('')).toBeUndefined();
  expect(searchPredicate('kind:API')).toEqual({ op: 'field', key: 'kind', values: ['api'] });
  expect(searchPredicate('type:a type:b owner:jo')).toEqual({
    op: 'and',
    args: [
      { op: 'field', key: 'spec.type', values: ['a', 'b'] },
      { op: 'field', key: 'relations.ownedby', values: ['group:default/jo', 'user:default/jo'] },
    ],
  });
  expect(searchPredicate('spec.Size:L')).toEqual({ op: 'field', key: 'spec.size', values: ['l'] });
});

test('what is negated holds for none of its values, and for what has no value', () => {
  expect(searchPredicate('-tag:a -tag:b -desk')).toEqual({
    op: 'and',
    args: [
      { op: 'not', arg: { op: 'field', key: 'metadata.tags', values: ['a', 'b'] } },
      { op: 'not', arg: expect.objectContaining({ op: 'fieldText', term: 'desk' }) },
    ],
  });
});

test('an entity has all of what is named, or none of it', () => {
  const owner = { op: 'field', key: 'relations.ownedby', values: undefined };
  const problems = { op: 'field', key: 'facts.problems.total', values: undefined };
  expect(searchPredicate('has:owner has:problems')).toEqual({ op: 'and', args: [owner, problems] });
  expect(searchPredicate('-has:owner,problems')).toEqual({ op: 'not', arg: { op: 'or', args: [owner, problems] } });
  expect(searchPredicate('is:orphan')).toMatchObject({ op: 'field', values: ['true'] });
});

test('a comparison is CEL: numbers as numbers, the rest as text', () => {
  expect(searchPredicate('facts.a.b<50')).toMatchObject({
    op: 'compare',
    path: ['facts', 'a', 'b'],
    cmp: '<',
    value: 50,
  });
  expect(searchPredicate('spec.since>="2024-01-01"')).toMatchObject({ op: 'compare', cmp: '>=', value: '2024-01-01' });
  expect(searchPredicate('metadata.labels.a-b>x')).toMatchObject({ path: ['metadata', 'labels', 'a-b'], value: 'x' });
});

test('what makes no sense is refused with its place', () => {
  expect(() => searchPredicate('desk ownr:a')).toThrow(
    expect.objectContaining({ code: 'SEARCH_INVALID', details: expect.objectContaining({ offset: 5, length: 6 }) }),
  );
});
