import { expect, test } from 'vitest';
import { parseOrder, selectionPredicate } from './selection.ts';

test('asks for nothing where nothing is given', () => {
  expect(selectionPredicate({})).toBeUndefined();
  expect(selectionPredicate({ q: '  ', filter: [''] })).toBeUndefined();
});

test('joins expression, filter and every word of free text', () => {
  const predicate = selectionPredicate({ where: 'kind == "API"', filter: ['spec.type=grpc'], q: ' Seat  SALES ' });
  expect(predicate).toMatchObject({
    op: 'and',
    args: [
      { op: 'compare', path: ['kind'], cmp: '==', value: 'API' },
      { op: 'field', key: 'spec.type', values: ['grpc'] },
      { op: 'fieldText', term: 'seat' },
      { op: 'fieldText', term: 'sales' },
    ],
  });
});

test('reads no more words than count', () => {
  const predicate = selectionPredicate({ q: Array.from({ length: 50 }, (_, n) => `w${n}`).join(' ') });
  expect(predicate).toMatchObject({ op: 'and', args: { length: 8 } });
});

test('refuses an expression with the place and what is wrong', () => {
  expect(() => selectionPredicate({ where: 'kind ==\n  "API' })).toThrow(
    expect.objectContaining({ code: 'EXPRESSION_INVALID', status: 400, details: expect.objectContaining({ line: 2 }) }),
  );
});

test('compiles an expression that is asked again once, and forgets what was not asked for long', () => {
  const first = selectionPredicate({ where: 'kind == "API"' });
  expect(selectionPredicate({ where: 'kind == "API"' })).toBe(first);
  for (let turn = 0; turn < 300; turn += 1) selectionPredicate({ where: `spec.number == ${turn}` });
  expect(selectionPredicate({ where: 'kind == "API"' })).not.toBe(first);
});

test.each([
  ['metadata.name', 'metadata.name', 'asc'],
  ['metadata.name:asc', 'metadata.name', 'asc'],
  ['metadata.name:desc', 'metadata.name', 'desc'],
  ['metadata.tags.env:prod', 'metadata.tags.env:prod', 'asc'],
  ['metadata.tags.env:prod:desc', 'metadata.tags.env:prod', 'desc'],
])('reads the order %s', (order, path, direction) => {
  expect(parseOrder(order)).toEqual({ path, direction });
});
