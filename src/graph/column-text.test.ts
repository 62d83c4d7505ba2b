import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scalar } from '../model/predicate.ts';
import { Dictionary } from './dictionary.ts';
import { type Column, flavour, lowerText } from './term.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '\u0000', 'é', '😀'), maxLength: 6 });
const value: fc.Arbitrary<Scalar> = fc.oneof(word, fc.integer({ min: 0, max: 99 }), fc.boolean(), fc.constant(null));

function texts(column: Column, part: string): readonly string[] {
  const found = new Set<string>();
  for (const term of column.termsWith(part)) {
    const text = lowerText(term.value);
    if (text?.includes(part) && column.terms.get(term.value) === term) found.add(text);
  }
  return [...found].sort();
}

test('the parts of values are found as by asking each, while values come and go', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.array(word, { maxLength: 6 }), (values, parts) => {
      const dictionary = new Dictionary();
      const node = dictionary.child(dictionary.root, 'title');
      for (const [index, one] of values.entries()) {
        const term = dictionary.pin(node, flavour.scalar, one);
        if (index % 5 === 4) dictionary.unpin([term]);
        const column = node.column(flavour.scalar);
        if (column === undefined) continue;
        for (const part of parts.map((each) => each.toLowerCase())) {
          const all = [...column.terms.values()].map((term) => lowerText(term.value) ?? '\n');
          const expected = new Set(all.filter((text) => text.includes(part) && text !== '\n'));
          expect(texts(column, part)).toEqual([...expected].sort());
        }
      }
    }),
  );
});
