import type { LogBook } from './log-book.ts';

/**
 * How many rows of the screen the lines of a book take, so that only those in sight are drawn. Lines that are wrapped break at
 * any letter of a font of one width, so their rows can be counted.
 */
export class LineHeights {
  /** Letters in a row; undefined: lines are not wrapped. */
  readonly #columns: number | undefined;
  /** Rows up to the end of each line from `#first` on. */
  #ends: number[] = [];
  #first = 0;

  /** @param columns letters in a row; undefined: lines are not wrapped */
  constructor(columns: number | undefined) {
    this.#columns = columns;
  }

  /** Counts up to a line. @param end number after the last line that is shown */
  measure(book: LogBook, end: number): void {
    if (book.first !== this.#first) {
      this.#first = book.first;
      this.#ends = [];
    }
    this.#ends.length = Math.min(this.#ends.length, Math.max(0, end - this.#first));
    let total = this.total;
    for (const row of book.rows(this.#first + this.#ends.length, end)) {
      const letters = row.type === 'line' ? row.text.length : 0;
      total += this.#columns === undefined ? 1 : Math.max(1, Math.ceil(letters / this.#columns));
      this.#ends.push(total);
    }
  }

  /** Rows of all lines. */
  get total(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** Rows before a line. */
  before(number: number): number {
    return this.#ends[number - this.#first - 1] ?? (number <= this.#first ? 0 : this.total);
  }

  /** Number of the line at a row. */
  at(row: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }
}
