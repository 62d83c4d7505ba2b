const NEWLINE = 10;

/** A line of JSON of an object is at most about 1.5 MB, since etcd takes no more; bytes. */
export const LONGEST_LINE = 8 * 1024 * 1024;

/** A line that is longer than it may be. */
export class LineTooLong extends Error {
  constructor(bytes: number) {
    super(`A line is longer than ${bytes} bytes`);
  }
}

/** Cuts a stream of bytes into its lines. What is left of a line waits for its end and is joined once. */
export class LineSplitter {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** @param longest how long a line may be, bytes */
  constructor(longest = LONGEST_LINE) {
    this.#longest = longest;
  }

  /** True while a line has begun and not ended. */
  get hasRest(): boolean {
    return this.#bytes > 0;
  }

  /** The lines that end in a chunk, without their ends; empty ones are left out. @throws LineTooLong */
  take(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const line = this.#join(chunk.subarray(from, end));
      if (line.length > 0) lines.push(line);
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#longest) throw new LineTooLong(this.#longest);
    this.#parts.push(part);
  }

  #join(end: Buffer): Buffer {
    if (end.length > this.#longest) throw new LineTooLong(this.#longest);
    if (this.#parts.length === 0) return end;
    this.#keep(end);
    const line = Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return line;
  }
}
