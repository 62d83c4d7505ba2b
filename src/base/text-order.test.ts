import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareText } from './text-order.ts';

test('orders text as its UTF-8 bytes order', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(Math.sign(compareText(left, right))).toBe(expected);
    }),
  );
});

test('an astral character comes after the end of the basic plane', () => {
  expect(compareText('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});
