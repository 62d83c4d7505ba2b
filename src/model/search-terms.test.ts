import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meantValues, searchFilter, SEARCH_FILTERS } from './search-filters.ts';
import { formatSearchTerms, parseSearchTerms, type SearchTerm } from './search-terms.ts';

function termsOf(text: string): readonly SearchTerm[] {
  const { terms, problems } = parseSearchTerms(text);
  expect(problems).toEqual([]);
  return terms.map(({ start: _start, end: _end, ...term }) => term);
}

function problemOf(text: string): string {
  const { problems } = parseSearchTerms(text);
  return problems.map(({ message, start, end }) => `${start}-${end} ${message}`).join('\n');
}

test('reads filters, their alternatives, negation, comparison, quotes and words', () => {
  expect(termsOf('owner:team-a -kind:api,Component facts.x.y>=3 spec.size!=small "pay in" -draft desk')).toEqual([
    { op: 'filter', key: 'owner', operator: ':', values: ['team-a'], isNegated: false },
    { op: 'filter', key: 'kind', operator: ':', values: ['api', 'Component'], isNegated: true },
    { op: 'filter', key: 'facts.x.y', operator: '>=', values: ['3'], isNegated: false },
    { op: 'filter', key: 'spec.size', operator: ':', values: ['small'], isNegated: true },
    { op: 'text', text: 'pay in', isNegated: false },
    { op: 'text', text: 'draft', isNegated: true },
    { op: 'text', text: 'desk', isNegated: false },
  ]);
  expect(termsOf('tag:"a b","c,d",e\\f metadata.annotations.backstage.io/x:y=z')).toEqual([
    { op: 'filter', key: 'tag', operator: ':', values: ['a b', 'c,d', 'e\\f'], isNegated: false },
    { op: 'filter', key: 'metadata.annotations.backstage.io/x', operator: ':', values: ['y=z'], isNegated: false },
  ]);
});

test('short names do not look at letter case, paths keep theirs', () => {
  expect(termsOf('Owner:a HAS:Problems spec.Size:b')).toMatchObject([
    { key: 'owner' },
    { key: 'has', values: ['problems'] },
    { key: 'spec.Size' },
  ]);
});

test('what is no filter is a word', () => {
  expect(termsOf('a>b 10:30 - x=y')).toEqual(
    ['a>b', '10:30', '-', 'x=y'].map((text) => ({ op: 'text', text, isNegated: false })),
  );
  expect(termsOf('  ')).toEqual([]);
});

test('names what makes no sense, and where; the rest is read', () => {
  expect(problemOf('desk ownr:team-a')).toBe(
    '5-16 No filter is called "ownr". Did you mean "owner"? In quotes it is searched as text.',
  );
  expect(problemOf('kind:')).toBe('0-5 kind: needs a value.');
  expect(problemOf('kind:api,')).toBe('0-9 kind: needs a value.');
  expect(problemOf('a "b c')).toBe('2-6 A quote is not closed.');
  expect(problemOf('type>3')).toBe('0-6 type cannot be compared; write type: and a value.');
  expect(problemOf('facts.a<1,2')).toBe('0-11 facts.a< takes one value.');
  expect(problemOf('is:late')).toBe('0-7 is: knows orphan; not late.');
  expect(problemOf('x'.repeat(4001))).toContain('at most 4000 characters');
  expect(problemOf('a '.repeat(101))).toContain('at most 100 parts');
  expect(problemOf(`tag:${'a,'.repeat(200)}a`)).toContain('at most 200 values');
  expect(parseSearchTerms('zzz:1 desk').terms).toMatchObject([{ text: 'desk', start: 6, end: 10 }]);
});

test('a value of a ref is a group or a user, unless it says which', () => {
  const [kind, owner] = [searchFilter('kind'), searchFilter('owner')];
  expect(owner && meantValues(owner, 'Team-A')).toEqual(['group:default/team-a', 'user:default/team-a']);
  expect(owner && meantValues(owner, 'user:ops/jo')).toEqual(['user:ops/jo']);
  expect(kind && meantValues(kind, 'API')).toEqual(['api']);
});

const key = fc.constantFrom(...SEARCH_FILTERS.map((filter) => filter.key), 'spec.a', 'metadata.annotations.x.io/y-z');
const value = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' });
const anyTerm: fc.Arbitrary<SearchTerm> = fc.oneof(
  fc.record({ op: fc.constant('text' as const), text: value, isNegated: fc.boolean() }),
  fc.record({
    op: fc.constant('filter' as const),
    key,
    operator: fc.constant(':' as const),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
    isNegated: fc.boolean(),
  }),
  fc.record({
    op: fc.constant('filter' as const),
    key: fc.constant('facts.a.b'),
    operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
    values: value.map((one) => [one]),
    isNegated: fc.boolean(),
  }),
);

test('what is written is read as it was, and written the same again', () => {
  fc.assert(
    fc.property(fc.array(anyTerm, { maxLength: 8 }), (terms) => {
      const text = formatSearchTerms(terms);
      expect(termsOf(text)).toEqual(terms);
      expect(formatSearchTerms(termsOf(text))).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test('any text is read, in time, and every place lies in it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const { terms, problems } = parseSearchTerms(text);
      for (const { start, end } of [...terms, ...problems]) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 1000 },
  );
});
