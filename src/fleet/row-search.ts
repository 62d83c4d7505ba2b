import { type ColumnPlace, type Layout, noText, type signedColumns } from './columns.ts';
import { type ClusterBits, isAmong } from './id-clusters.ts';
import type { Needle } from './needle.ts';
import { BLOCK_ROWS, type RowSignatures } from './row-signatures.ts';
import type { Shard } from './shard.ts';
import { SIGNATURE_WORDS } from './trigrams.ts';
import type { WordAnswers } from './word-answers.ts';
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

/** A word that is looked for, with what is known of the words and sets of pairs of the fleet. */
export interface Sought {
  readonly needle: Needle;
  readonly words: WordAnswers;
  readonly sets: WordAnswers;
  /** Columns of few words that hold it anywhere, and the clusters in which such a word may stand. */
  readonly columns: ReadonlyMap<string, ClusterBits>;
}

/** Slots of the columns that are looked through; undefined where a kind has none. */
interface Looked {
  readonly images: number | undefined;
  readonly labels: number | undefined;
  /** Of the columns of few words those that may hold it. */
  readonly few: readonly { readonly slot: number; readonly clusters: ClusterBits }[];
}

/** Looks for one word in shard after shard. */
export class RowSearch {
  /** The rows that were found in the last shard, in any order. */
  rows = new Uint32Array(1024);
  /** How well each row of the last shard fits that was found. */
  ranks = new Uint8Array(1024);
  readonly #sought: Sought;
  readonly #signatures: RowSignatures;
  readonly #looked = new Map<Layout, Looked>();

  constructor(sought: Sought, signatures: RowSignatures) {
    this.#sought = sought;
    this.#signatures = signatures;
  }

  /** Finds the rows of a shard that hold it. @param cluster number of its cluster @returns how many */
  find(shard: Shard, cluster: number): number {
    if (this.rows.length < shard.end) {
      this.rows = new Uint32Array(shard.end * 2);
      this.ranks = new Uint8Array(shard.end * 2);
    }
    const { images, labels, few } = this.#lookedOf(shard.layout);
    const others = few.filter(({ clusters }) => isAmong(clusters, cluster));
    if (others.length > 0) this.ranks.fill(NOT, 0, shard.end);
    let count = this.#findSigned(shard, images, labels);
    for (const { slot } of others) count = this.#findInColumn(shard, slot, count);
    return count;
  }

  /** Looks at the rows of those blocks whose signature holds it. */
  #findSigned(shard: Shard, images: number | undefined, labels: number | undefined): number {
    const { needle } = this.#sought;
    const { end } = shard;
    const marks = this.#signatures.of(shard);
    let count = 0;
    for (let block = 0; block * BLOCK_ROWS < end; block += 1) {
      if (marks !== undefined && !needle.mayBeIn(marks, block * SIGNATURE_WORDS)) continue;
      const stop = Math.min(end, (block + 1) * BLOCK_ROWS);
      for (let row = block * BLOCK_ROWS; row < stop; row += 1) {
        const rank = this.#rankOf(shard, row, images, labels);
        if (rank === NOT) continue;
        this.ranks[row] = rank;
        this.rows[count++] = row;
      }
    }
    return count;
  }

  #rankOf(shard: Shard, row: number, images: number | undefined, labels: number | undefined): number {
    const { needle, words, sets } = this.#sought;
    const { names, slots, capacity, layout } = shard;
    const place = layout.name * capacity + row;
    const start = slots[place] ?? noText;
    if (start === noText) return NOT;
    const length = slots[place + capacity] ?? 0;
    const at = needle.findIn(names.bytes, start, length);
    if (at > 0) return RANKS.inName;
    if (at === 0) return length === needle.byteLength ? RANKS.name : RANKS.beginning;
    if (images !== undefined && words.of(slots[images * capacity + row] ?? noWord)) return RANKS.image;
    if (labels !== undefined && sets.of(slots[labels * capacity + row] ?? noWord)) return RANKS.elsewhere;
    return NOT;
  }

  /** Neighbours often have the same word, which is then asked about once. */
  #findInColumn({ slots, capacity, end, layout }: Shard, slot: number, before: number): number {
    const { ranks, rows } = this;
    const { words } = this.#sought;
    const base = slot * capacity;
    const names = layout.name * capacity;
    let count = before;
    let last = -1;
    let isHeld = false;
    for (let row = 0; row < end; row += 1) {
      const word = slots[base + row] ?? noWord;
      if (word !== last) {
        last = word;
        isHeld = words.of(word);
      }
      if (!isHeld || ranks[row] !== NOT || slots[names + row] === noText) continue;
      ranks[row] = RANKS.elsewhere;
      rows[count++] = row;
    }
    return count;
  }

  #lookedOf(layout: Layout): Looked {
    let looked = this.#looked.get(layout);
    if (looked === undefined) {
      const slotOf = (column: (typeof signedColumns)[number]): number | undefined => layout.byName.get(column)?.at;
      const few = [...this.#sought.columns].flatMap(([name, clusters]) => {
        const slot = layout.byName.get(name)?.at;
        return slot === undefined ? [] : [{ slot, clusters }];
      });
      looked = { images: slotOf('images'), labels: slotOf('labels'), few };
      this.#looked.set(layout, looked);
    }
    return looked;
  }
}

/** The searched columns that a kind has. */
export function searchedPlaces({ byName }: Layout): readonly ColumnPlace[] {
  return Object.keys(searchedColumns)
    .map((name) => byName.get(name))
    .filter((place) => place !== undefined);
}
