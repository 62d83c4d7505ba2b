import { type IdSet, NO_IDS } from '../base/postings.ts';
import type { IdLists } from './id-lists.ts';

/** The sets of a table as an image has them. */
export interface LoadedSets {
  /** Nodes whose set is not empty, ascending. */
  readonly keys: Uint32Array;
  /** The set of each key; that of the first key has the index `first`. */
  readonly lists: IdLists;
  readonly first: number;
}

/** A set of nodes for each node. */
export class IdTable {
  /** `undefined`: as it was loaded. */
  readonly #sets: (IdSet | undefined)[] = [];
  #loaded: LoadedSets | undefined;

  of(key: number): IdSet {
    return this.#sets[key] ?? this.#loadedAt(key);
  }

  put(key: number, set: IdSet): void {
    // Dense, so that reading it stays fast.
    while (this.#sets.length < key) this.#sets.push(this.#loaded ? undefined : NO_IDS);
    this.#sets[key] = set;
  }

  /** The nodes whose set is not empty, in ascending order, each with its set. */
  *entries(): IterableIterator<readonly [key: number, set: IdSet]> {
    const keys = this.#loaded?.keys;
    const capacity = Math.max(this.#sets.length, (keys?.at(-1) ?? -1) + 1);
    let next = 0;
    for (let key = 0; key < capacity; key += 1) {
      const isLoaded = keys?.[next] === key;
      const set = this.#sets[key] ?? (isLoaded ? this.#loaded?.lists.at(this.#loaded.first + next) : NO_IDS);
      if (isLoaded) next += 1;
      if (set !== undefined && set !== NO_IDS) yield [key, set];
    }
  }

  /** Takes the sets of an image, in the place of all that are there. */
  load(sets: LoadedSets): void {
    this.#loaded = sets;
    this.#sets.length = 0;
  }

  #loadedAt(key: number): IdSet {
    if (this.#loaded === undefined) return NO_IDS;
    const { keys, lists, first } = this.#loaded;
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return keys[low] === key ? lists.at(first + low) : NO_IDS;
  }
}
