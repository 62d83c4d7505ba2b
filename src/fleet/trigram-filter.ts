/** Bits that tell a place in the largest filter. */
const LARGEST = 16;
/** Bits that tell a place in a filter for a block of some 16 KiB: it sets about a quarter of its places. */
const USUAL = 14;

/** Which runs of three bytes stand in a block of texts: a needle with another one is not in it, and the block need not be read. */
export class TrigramFilter {
  readonly #bits: Uint8Array;
  readonly #shift: number;

  /** @param bits of the number of a place; of places that many texts set there should be more, at most 2^16 */
  constructor(bits = USUAL) {
    this.#bits = new Uint8Array(2 ** (bits - 3));
    this.#shift = LARGEST - bits;
  }

  get byteLength(): number {
    return this.#bits.length;
  }

  /** Takes note of a text that is added to the block. */
  add(bytes: Uint8Array, start: number, length: number): void {
    let [first, second] = [bytes[start] ?? 0, bytes[start + 1] ?? 0];
    for (let at = start + 2; at < start + length; at += 1) {
      const third = bytes[at] ?? 0;
      const bit = placeOf(first, second, third) >>> this.#shift;
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
      first = second;
      second = third;
    }
  }

  /** Whether texts with all these runs may be in the block. @param places of `trigramPlaces` */
  mayHold(places: Uint16Array): boolean {
    for (const place of places) {
      const bit = place >>> this.#shift;
      if (((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  clear(): void {
    this.#bits.fill(0);
  }
}

/** The places of the runs of three of some bytes in every filter; none of fewer. */
export function trigramPlaces(bytes: Uint8Array): Uint16Array {
  return Uint16Array.from({ length: Math.max(0, bytes.length - 2) }, (_, at) =>
    placeOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0),
  );
}

function placeOf(first: number, second: number, third: number): number {
  return Math.imul((first << 16) | (second << 8) | third, 0x9e3779b1) >>> (32 - LARGEST);
}
