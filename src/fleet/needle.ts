import { folded, markTrigrams, SIGNATURE_WORDS } from './trigrams.ts';

/** One word that is looked for in many texts; letter case does not count (after Boyer, Moore and Horspool). */
export class Needle {
  readonly text: string;
  readonly #bytes: Buffer;
  /** How far to go on when this byte, in either case, stands under the needle's last. */
  readonly #skips: Uint8Array;
  /** What the signature of a text that holds it holds too: the numbers of it that are not 0, and where they stand. */
  readonly #marks: Int32Array;
  readonly #marked: Uint8Array;

  /** @param text at most 250 bytes, not empty */
  constructor(text: string) {
    this.text = text.toLowerCase();
    this.#bytes = Buffer.from(this.text);
    const last = this.#bytes.length - 1;
    this.#skips = new Uint8Array(256).fill(last + 1);
    for (let at = 0; at < last; at += 1) this.#skips[this.#bytes[at] ?? 0] = last - at;
    for (const [upper, lower] of folded.entries()) this.#skips[upper] = this.#skips[lower] ?? 1;
    const signature = new Int32Array(SIGNATURE_WORDS);
    markTrigrams(signature, 0, this.#bytes, 0, this.#bytes.length);
    const marked = [...signature.keys()].filter((at) => signature[at] !== 0);
    this.#marked = Uint8Array.from(marked);
    this.#marks = Int32Array.from(marked, (at) => signature[at] ?? 0);
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Whether it may be in one of the texts of a signature. @param at where that stands among `signatures` */
  mayBeIn(signatures: Int32Array, at: number): boolean {
    const [marks, marked] = [this.#marks, this.#marked];
    for (let index = 0; index < marks.length; index += 1) {
      const wanted = marks[index] ?? 0;
      if (((signatures[at + (marked[index] ?? 0)] ?? 0) & wanted) !== wanted) return false;
    }
    return true;
  }

  /** Where it first is in a run of bytes, from its start; -1: it is not. */
  findIn(bytes: Uint8Array, start: number, length: number): number {
    const needle = this.#bytes;
    const skips = this.#skips;
    const last = needle.length - 1;
    const lastByte = needle[last] ?? 0;
    const stop = start + length;
    if (last === 0) {
      // Nothing to skip: steps that do not depend on what was read let the processor look ahead.
      for (let at = start; at < stop; at += 1) if (folded[bytes[at] ?? 0] === lastByte) return at - start;
      return -1;
    }
    for (let end = start + last; end < stop;) {
      const byte = bytes[end] ?? 0;
      if (folded[byte] === lastByte) {
        let at = last;
        while (at > 0 && folded[bytes[end - last + at - 1] ?? 0] === needle[at - 1]) at -= 1;
        if (at === 0) return end - last - start;
      }
      end += skips[byte] ?? 1;
    }
    return -1;
  }
}
