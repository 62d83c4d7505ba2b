import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatList, parseList, parseSearch, stringifySearch, toggleInList } from './search-codec.ts';

test('a query reads back as it was written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
      (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
      },
    ),
  );
});

test('refs stay readable and what has no value is left out', () => {
  expect(stringifySearch({ owner: 'group:default/a,group:b/c', q: 'pay ment', kind: undefined })).toBe(
    '?owner=group:default/a,group:b/c&q=pay+ment',
  );
  expect(stringifySearch({ kind: undefined })).toBe('');
});

test('lists read back as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (items) => {
      // One empty item and no item look the same in a URL; the empty list is the useful reading.
      fc.pre(items.length > 1 || items[0] !== '');
      expect(parseList(formatList(items))).toEqual(items);
    }),
  );
});

test('toggling twice changes nothing', () => {
  expect(toggleInList('a', 'b')).toBe('a,b');
  expect(toggleInList('a,b', 'b')).toBe('a');
  expect(toggleInList('b', 'b')).toBeUndefined();
});
