import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearchTerms } from '../../../src/model/search-terms.ts';
import { columnsOf, formatColumns } from './catalog-columns.ts';
import {
  changeSearch,
  clearSearch,
  FILTER_KEYS,
  isNarrowed,
  nextSort,
  readCatalogSearch,
  searchText,
  sortOf,
  termsOf,
  valuesOf,
  withTerms,
  withValues,
  type CatalogSearch,
} from './catalog-search.ts';

test('every filter is a parameter of its own; a facet can be left out for its own counts', () => {
  const search = { kind: 'component', type: 'service,website,-library', owner: 'group:default/box-office', q: 'sells' };
  expect(searchText(search)).toBe(
    'kind:component type:service,website -type:library owner:group:default/box-office sells',
  );
  expect(searchText(search, 'type')).toBe('kind:component owner:group:default/box-office sells');
  expect(searchText({})).toBeUndefined();
  expect(valuesOf(search, 'type')).toEqual(['service', 'website']);
  expect(valuesOf(search, 'type', true)).toEqual(['library']);
  expect(isNarrowed({ q: 'x' })).toBe(true);
  expect(isNarrowed({ where: '', sort: 'kind' })).toBe(false);
});

test('filters that stand in the text are read as parameters; paths and words stay, and wrong ones as they are', () => {
  expect(readCatalogSearch({ q: 'desk kind:API -tag:a facts.a.b>3', tag: 'b' })).toEqual({
    kind: 'API',
    tag: 'b,-a',
    q: 'desk facts.a.b>3',
    cursor: undefined,
  });
  const wrong = { q: 'desk ownr:a kind:api' };
  expect(readCatalogSearch(wrong)).toEqual(wrong);
  expect(searchText(wrong)).toBe('desk kind:api');
});

test('another question starts at its first page', () => {
  expect(changeSearch({ cursor: 'abc', sort: '-kind' }, { q: 'pay' })).toEqual({
    cursor: undefined,
    sort: '-kind',
    q: 'pay',
  });
  expect(changeSearch({ q: 'pay' }, { q: '' }).q).toBeUndefined();
  expect(withValues({ cursor: 'abc', tag: 'x', q: 'pay' }, 'tag', ['a,b'], ['-c'])).toMatchObject({
    cursor: undefined,
    tag: 'a\\,b,-\\\\-c',
    q: 'pay',
  });
});

test('a column sorts up, then down, and the usual sort leaves the URL', () => {
  expect(sortOf({})).toEqual({ key: 'name', direction: 'asc', order: 'metadata.name:asc' });
  expect(sortOf({ sort: '-facts.completeness.score' }).order).toBe('facts.completeness.score:desc');
  expect(sortOf({ sort: 'owner' }).order).toBe('spec.owner:asc');
  expect(nextSort({}, 'name')).toBe('-name');
  expect(nextSort({ sort: '-name' }, 'name')).toBeUndefined();
  expect(nextSort({}, 'owner')).toBe('owner');
  expect(sortOf({ sort: 'no-such-column' }).key).toBe('name');
});

test('columns are keys and paths; the usual ones leave the URL, and unknown ones do not count', () => {
  const keys = (cols?: string): readonly string[] => columnsOf(cols).map(({ key }) => key);
  expect(keys()).toEqual(['kind', 'type', 'owner', 'lifecycle', 'system']);
  expect(keys('owner,name,nothing,owner,metadata.annotations.example.org/size')).toEqual([
    'owner',
    'metadata.annotations.example.org/size',
  ]);
  expect(columnsOf('metadata.annotations.example.org/size,relations.dependsOn')).toMatchObject([
    { title: 'size', fields: ['metadata.annotations.example.org/size'] },
    { title: 'dependsOn', fields: ['relations'] },
  ]);
  expect(formatColumns(['kind', 'type', 'owner', 'lifecycle', 'system'])).toBeUndefined();
  expect(formatColumns(['owner'])).toBe('owner');
  expect(keys(formatColumns([]))).toEqual([]);
});

test('unknown keys stay in the URL, wrong values of known keys do not', () => {
  expect(readCatalogSearch({ kind: 'api', sort: 7, later: 'x' })).toEqual({ kind: 'api', later: 'x' });
});

test('clearing keeps the mode, the sort and the columns', () => {
  expect(clearSearch({ where: 'kind == "API"', type: 'x', sort: 'kind', cols: 'owner' })).toEqual({
    where: '',
    sort: 'kind',
    cols: 'owner',
  });
  expect(clearSearch({ q: 'x' }).where).toBeUndefined();
});

test('what the URL holds is what was asked', () => {
  const value = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' });
  const parameter = fc.constantFrom(...FILTER_KEYS.filter((key) => key !== 'has' && key !== 'is'));
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.uniqueArray(parameter, { maxLength: 4 }),
      values,
      values,
      fc.string(),
      (keys, wanted, excluded, q) => {
        let search: CatalogSearch = { q };
        for (const key of keys) search = withValues(search, key, wanted, excluded);
        for (const key of keys) {
          expect(valuesOf(search, key)).toEqual(wanted);
          expect(valuesOf(search, key, true)).toEqual(excluded);
        }
        expect(termsOf(withTerms({}, termsOf(search)))).toEqual(termsOf(search));
        expect(parseSearchTerms(searchText(search) ?? '').problems).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
