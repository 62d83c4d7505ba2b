/** Bits that tell a mark in a signature: the texts of a block of rows set about a third of them. */
const MARK_BITS = 10;
/** Numbers of 32 bits that a signature takes. */
export const SIGNATURE_WORDS = 2 ** (MARK_BITS - 5);
/** How much of a joint is marked: letters before what joins, itself, and letters after it. */
const JOINT = { before: 3, after: 2 } as const;

/** Letters as they are compared: A to Z as a to z. Names, labels and images of Kubernetes are ASCII. */
export const folded = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
/** What joins the parts of names: names are made of few parts, of which each stands in many of them. */
const joins = Uint8Array.from({ length: 256 }, (_, byte) => ('-./:=_'.includes(String.fromCharCode(byte)) ? 1 : 0));

/**
 * Marks the runs of three letters of a text in a signature, and where its parts are joined: a text with another run, or with the same parts
 * joined otherwise, is not among those that were marked.
 *
 * @param marks gets the marks, from `at` on
 */
export function markTrigrams(marks: Int32Array, at: number, bytes: Uint8Array, start: number, length: number): void {
  const end = start + length;
  let [first, second] = [folded[bytes[start] ?? 0] ?? 0, folded[bytes[start + 1] ?? 0] ?? 0];
  for (let place = start + 2; place < end; place += 1) {
    const third = folded[bytes[place] ?? 0] ?? 0;
    mark(marks, at, (first << 16) | (second << 8) | third);
    if (joins[second] === 1 && place - 1 - JOINT.before >= start && place - 1 + JOINT.after < end) {
      mark(marks, at, joint(bytes, place - 1));
    }
    first = second;
    second = third;
  }
}

function joint(bytes: Uint8Array, middle: number): number {
  let letters = 0;
  for (let place = middle - JOINT.before; place <= middle + JOINT.after; place += 1) {
    letters = Math.imul(letters, 31) + (folded[bytes[place] ?? 0] ?? 0);
  }
  return letters;
}

function mark(marks: Int32Array, at: number, run: number): void {
  const bit = Math.imul(run, 0x9e3779b1) >>> (32 - MARK_BITS);
  marks[at + (bit >>> 5)] = (marks[at + (bit >>> 5)] ?? 0) | (1 << (bit & 31));
}
