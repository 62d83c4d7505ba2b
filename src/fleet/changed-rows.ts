/** Changes of which the rows are remembered: those of several seconds, also of a shard that changes much. */
const MOST = 128;

/** The rows that changed last, so that what was worked out of all rows need not be worked out anew. */
export class ChangedRows {
  /** How many changes there were. */
  count = 0;
  /** By the last bits of the number of a change; absent until somebody wants to know. */
  #rows: Uint32Array<ArrayBuffer> | undefined;
  /** The number of changes when it was begun to remember them. */
  #from = 0;

  note(row: number): void {
    if (this.#rows !== undefined) this.#rows[this.count % MOST] = row;
    this.count += 1;
  }

  /** From now on rows are remembered. @returns `count` */
  remember(): number {
    if (this.#rows === undefined) {
      this.#rows = new Uint32Array(MOST);
      this.#from = this.count;
    }
    return this.count;
  }

  /** The rows that changed since there were so many changes, some more than once; undefined: not all are remembered. */
  since(count: number): readonly number[] | undefined {
    const rows = this.#rows;
    const missed = this.count - count;
    if (rows === undefined || count < this.#from || missed > MOST) return undefined;
    return Array.from({ length: missed }, (_, at) => rows[(count + at) % MOST] ?? 0);
  }
}
