import { expect, test } from 'vitest';
import { changeSearch, clearSearch, filterOf, nextSort, readCatalogSearch, sortOf } from './catalog-search.ts';

test('values of one facet are OR, facets are AND, and a facet can be left out for its own counts', () => {
  const search = { kind: 'component', type: 'service,website', owner: 'group:default/box-office' };
  expect(filterOf(search)).toEqual([
    'kind=component,spec.type=service,spec.type=website,relations.ownedBy=group:default/box-office',
  ]);
  expect(filterOf(search, 'type')).toEqual(['kind=component,relations.ownedBy=group:default/box-office']);
  expect(filterOf({})).toBeUndefined();
});

test('another question starts at its first page', () => {
  expect(changeSearch({ cursor: 'abc', sort: '-kind' }, { q: 'pay' })).toEqual({
    cursor: undefined,
    sort: '-kind',
    q: 'pay',
  });
  expect(changeSearch({ q: 'pay' }, { q: '' }).q).toBeUndefined();
});

test('a column sorts up, then down, and the usual sort leaves the URL', () => {
  expect(sortOf({})).toEqual({ key: 'name', direction: 'asc', order: 'metadata.name:asc' });
  expect(nextSort({}, 'name')).toBe('-name');
  expect(nextSort({ sort: '-name' }, 'name')).toBeUndefined();
  expect(nextSort({}, 'owner')).toBe('owner');
  expect(sortOf({ sort: 'no-such-column' }).key).toBe('name');
});

test('unknown keys stay in the URL, wrong values of known keys do not', () => {
  expect(readCatalogSearch({ kind: 'api', sort: 7, later: 'x' })).toEqual({ kind: 'api', later: 'x' });
});

test('clearing keeps the mode and the sort', () => {
  expect(clearSearch({ where: 'kind == "API"', type: 'x', sort: 'kind' })).toEqual({ where: '', sort: 'kind' });
  expect(clearSearch({ q: 'x' }).where).toBeUndefined();
});
