import { type ColumnPlace, type Layout, noText } from './columns.ts';
import type { Needle } from './needle.ts';
import { OwnedNames } from './owned-names.ts';
import type { Shard } from './shard.ts';
import { knownNo, type WordAnswers } from './word-answers.ts';
import { noWord } from './words.ts';

/** Columns that are searched beside the name, and what a match in them is called; the first that fits is told. */
export const searchedColumns: Readonly<Record<string, string>> = {
  images: 'image',
  namespace: 'namespace',
  node: 'node',
  reason: 'reason',
  failing: 'reason',
  labels: 'label',
};

/**
 * How well an object fits: the name itself, its beginning, in it, in an image, elsewhere; `NOT` at all.
 * Of several words the first decides.
 */
const RANKS = { name: 0, beginning: 1, inName: 2, image: 3, elsewhere: 4 } as const;
const NOT = 255;
/** While names are looked at: a name that is to be looked at by itself. */
const ODD = 254;
/** Last bits of an id. */
const NEAR_MASK = 0xfff;
const none: readonly number[] = [];
/** Names of a shard that are found one by one before all are looked at. */
const FEW_NAMES = 4;

type IdsByCluster = readonly (readonly number[] | undefined)[];

/** A word that is looked for, with the words and sets of pairs of the fleet that are known to hold it or not. */
export interface Sought {
  readonly needle: Needle;
  readonly words: WordAnswers;
  readonly sets: WordAnswers;
  /** Columns in which it may be. */
  readonly columns: ReadonlySet<string>;
  /** By number of the cluster the words of these columns and of owners' names, and the sets, that hold it there; undefined: any may. */
  readonly passing: { readonly words: IdsByCluster; readonly sets: IdsByCluster } | undefined;
}

/** A column of a kind that is looked through. */
interface LookedColumn {
  readonly slot: number;
  readonly answers: WordAnswers;
  readonly near: NearIds;
  readonly rank: number;
}

/**
 * Which ids are worth asking about in one cluster: by the last bits of an id, in a table that fits beside the processor, where the
 * answers about all ids of the fleet do not.
 */
class NearIds {
  /** 1 by the last bits of an id that may pass. */
  readonly marks = new Uint8Array(NEAR_MASK + 1).fill(1);
  #marked: readonly number[] | undefined;

  /** Leaves these. @returns whether there are any */
  narrow(ids: readonly number[] = none): boolean {
    if (this.#marked === undefined) this.marks.fill(0);
    else for (const id of this.#marked) this.marks[id & NEAR_MASK] = 0;
    this.#marked = ids;
    for (const id of ids) this.marks[id & NEAR_MASK] = 1;
    return ids.length > 0;
  }
}

/** Looks for one word in shard after shard: in names first, then column by column. */
export class RowSearch {
  /** The rows that were found in the last shard, in any order. */
  rows = new Uint32Array(1024);
  /** How well each row of the last shard fits. */
  ranks = new Uint8Array(1024);
  readonly #sought: Sought;
  readonly #names: OwnedNames;
  readonly #nearWords = new NearIds();
  readonly #nearSets = new NearIds();
  #mayStand = true;
  readonly #reachesTails: boolean;
  readonly #columns = new Map<Layout, readonly LookedColumn[]>();

  constructor(sought: Sought, names: OwnedNames) {
    this.#sought = sought;
    this.#names = names;
    this.#reachesTails = OwnedNames.reachesTails(sought.needle.text);
  }

  /**
   * The next shards are of this cluster.
   *
   * @param cluster its number
   * @returns whether it may stand in columns there, or in the name of an owner; else only names that are made of no owner's may hold it
   */
  enter(cluster: number): boolean {
    const { passing } = this.#sought;
    if (passing === undefined) return true;
    const hasWords = this.#nearWords.narrow(passing.words[cluster]);
    const hasSets = this.#nearSets.narrow(passing.sets[cluster]);
    return (this.#mayStand = hasWords || hasSets);
  }

  /** Finds the rows of a shard that hold it. @returns how many; free rows may be among them */
  find(shard: Shard): number {
    const { filter } = shard.names;
    const mayBeNamed = filter === undefined || this.#sought.needle.mayBeIn(filter);
    if (!this.#mayStand && !mayBeNamed) return 0;
    if (this.rows.length < shard.end) {
      this.rows = new Uint32Array(shard.end * 2);
      this.ranks = new Uint8Array(shard.end * 2);
    }
    this.ranks.fill(NOT, 0, shard.end);
    let count = mayBeNamed ? this.#findNamed(shard) : 0;
    if (!this.#mayStand) return count;
    for (const column of this.#columnsOf(shard.layout)) count = this.#findInColumn(shard, column, count);
    return count;
  }

  #columnsOf(layout: Layout): readonly LookedColumn[] {
    let columns = this.#columns.get(layout);
    if (columns === undefined) {
      const { words, sets, columns: possible } = this.#sought;
      columns = searchedPlaces(layout)
        .filter(({ name }) => possible.has(name))
        .map(({ name, holding, at }) => ({
          slot: at,
          answers: holding === 'pairs' ? sets : words,
          near: holding === 'pairs' ? this.#nearSets : this.#nearWords,
          rank: name === 'images' ? RANKS.image : RANKS.elsewhere,
        }));
      this.#columns.set(layout, columns);
    }
    return columns;
  }

  /** What cannot be in the tails of names is looked for in those of owners, and in names that are not made of them. */
  #findNamed(shard: Shard): number {
    if (this.#reachesTails || !this.#mayStand) return this.#findNames(shard);
    const others = this.#names.othersIn(shard);
    if (others.length * 2 > shard.size) return this.#findNames(shard);
    const { ranks, rows } = this;
    for (const row of others) ranks[row] = ODD;
    let count = this.#findNamesByOwner(shard);
    for (const row of others) {
      ranks[row] = this.#rankOfName(shard, row);
      if (ranks[row] !== NOT) rows[count++] = row;
    }
    return count;
  }

  /** Rows that are named after an owner whose name holds the word. */
  #findNamesByOwner(shard: Shard): number {
    const { ranks, rows } = this;
    const { words } = this.#sought;
    const { marks } = this.#nearWords;
    const { slots, capacity, layout, end } = shard;
    const names = layout.name * capacity;
    const owners = (layout.byName.get('ownerName')?.at ?? 0) * capacity;
    let count = 0;
    let last = noWord;
    let isHeld = false;
    let rank: number = NOT;
    for (let row = 0; row < end; row += 1) {
      const word = slots[owners + row] ?? noWord;
      if (word !== last) {
        last = word;
        rank = NOT;
        isHeld = marks[word & NEAR_MASK] === 1 && words.known[word] !== knownNo && words.of(word);
      }
      if (!isHeld || ranks[row] === ODD || slots[names + row] === noText) continue;
      // All names of one owner begin alike.
      if (rank === NOT) rank = this.#rankOfName(shard, row);
      ranks[row] = rank;
      rows[count++] = row;
    }
    return count;
  }

  /** Of the few names of a shard that hold a word, each is found in native code; where there are many, every name is looked at. */
  #findNames(shard: Shard): number {
    const { ranks, rows } = this;
    const { needle } = this.#sought;
    const { bytes, used } = shard.names;
    let count = 0;
    let at = needle.indexIn(bytes, 0, used);
    for (let turns = 0; at >= 0 && turns < FEW_NAMES; turns += 1) {
      const row = rowAt(shard, at, needle.byteLength);
      if (row >= 0 && ranks[row] === NOT) {
        ranks[row] = this.#rankOfName(shard, row);
        rows[count++] = row;
      }
      at = needle.indexIn(bytes, at + 1, used);
    }
    if (at < 0) return count;
    for (let row = 0; row < shard.end; row += 1) {
      if (ranks[row] !== NOT || !shard.isHeld(row)) continue;
      const rank = this.#rankOfName(shard, row);
      if (rank === NOT) continue;
      ranks[row] = rank;
      rows[count++] = row;
    }
    return count;
  }

  #rankOfName({ names, slots, capacity, layout }: Shard, row: number): number {
    const { needle } = this.#sought;
    const place = layout.name * capacity + row;
    const length = slots[place + capacity] ?? 0;
    const at = needle.findIn(names.bytes, slots[place] ?? 0, length);
    if (at !== 0) return at < 0 ? NOT : RANKS.inName;
    return length === needle.byteLength ? RANKS.name : RANKS.beginning;
  }

  /** Neighbours often have the same word, which is then asked about once. */
  #findInColumn({ slots, capacity, end }: Shard, { slot, answers, near, rank }: LookedColumn, before: number): number {
    const { ranks, rows } = this;
    const { marks } = near;
    const { known } = answers;
    const base = slot * capacity;
    let count = before;
    let last = -1;
    let isHeld = false;
    for (let row = 0; row < end; row += 1) {
      const word = slots[base + row] ?? noWord;
      if (word !== last) {
        last = word;
        isHeld = marks[word & NEAR_MASK] === 1 && known[word] !== knownNo && answers.of(word);
      }
      if (!isHeld || ranks[row] !== NOT) continue;
      ranks[row] = rank;
      rows[count++] = row;
    }
    return count;
  }
}

/** The searched columns that a kind has. */
export function searchedPlaces({ byName }: Layout): readonly ColumnPlace[] {
  return Object.keys(searchedColumns)
    .map((name) => byName.get(name))
    .filter((place) => place !== undefined);
}

/** The row whose name holds these bytes; -1: none does, as bytes of names that are gone, or of two names. */
function rowAt({ slots, capacity, layout, end }: Shard, at: number, length: number): number {
  const names = layout.name * capacity;
  for (let row = 0; row < end; row += 1) {
    const start = slots[names + row] ?? noText;
    if (start <= at && at + length <= start + (slots[names + capacity + row] ?? 0)) return row;
  }
  return -1;
}
