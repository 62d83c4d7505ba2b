import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberList } from './number-list.ts';
import { TextColumn, textBytes } from './text-column.ts';

function columnOf(texts: readonly string[]): TextColumn {
  const starts = new NumberList();
  let length = 0;
  const bytes = texts.map((text) => {
    starts.push(length);
    const own = textBytes(text);
    length += own.length;
    return own;
  });
  starts.push(length);
  return new TextColumn(Buffer.concat(bytes), starts.numbers());
}

test('texts of any characters come back, halves of surrogate pairs too', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud800', 'a\udfff', 'ÿ', '\u00ff"'));
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const column = columnOf(texts);
      expect(column.length).toBe(texts.length);
      expect(texts.map((_, index) => column.at(index))).toEqual(texts);
    }),
  );
});

test('beyond the last text there is none', () => {
  expect(columnOf(['a']).at(1)).toBe('');
  expect(columnOf([]).at(0)).toBe('');
});
