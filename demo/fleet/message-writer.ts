const SMALL = 24;
const FIRST_CAPACITY = 64 * 1024;

/** Copies stand together in pieces of memory of this size: one piece for each event is much to collect. */
const PIECE_BYTES = 512 * 1024;
let piece = Buffer.alloc(0);
let used = 0;

function copied(bytes: Buffer): Buffer {
  if (bytes.length > PIECE_BYTES / 8) return Buffer.from(bytes);
  if (used + bytes.length > piece.length) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    used = 0;
  }
  const copy = piece.subarray(used, used + bytes.length);
  copy.set(bytes);
  used += bytes.length;
  return copy;
}

/** Bytes of protobuf, written from the back to the front: the length of a message is known when it is to be written. */
export class BackwardWriter {
  #bytes: Buffer;
  #at: number;

  constructor(capacity = FIRST_CAPACITY) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#at = capacity;
  }

  /** How much was written. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** Puts bytes before what is there. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    if (this.#at < length) this.#grow(length);
    this.#at -= length;
    if (length > SMALL) {
      this.#bytes.set(bytes, this.#at);
      return;
    }
    for (let at = 0; at < length; at += 1) this.#bytes[this.#at + at] = bytes[at] as number;
  }

  /** Puts a text of ASCII before what is there, without its length. */
  ascii(text: string): void {
    const { length } = text;
    if (this.#at < length) this.#grow(length);
    this.#at -= length;
    if (length > SMALL) {
      this.#bytes.write(text, this.#at, 'latin1');
      return;
    }
    for (let at = 0; at < length; at += 1) this.#bytes[this.#at + at] = text.charCodeAt(at);
  }

  /** Puts a whole number from 0 to 2^53 before what is there. */
  varint(value: number): void {
    if (this.#at < 10) this.#grow(10);
    let length = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
    this.#at -= length;
    let rest = value;
    for (let at = 0; at < length - 1; at += 1) {
      this.#bytes[this.#at + at] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at + length - 1] = rest;
  }

  /** Puts a field that has a length before what is there. @param number of the field, up to 15 */
  field(number: number, write: () => void): void {
    const before = this.length;
    write();
    this.varint(this.length - before);
    this.varint(number * 8 + 2);
  }

  /** What was written: a copy. */
  get written(): Buffer {
    return copied(this.#bytes.subarray(this.#at));
  }

  /** Begins anew. */
  clear(): void {
    this.#at = this.#bytes.length;
  }

  #grow(by: number): void {
    const { length } = this;
    const grown = Buffer.allocUnsafeSlow(2 * this.#bytes.length + by);
    grown.set(this.#bytes.subarray(this.#at), grown.length - length);
    this.#bytes = grown;
    this.#at = grown.length - length;
  }
}
