import type { Shard } from './shard.ts';

/** The rows of a shard by what stands in one of their slots, as of one number of its changes. */
interface Chains {
  readonly changes: number;
  /** The first row of each group, by what stands in the slot. */
  readonly first: ReadonlyMap<number, number>;
  /** By row the next of its group plus one; 0 after the last. */
  readonly next: Uint32Array<ArrayBuffer>;
}

/**
 * Rows of shards by what stands in a slot, as the word of their namespace. It is worked out where it is asked for, and again only
 * where the shard changed since: what groups hold are numbers, so that they cost little while they are kept.
 */
export class GroupedRows {
  readonly #shards = new WeakMap<Shard, Map<number, Chains>>();

  /** Rows that have something in a slot, in order. Nothing may be taken in meanwhile. */
  *of(shard: Shard, slot: number, value: number): Generator<number> {
    const { first, next } = this.#chainsOf(shard, slot);
    for (let row = first.get(value) ?? -1; row >= 0; row = (next[row] ?? 0) - 1) yield row;
  }

  #chainsOf(shard: Shard, slot: number): Chains {
    let slots = this.#shards.get(shard);
    if (slots === undefined) this.#shards.set(shard, (slots = new Map<number, Chains>()));
    const known = slots.get(slot);
    if (known?.changes === shard.changed.count) return known;
    const first = new Map<number, number>();
    const next = known !== undefined && known.next.length >= shard.end ? known.next : new Uint32Array(shard.capacity);
    for (let row = shard.end - 1; row >= 0; row -= 1) {
      if (!shard.isHeld(row)) continue;
      const value = shard.slot(row, slot);
      next[row] = (first.get(value) ?? -1) + 1;
      first.set(value, row);
    }
    const chains = { changes: shard.changed.count, first, next };
    slots.set(slot, chains);
    return chains;
  }
}
