import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containsLike, literalOf } from './like-pattern.ts';

test.each([
  ['100%', '100% sure', true],
  ['100%', 'exactly 100', true],
  ['100%', '10', false],
  ['%', '', true],
  ['%', 'anything', true],
  ['_', '', false],
  ['_', 'a', true],
  ['a_c', 'xabcx', true],
  ['a_c', 'ac', false],
  ['a%c', 'a-long-way-to-c', true],
  ['a%c', 'c before a', false],
  ['a%b%a', 'ab', false],
  ['_%_%_', 'ab', false],
  ['\\%', '100%', true],
  ['\\%', '100', false],
  ['\\_', 'snake_case', true],
  ['\\_', 'kebab-case', false],
  ['\\\\', 'back\\slash', true],
  ['a\\', 'a\\b', true],
  ['x_y', 'x😀y', true],
  ['plain', 'this is plain', true],
])('%s in %j: %s', (term, text, expected) => {
  expect(containsLike(term)(text)).toBe(expected);
});

test('agrees with a regular expression of the same meaning', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(letters, texts, (term, text) => {
      const source = Array.from(term)
        .map((letter) => (letter === '%' ? '.*' : letter === '_' ? '.' : letter))
        .join('');
      expect(containsLike(term)(text)).toBe(new RegExp(source, 's').test(text));
    }),
    { numRuns: 1_000 },
  );
});

test('whatever looks like a term contains its longest literal', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\', '😀'), maxLength: 8 });
  fc.assert(
    fc.property(text, text, (term, found) => {
      if (containsLike(term)(found)) expect(found).toContain(literalOf(term));
    }),
    { numRuns: 2000 },
  );
  expect(['plain', 'a_bcd%e', '%_', '1\\%2_3'].map(literalOf)).toEqual(['plain', 'bcd', '', '1%2']);
});
