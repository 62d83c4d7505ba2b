/** Stands before a text that UTF-8 cannot carry, in JSON's escapes; no text in UTF-8 holds this byte. */
const ESCAPED = 0xff;

/** Many texts in one run of bytes, each made into a string only when it is asked for. */
export class TextColumn {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;

  /**
   * @param bytes what `textBytes` gave, one text after the other
   * @param starts where each text begins, and at the end where the last one ends
   */
  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#starts = starts;
  }

  /** Number of texts. */
  get length(): number {
    return this.#starts.length - 1;
  }

  /** The text at an index; empty where there is none. */
  at(index: number): string {
    const start = this.#starts[index] ?? 0;
    const end = this.#starts[index + 1] ?? start;
    if (end === start) return '';
    if (this.#bytes[start] !== ESCAPED) return this.#bytes.toString('utf8', start, end);
    return JSON.parse(this.#bytes.toString('latin1', start + 1, end)) as string;
  }
}

/** The bytes of one text as `TextColumn` reads them: UTF-8, or escaped where it has halves of surrogate pairs. */
export function textBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat([Buffer.of(ESCAPED), Buffer.from(JSON.stringify(text))]);
}
