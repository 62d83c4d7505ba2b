import { momentOf } from '../../api/log-cursor.ts';

/** Bytes of a line that are kept. */
export const MOST_LINE_BYTES = 16_384;

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
/** No moment is written with as many characters. */
const MOST_MOMENT = 64;

/** One line of a log as the cluster sent it. */
export interface RawLine {
  /** RFC 3339 as it came; empty where the line has none. */
  readonly at: string;
  /** The same in ms since 1970 with their fraction; of a line that has none that of the line before it. */
  readonly moment: number;
  readonly text: string;
  /** Bytes that were left out at its end. */
  readonly cut: number;
}

/** Cuts the bytes of a log with timestamps into its lines. A line that is too long keeps its beginning. */
export class LogLines {
  #parts: Buffer[] = [];
  #bytes = 0;
  #cut = 0;
  #moment = 0;

  /** The lines that end in a chunk. */
  take(chunk: Uint8Array): RawLine[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: RawLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      this.#keep(bytes.subarray(from, end));
      lines.push(this.#finish());
      from = end + 1;
    }
    if (from < bytes.length) this.#keep(Buffer.from(bytes.subarray(from)));
    return lines;
  }

  /** What the log ended with, where that was not the end of a line. */
  rest(): RawLine[] {
    return this.#bytes === 0 ? [] : [this.#finish()];
  }

  #keep(part: Buffer): void {
    const kept = part.subarray(0, Math.max(0, MOST_LINE_BYTES - this.#bytes));
    if (kept.length > 0) this.#parts.push(kept);
    this.#bytes += kept.length;
    this.#cut += part.length - kept.length;
  }

  #finish(): RawLine {
    const [only] = this.#parts;
    const line = only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts, this.#bytes);
    const cut = this.#cut;
    this.#parts = [];
    this.#bytes = 0;
    this.#cut = 0;
    const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
    return this.#stamped(line.subarray(0, end), cut);
  }

  #stamped(line: Buffer, cut: number): RawLine {
    const space = line.indexOf(SPACE);
    // Both are texts of their own: a piece of the line's text would keep all of it in memory, and moments are remembered for long.
    const at = line.toString('latin1', 0, Math.min(space === -1 ? line.length : space, MOST_MOMENT));
    if (!MOMENT.test(at)) return { at: '', moment: this.#moment, text: line.toString(), cut };
    this.#moment = momentOf(at) ?? this.#moment;
    return { at, moment: this.#moment, text: space === -1 ? '' : line.toString('utf8', space + 1), cut };
  }
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Colours and other commands to a terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are what must go
const COMMANDS = /\u001B(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** The text without colours and other commands to a terminal. */
export function plainText(text: string): string {
  return text.includes('\u001B') ? text.replace(COMMANDS, '') : text;
}
