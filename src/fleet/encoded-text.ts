/** FNV-1a, 32 bits. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** A text as UTF-8 in memory that is used again for the next one, with its hash. */
export class EncodedText {
  bytes = Buffer.allocUnsafeSlow(4096);
  length = 0;
  /** Of the bytes; unsigned. */
  hash = 0;

  /** Takes a text. One loop writes and hashes: almost all texts of clusters are ASCII. */
  set(text: string): this {
    const { length } = text;
    if (length * 3 > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(length * 4);
    const { bytes } = this;
    let hash = OFFSET_BASIS;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > 127) return this.#setWide(text);
      bytes[at] = unit;
      hash = Math.imul(hash ^ unit, PRIME);
    }
    this.length = length;
    this.hash = mixed(hash);
    return this;
  }

  /** Takes bytes that are UTF-8 already. */
  setBytes(source: Uint8Array, start: number, end: number): this {
    const length = end - start;
    if (length > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(length * 2);
    const { bytes } = this;
    for (let at = 0; at < length; at += 1) bytes[at] = source[start + at] ?? 0;
    this.length = length;
    this.hash = hashOf(bytes, 0, length);
    return this;
  }

  #setWide(text: string): this {
    this.length = this.bytes.write(text, 'utf8');
    this.hash = hashOf(this.bytes, 0, this.length);
    return this;
  }
}

/** The hash of bytes, as `EncodedText` makes it. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = OFFSET_BASIS;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), PRIME);
  return mixed(hash);
}

/** Whether two runs of bytes are the same; they are short, so a loop is faster than a call into native code. */
export function sameBytes(
  left: Uint8Array,
  leftStart: number,
  right: Uint8Array,
  rightStart: number,
  length: number,
): boolean {
  for (let at = 0; at < length; at += 1) if (left[leftStart + at] !== right[rightStart + at]) return false;
  return true;
}

/** Order of two runs of UTF-8, which is that of their code points. */
export function compareBytes(
  left: Uint8Array,
  leftStart: number,
  leftLength: number,
  right: Uint8Array,
  rightStart: number,
  rightLength: number,
): number {
  const length = Math.min(leftLength, rightLength);
  for (let at = 0; at < length; at += 1) {
    const difference = (left[leftStart + at] ?? 0) - (right[rightStart + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return leftLength - rightLength;
}

/** Spreads a hash over its low bits, which choose places in tables; unsigned. */
export function mixed(hash: number): number {
  let mix = hash ^ (hash >>> 16);
  mix = Math.imul(mix, 0x7feb352d);
  mix ^= mix >>> 15;
  return mix >>> 0;
}
