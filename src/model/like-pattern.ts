/** A piece of a pattern between two `%`: one entry a character, `undefined` for `_`. */
type Piece = readonly (string | undefined)[];

/**
 * Makes a test for "contains what looks like this", as SQL's `LIKE '%term%'` reads a term: `%` stands for any text, `_`
 * for any one character, and a backslash takes the meaning from the character after it. Letter case counts.
 * A test takes at most the product of both lengths.
 *
 * @example containsLike('1_0%b')('a 100 a b') // true
 */
export function containsLike(term: string): (text: string) => boolean {
  if (!/[%_\\]/.test(term)) return (text) => text.includes(term);
  const pieces = piecesOf(term);
  return (text) => {
    const characters = Array.from(text);
    let at = 0;
    // The leftmost place of each piece leaves the most room for those after it.
    for (const piece of pieces) {
      const found = placeOf(piece, characters, at);
      if (found === undefined) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** The longest text that stands in whatever looks like this; empty where there is none. */
export function literalOf(term: string): string {
  if (!/[%_\\]/.test(term)) return term;
  let longest = '';
  for (const piece of piecesOf(term)) {
    let literal = '';
    for (const character of piece) {
      literal = character === undefined ? '' : literal + character;
      if (literal.length > longest.length) longest = literal;
    }
  }
  return longest;
}

function piecesOf(term: string): readonly Piece[] {
  const pieces: (string | undefined)[][] = [[]];
  const characters = Array.from(term);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at];
    if (character === '%') pieces.push([]);
    else if (character === '_') pieces.at(-1)?.push(undefined);
    // A backslash at the end stands for itself.
    else if (character === '\\' && at + 1 < characters.length) pieces.at(-1)?.push(characters[(at += 1)]);
    else pieces.at(-1)?.push(character);
  }
  return pieces.filter((piece) => piece.length > 0);
}

function placeOf(piece: Piece, characters: readonly string[], from: number): number | undefined {
  for (let start = from; start + piece.length <= characters.length; start += 1) {
    if (piece.every((wanted, index) => wanted === undefined || wanted === characters[start + index])) return start;
  }
  return undefined;
}
