import type { Layout } from '../columns.ts';
import type { Shard } from '../shard.ts';

/** The cells of some columns of a row, as the shard holds them: words by their ids; 0 for a column that the kind does not have. */
export type WatchedCells = Float64Array;

/** Sees which of some columns of a row change, without reading a text. Columns of texts cannot be watched. */
export class SlotWatch {
  readonly #places: readonly (readonly [at: number, isAmount: boolean])[];
  /** The row before it is written. */
  readonly before: WatchedCells;
  /** The row as it is now. */
  readonly after: WatchedCells;

  constructor({ byName }: Layout, columns: readonly string[]) {
    this.#places = columns.map((name) => {
      const place = byName.get(name);
      return place === undefined ? [-1, false] : [place.at, place.holding === 'amount'];
    });
    this.before = new Float64Array(columns.length);
    this.after = new Float64Array(columns.length);
  }

  /** Remembers a row that is about to be written, or the row of an older list. */
  note(shard: Shard, row: number): void {
    this.#read(shard, row, this.before);
  }

  /** Reads the row as it is now. @returns whether one of the columns is another than before */
  compare(shard: Shard, row: number): boolean {
    this.#read(shard, row, this.after);
    for (let index = 0; index < this.before.length; index += 1) if (this.isOther(index)) return true;
    return false;
  }

  /** Whether a column, by its place in the list, is another than before. */
  isOther(index: number): boolean {
    return !Object.is(this.before[index], this.after[index]);
  }

  #read(shard: Shard, row: number, cells: WatchedCells): void {
    for (let index = 0; index < this.#places.length; index += 1) {
      const place = this.#places[index];
      if (place === undefined || place[0] < 0) continue;
      cells[index] = place[1] ? shard.amount(row, place[0]) : shard.slot(row, place[0]);
    }
  }
}
