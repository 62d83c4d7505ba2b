import { sameBytes } from './encoded-text.ts';
import { type TrigramFilter, trigramPlaces } from './trigram-filter.ts';

/** Letters as they are compared: A to Z as a to z. Names, labels and images of Kubernetes are ASCII. */
const folded = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/** What names, labels and images are mostly made of, the most frequent first; native code is slow to look for what begins with these. */
const frequent = 'era-.tpsoilcm/yn10gxf48b326:';
/** What is looked for in native code is not shorter. */
const LEAST_TAIL = 3;

/** One word that is looked for in many texts; letter case does not count (after Boyer, Moore and Horspool). */
export class Needle {
  readonly text: string;
  readonly #bytes: Buffer;
  /** How far to go on when this byte, in either case, stands under the needle's last. */
  readonly #skips: Uint8Array;
  /** What a block of texts that holds it holds too. */
  readonly #trigrams: Uint16Array;
  /** The end of it that begins with its rarest letter, and where that is. */
  readonly #tail: Buffer;
  readonly #tailAt: number;

  /** @param text at most 250 bytes, not empty */
  constructor(text: string) {
    this.text = text.toLowerCase();
    this.#bytes = Buffer.from(this.text);
    const last = this.#bytes.length - 1;
    this.#skips = new Uint8Array(256).fill(last + 1);
    for (let at = 0; at < last; at += 1) this.#skips[this.#bytes[at] ?? 0] = last - at;
    for (const [upper, lower] of folded.entries()) this.#skips[upper] = this.#skips[lower] ?? 1;
    this.#tailAt = rarestPlace(this.#bytes.subarray(0, Math.max(1, last + 2 - LEAST_TAIL)));
    this.#tail = this.#bytes.subarray(this.#tailAt);
    this.#trigrams = trigramPlaces(this.#bytes);
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Whether it may be in the lower-case texts of a block. */
  mayBeIn(filter: TrigramFilter): boolean {
    return filter.mayHold(this.#trigrams);
  }

  /**
   * Where it is next in a long run of lower-case texts, such as names of Kubernetes are; -1: it is not. That is looked for in native
   * code, ten times faster than in each text by itself.
   */
  indexIn(bytes: Buffer, from: number, end: number): number {
    const before = this.#tailAt;
    for (let at = bytes.indexOf(this.#tail, from + before); at >= 0; at = bytes.indexOf(this.#tail, at + 1)) {
      if (at + this.#tail.length > end) return -1;
      if (sameBytes(bytes, at - before, this.#bytes, 0, before)) return at - before;
    }
    return -1;
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

/** Where the rarest of some letters is. */
function rarestPlace(letters: Uint8Array): number {
  const ranks = Array.from(letters, (letter) => {
    const rank = frequent.indexOf(String.fromCharCode(letter));
    return rank < 0 ? frequent.length : rank;
  });
  return ranks.indexOf(Math.max(...ranks));
}
