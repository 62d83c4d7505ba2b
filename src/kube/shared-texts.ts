const SLOTS = 4096;
/** Longer ones seldom come again, bytes. */
const LONGEST = 96;

/**
 * Turns bytes into texts, and gives back the text that it made of the same bytes before where it still has it: comparing them
 * costs less than making another one.
 */
export class SharedTexts {
  readonly #known: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** The text that stands in some bytes, as UTF-8. */
  read(bytes: Buffer, from: number, end: number): string {
    const length = end - from;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', from, end);
    let hash = length;
    for (let at = from; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.#known[slot];
    if (known !== undefined && known.length === length && isSame(known, bytes, from)) return known;
    const text = bytes.toString('utf8', from, end);
    // Where letters take more than a byte each, it is never compared with bytes.
    if (text.length === length) this.#known[slot] = text;
    return text;
  }
}

function isSame(text: string, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== bytes[from + at]) return false;
  }
  return true;
}
