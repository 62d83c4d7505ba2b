import { Bitset } from '../base/bitset.ts';
import { addAllTo, addId, type IdSet, NO_IDS } from '../base/postings.ts';

/** What of an entity changed, as bits. */
export const part = { entity: 1, relations: 2, facts: 4 } as const;

/** The entities that one step touched, with the parts of each. */
export type Touched = ReadonlyMap<number, number>;

/** All parts. */
const ANY = part.entity | part.relations | part.facts;

/** Entries kept apart; beyond that the older ones are joined in pairs. */
const MOST_ENTRIES = 512;

/** Up to this many ids are kept as a list. */
const LONGEST_LIST = 32;

interface Entry {
  /** The last step in it. */
  readonly last: number;
  /** The entities of each part, in the order of its bits. */
  readonly sets: readonly IdSet[];
}

/**
 * Counts the steps of the cache that touched something (transactions, volatile facts, expiries) and remembers which nodes
 * they touched, so that derived structures (visible sets, sort orders) catch up on those when they are next used. The
 * further back, the coarser: older steps are joined, so that whoever lags gets more than was touched, never less.
 */
export class TouchLog {
  #step = 0;
  #entries: Entry[] = [];

  /** Number of the last step. */
  get step(): number {
    return this.#step;
  }

  /** Notes a step; one that touched nothing is none. */
  note(touched: Touched): void {
    if (touched.size === 0) return;
    this.#step += 1;
    this.#entries.push({ last: this.#step, sets: bits.map((bit) => idsWith(touched, bit)) });
    if (this.#entries.length > MOST_ENTRIES) this.#join();
  }

  /**
   * What was touched after `step`, and perhaps more.
   * @param parts which parts matter, as bits: an edge from elsewhere does not change what an entity says of itself
   */
  since(step: number, parts: number = ANY): Bitset {
    const ids = new Bitset();
    for (let index = this.#entries.length - 1; index >= 0; index -= 1) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.last <= step) break;
      for (const [place, set] of entry.sets.entries()) if (parts & (1 << place)) addAllTo(ids, set);
    }
    return ids;
  }

  #join(): void {
    const joined: Entry[] = [];
    const half = MOST_ENTRIES / 2;
    for (let index = 0; index < half; index += 2) {
      const [older, newer] = [this.#entries[index], this.#entries[index + 1]];
      if (older === undefined || newer === undefined) break;
      joined.push({ last: newer.last, sets: bits.map((_, place) => union(older.sets[place], newer.sets[place])) });
    }
    this.#entries = [...joined, ...this.#entries.slice(half)];
  }
}

const bits: readonly number[] = Object.values(part);

function idsWith(touched: Touched, bit: number): IdSet {
  const members: number[] = [];
  // Iterating would make a list for each of thousands.
  touched.forEach((parts, id) => {
    if (parts & bit) members.push(id);
  });
  return idSetOf(members);
}

function union(left: IdSet = NO_IDS, right: IdSet = NO_IDS): IdSet {
  if (left === NO_IDS) return right;
  if (right === NO_IDS) return left;
  const ids = new Bitset();
  addAllTo(ids, left);
  addAllTo(ids, right);
  return ids.size > LONGEST_LIST ? ids : idSetOf(ids.toArray());
}

function idSetOf(members: readonly number[]): IdSet {
  if (members.length > LONGEST_LIST) return Bitset.of(members);
  let ids: IdSet = NO_IDS;
  for (const member of members) ids = addId(ids, member);
  return ids;
}
