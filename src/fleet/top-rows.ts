import type { Hit, RowOrder } from './row-order.ts';
import type { ShardPlace } from './shard-place.ts';

/** A row with how well it fits; the least comes first. */
export interface RankedHit extends Hit {
  readonly rank: number;
}

/** The first rows, by rank and then in an order, of any number that are offered: a heap with the last of them on top. */
export class TopRows {
  readonly #limit: number;
  readonly #order: RowOrder;
  readonly #heap: RankedHit[] = [];

  constructor(limit: number, order: RowOrder) {
    this.#limit = limit;
    this.#order = order;
  }

  /** Whether all that can still come in stands before a place, in an order of places without ranks. */
  isBefore(place: ShardPlace): boolean {
    const last = this.#heap[0];
    if (last === undefined || this.#heap.length < this.#limit) return false;
    return this.#order.column === undefined && last.place.index < place.index;
  }

  /** Moves those of the first `count` rows of a place to the front that may come in, without ranks. @returns how many */
  keepPossible(place: ShardPlace, rows: Uint32Array, count: number): number {
    const last = this.#heap[0];
    if (last === undefined || this.#heap.length < this.#limit) return count;
    return this.#order.keepBefore(place, rows, count, last);
  }

  offer(place: ShardPlace, row: number, rank: number): void {
    const last = this.#heap[0];
    if (last === undefined || this.#heap.length < this.#limit) {
      this.#rise({ place, row, rank });
      return;
    }
    if (rank > last.rank) return;
    if (rank < last.rank || this.#order.compare(place, row, last.place, last.row) < 0) this.#sink({ place, row, rank });
  }

  sorted(): readonly RankedHit[] {
    return [...this.#heap].sort((left, right) => this.#compare(left, right));
  }

  #compare(left: RankedHit, right: RankedHit): number {
    return left.rank - right.rank || this.#order.compare(left.place, left.row, right.place, right.row);
  }

  #rise(hit: RankedHit): void {
    const heap = this.#heap;
    let at = heap.push(hit) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const parent = heap[above];
      if (parent === undefined || this.#compare(hit, parent) <= 0) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = hit;
  }

  /** Takes the place of the last one. */
  #sink(hit: RankedHit): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && this.#compare(right, left) > 0;
      const later = isRight ? right : left;
      if (this.#compare(later, hit) <= 0) break;
      heap[at] = later;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = hit;
  }
}
