import { Bitset } from '../base/bitset.ts';
import { type IdSet, idSetFrom } from '../base/postings.ts';

/** Many sets of node numbers in one array, each made into a set only when it is asked for. */
export class IdLists {
  readonly #starts: Uint32Array;
  readonly #ids: Uint32Array;

  /**
   * @param starts where each set begins in `ids`, and at the end where the last one ends
   * @param ids the members, ascending within each set
   */
  constructor(starts: Uint32Array, ids: Uint32Array) {
    this.#starts = starts;
    this.#ids = ids;
  }

  /** The set at an index. */
  at(index: number): IdSet {
    return idSetFrom(this.#ids, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0);
  }

  /** The members of the sets from one index up to another, which have no member in common. */
  union(from: number, to: number): IdSet {
    const ids = this.slice(from, to);
    // By a set of bits, which sorts many at once; sorting few costs less than the bits.
    if (ids.length < 32) return idSetFrom(ids.slice().sort(), 0, ids.length);
    const sorted = Uint32Array.from(Bitset.of(ids).toArray());
    return idSetFrom(sorted, 0, sorted.length);
  }

  /** The members of the sets from one index up to another, as they stand in the file. */
  slice(from: number, to: number): Uint32Array {
    return this.#ids.subarray(this.#starts[from] ?? 0, this.#starts[to] ?? 0);
  }
}
