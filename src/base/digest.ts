import { hash } from 'node:crypto';

/** 64 bits as two unsigned 32-bit halves: cheap to combine without BigInt. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** The first 64 bits of the SHA-1 of `text`: where a collision that somebody looked for would do harm. */
export function hash64(text: string): Hash64 {
  const bytes = hash('sha1', text, 'buffer');
  return { high: bytes.readUInt32BE(0), low: bytes.readUInt32BE(4) };
}

/**
 * 64 bits that differ for texts that differ, as far as chance allows: two multiplicative hashes of 32 bits side by side,
 * mixed at the end (after MurmurHash3's finalizer). A third of a microsecond for a short text, where SHA-1 takes four. Not
 * for security, nor to be kept: another version may give other bits.
 */
export function quickHash64(text: string): Hash64 {
  let high = 0x9e3779b9 ^ text.length;
  let low = 0x85ebca6b ^ text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  high = mixed(high ^ (low >>> 7));
  low = mixed(low ^ (high >>> 11));
  return { high: high >>> 0, low: low >>> 0 };
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/**
 * Order-independent digest of a set of records, kept up to date one record at a time: the exclusive or of their hashes,
 * and their number. Two sets with the same records have the same text, in whatever order they were added.
 */
export class DigestSum {
  #high = 0;
  #low = 0;
  #count = 0;

  /** Takes in a record that is not in the set. */
  add(record: Hash64): void {
    this.#high = (this.#high ^ record.high) >>> 0;
    this.#low = (this.#low ^ record.low) >>> 0;
    this.#count += 1;
  }

  /** Takes out a record that is in the set. */
  remove(record: Hash64): void {
    this.add(record);
    this.#count -= 2;
  }

  /** Takes in a set of records whose sum was kept. @param sum what `toString` gave */
  addSum(sum: string): void {
    const [hash = '', count = ''] = sum.split('-');
    this.add({ high: Number.parseInt(hash.slice(0, 8), 16), low: Number.parseInt(hash.slice(8), 16) });
    this.#count += Number.parseInt(count, 16) - 1;
  }

  /** Hash and number of records in lower-case hex, joined by `-`. */
  toString(): string {
    return `${hex32(this.#high)}${hex32(this.#low)}-${this.#count.toString(16)}`;
  }
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
