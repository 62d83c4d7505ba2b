import type { Layout, signedColumns } from './columns.ts';
import type { HeldCluster } from './held-cluster.ts';
import { grown } from './number-array.ts';
import type { PairSets } from './pair-sets.ts';
import type { Shard } from './shard.ts';
import { markTrigrams, SIGNATURE_WORDS } from './trigrams.ts';
import { noWord, type Words } from './words.ts';

/** Bits of the number of rows of a block: few enough that one that passes is soon looked through. */
const BLOCK_BITS = 4;
export const BLOCK_ROWS = 2 ** BLOCK_BITS;
/** Once rows were signed again so many times as there are, blocks are signed anew: what is gone leaves its marks. */
const MOST_TIMES = 2;

/** The signatures of a shard: for each block of rows which runs of three letters stand in its texts, and may have stood there. */
interface Signatures {
  /** `SIGNATURE_WORDS` for each block. */
  marks: Int32Array<ArrayBuffer>;
  /** How many changes of texts the shard had. */
  changes: number;
  /** Rows that were signed again since all were. */
  again: number;
}

interface Places {
  readonly images: number | undefined;
  readonly labels: number | undefined;
}

/**
 * Signs the texts of shards that searches look through, so that a search passes over most rows without reading them. All rows of a shard are
 * signed by `renew`, in turns, since nobody who searches is to wait for that; rows whose texts changed since also when they are searched.
 */
export class RowSignatures {
  readonly #words: Words;
  readonly #pairs: PairSets;
  readonly #shards = new WeakMap<Shard, Signatures>();
  readonly #places = new WeakMap<Layout, Places>();
  /** By id of word the block, by its turn, in which it was signed last. */
  #turns = new Uint32Array(1024);
  #turn = 0;

  constructor(words: Words, pairs: PairSets) {
    this.#words = words;
    this.#pairs = pairs;
  }

  /** The marks of a shard as it is now; undefined: it is not signed, and all of its rows are to be read. */
  of(shard: Shard): Int32Array | undefined {
    const known = this.#shards.get(shard);
    if (known === undefined || known.changes === shard.changedTexts.count) return known?.marks;
    const rows = shard.changedTexts.since(known.changes);
    if (rows === undefined) return undefined;
    if (sizeFor(shard.end) > known.marks.length) {
      const marks = new Int32Array(sizeFor(shard.capacity));
      marks.set(known.marks);
      known.marks = marks;
    }
    for (const row of rows) {
      this.#turn += 1;
      this.#sign(shard, row, known.marks);
    }
    known.changes = shard.changedTexts.count;
    known.again += rows.length;
    return known.marks;
  }

  /** Signs what is not signed as it is now, shard by shard. @param isOver whether the time for it is over */
  renew(clusters: Iterable<HeldCluster>, isOver: () => boolean): void {
    for (const { kinds } of clusters) {
      for (const { shard } of kinds.values()) {
        if (shard !== undefined && this.#isToSign(shard)) {
          this.#signAll(shard);
          if (isOver()) return;
        }
      }
    }
  }

  #isToSign(shard: Shard): boolean {
    const known = this.of(shard) === undefined ? undefined : this.#shards.get(shard);
    return known === undefined || known.again > shard.end * MOST_TIMES;
  }

  #signAll(shard: Shard): void {
    const marks = new Int32Array(sizeFor(shard.end));
    for (let row = 0; row < shard.end; row += 1) {
      if (row % BLOCK_ROWS === 0) this.#turn += 1;
      this.#sign(shard, row, marks);
    }
    this.#shards.set(shard, { marks, changes: shard.changedTexts.remember(), again: 0 });
  }

  #sign(shard: Shard, row: number, marks: Int32Array): void {
    if (!shard.isHeld(row)) return;
    const { layout, names } = shard;
    const at = (row >>> BLOCK_BITS) * SIGNATURE_WORDS;
    markTrigrams(marks, at, names.bytes, shard.slot(row, layout.name), shard.slot(row, layout.name + 1));
    const { images, labels } = this.#placesOf(layout);
    if (images !== undefined) this.#signWord(shard.slot(row, images), marks, at);
    if (labels === undefined) return;
    for (const pair of this.#pairs.pairsOf(shard.slot(row, labels))) this.#signWord(pair, marks, at);
  }

  /** Neighbours have much in common, which is signed once in each block. */
  #signWord(word: number, marks: Int32Array, at: number): void {
    if (word === noWord || this.#turns[word] === this.#turn) return;
    if (word >= this.#turns.length) this.#turns = grown(this.#turns, word + 1 + (word >>> 1));
    this.#turns[word] = this.#turn;
    this.#words.markTrigrams(word, marks, at);
  }

  #placesOf(layout: Layout): Places {
    let places = this.#places.get(layout);
    if (places === undefined) {
      const slotOf = (column: (typeof signedColumns)[number]): number | undefined => layout.byName.get(column)?.at;
      places = { images: slotOf('images'), labels: slotOf('labels') };
      this.#places.set(layout, places);
    }
    return places;
  }
}

function sizeFor(rows: number): number {
  return Math.ceil(rows / BLOCK_ROWS) * SIGNATURE_WORDS;
}
