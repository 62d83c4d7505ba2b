import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText, startsWord, typoLength } from './folded-text.ts';

test('folds case, accents and what separates words, unit by unit', () => {
  expect(foldText('Ticket-Desk_v2')).toBe('ticket desk v2');
  expect(foldText('Café Müller')).toBe('cafe muller');
  expect(foldText('Билеты/касса')).toBe('билеты касса');
  expect(foldText('ﬃ İx 🎭!')).toHaveLength('ﬃ İx 🎭!'.length);
});

test('a folded text is as long as the text, and folding it again changes nothing', () => {
  const check = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const folded = foldText(text);
    expect(folded).toHaveLength(text.length);
    expect(foldText(folded)).toBe(folded);
  });
  fc.assert(check, { numRuns: 500 });
});

test.each([
  ['ticket-desk', [0, 7]],
  ['ticketDesk', [0, 6]],
  ['HTTPServer', [0, 4]],
  ['api v2Beta', [0, 4, 6]],
  ['  --', []],
])('words of %s begin at %j', (text, starts) => {
  const folded = foldText(text);
  const found = Array.from(text, (_, at) => at).filter((at) => startsWord(text, folded, at));
  expect(found).toEqual(starts);
});

test.each([
  ['chekcout', 'checkout', 8],
  ['checkut', 'checkout', 8],
  ['cheeckout', 'checkout', 8],
  ['checkaut', 'checkout', 8],
  ['xheck', 'checkout', 5],
  ['heck', 'checkout', 5],
  ['ticketdesk', 'ticket desk', 11],
  ['chekc', 'checkout', 5],
  ['pay', 'pax', -1],
  ['chekuot', 'checkout', -1],
])('%s means %s over %i letters', (word, folded, length) => {
  expect(typoLength(folded, 0, word)).toBe(length);
});

test('an error in the last letter counts only where the word ends', () => {
  expect(typoLength('pays', 0, 'payd')).toBe(4);
  expect(typoLength('pay', 0, 'payd')).toBe(3);
  expect(typoLength('payments', 0, 'payd')).toBe(-1);
});

/** Edit distance with swaps of neighbours, by the definition. */
function distance(left: string, right: string): number {
  const rows = Array.from({ length: left.length + 1 }, (_, row) =>
    Array.from({ length: right.length + 1 }, (__, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= left.length; row += 1) {
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swaps = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (same ? 0 : 1));
      (rows[row] ?? [])[column] = swaps ? Math.min(best, at(row - 2, column - 2) + 1) : best;
    }
  }
  return at(left.length, right.length);
}

test('finds what lies one error away from the beginning of a text, and nothing else', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 });
  const check = fc.property(letters, letters, (word, folded) => {
    const length = typoLength(folded, 0, word);
    const near = [word.length - 1, word.length, word.length + 1].filter(
      (end) => end <= folded.length && distance(word, folded.slice(0, end)) <= 1,
    );
    if (length !== -1) expect(near).toContain(length);
    // What is near is missed only where an error in the last letter alone would explain it, in the middle of a word.
    else expect(near.every((end) => end < folded.length && folded.startsWith(word.slice(0, -1)))).toBe(true);
  });
  fc.assert(check, { numRuns: 2_000 });
});
