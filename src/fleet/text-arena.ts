/** Garbage below this is not worth moving anything. */
const LEAST_GARBAGE = 16 * 1024;

/** The bytes of all texts of a shard, one after the other. Where a text stands, its owner knows. */
export class TextArena {
  bytes: Buffer = Buffer.alloc(0);
  #used = 0;
  #garbage = 0;

  get byteLength(): number {
    return this.bytes.length;
  }

  /** More is garbage than is held. */
  get isWasteful(): boolean {
    return this.#garbage > LEAST_GARBAGE && this.#garbage * 2 > this.#used;
  }

  /** Adds a text. @returns where it begins */
  add(source: Uint8Array, start: number, length: number): number {
    const at = this.#used;
    this.reserve(length);
    this.bytes.set(source.subarray(start, start + length), at);
    this.#used += length;
    return at;
  }

  /** Makes room for so many bytes more. */
  reserve(length: number): void {
    const needed = this.#used + length;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 64, this.bytes.length + (this.bytes.length >>> 1)));
    larger.set(this.bytes.subarray(0, this.#used));
    this.bytes = larger;
  }

  /** Begins anew with other memory; who still has the old bytes may read them. */
  clear(): void {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(64, this.#used - this.#garbage));
    this.#used = 0;
    this.#garbage = 0;
  }

  /** A text of this length is not held any more. */
  drop(length: number): void {
    this.#garbage += length;
  }
}
