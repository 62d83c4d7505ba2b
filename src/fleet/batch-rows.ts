import { commonAt } from '../live/column.ts';
import { type Batch, operation } from './batch.ts';
import { type ColumnPlace, type Layout, noCount, noText, noTime } from './columns.ts';
import type { ColumnWords, NotedWords } from './column-words.ts';
import type { IdClusters } from './id-clusters.ts';
import type { PairSets } from './pair-sets.ts';
import type { Words } from './words.ts';

const LARGEST_COUNT = 2 ** 31 - 1;
const LARGEST_TIME = 2 ** 32 - 2;
/** Not asked for yet. */
const UNKNOWN = 0xffffffff;

/** One row, in the layout of its kind: texts as their index among `texts`. */
export interface StagedRow {
  readonly slots: Uint32Array;
  readonly amounts: Float64Array;
  readonly texts: readonly string[];
}

/** Where texts that many records share become numbers. */
export interface Vocabulary {
  readonly words: Words;
  readonly pairs: PairSets;
  readonly columnWords: ColumnWords;
  /** In which clusters words stand, and sets of pairs. */
  readonly wordClusters: IdClusters;
  readonly setClusters: IdClusters;
}

/** The rows of a batch, one at a time, with their words as ids. */
export class BatchRows implements StagedRow {
  readonly slots: Uint32Array;
  readonly amounts: Float64Array;
  readonly texts: readonly string[];
  readonly #batch: Batch;
  readonly #layout: Layout;
  readonly #vocabulary: Vocabulary;
  /** Number of its cluster. */
  readonly #cluster: number;
  /** By column. */
  readonly #noted: readonly (NotedWords | undefined)[];
  readonly #width: number;
  /** Ids by index in `texts`. */
  readonly #wordIds: Uint32Array;
  readonly #pairIds: Uint32Array;

  /** @param cluster number of the cluster that it is of */
  constructor(batch: Batch, layout: Layout, vocabulary: Vocabulary, cluster: number) {
    this.slots = new Uint32Array(layout.slots);
    this.amounts = new Float64Array(layout.amounts);
    this.texts = batch.texts;
    this.#batch = batch;
    this.#layout = layout;
    this.#vocabulary = vocabulary;
    this.#cluster = cluster;
    this.#noted = layout.places.map(({ name }) => vocabulary.columnWords.of(name));
    this.#width = 1 + layout.places.length;
    this.#wordIds = new Uint32Array(batch.texts.length).fill(UNKNOWN);
    this.#pairIds = new Uint32Array(batch.texts.length).fill(UNKNOWN);
  }

  /** Whether the batch has the cells that its rows need. */
  get isWhole(): boolean {
    return this.#batch.cells.length === this.#batch.rows * this.#width;
  }

  /** What the row says to do; undefined: nothing that is known. */
  operationOf(row: number): keyof typeof operation | undefined {
    const code = this.#batch.cells[row * this.#width];
    if (code === operation.put) return 'put';
    return code === operation.delete ? 'delete' : undefined;
  }

  /** Makes a row the current one. @returns false where it does not fit its kind */
  stage(row: number): boolean {
    const { cells } = this.#batch;
    const begin = row * this.#width + 1;
    const name = cells[begin + commonAt.name] ?? Number.NaN;
    if (!this.#isText(name) || this.texts[name] === '') return false;
    for (const [column, place] of this.#layout.places.entries()) {
      if (!this.#stageCell(place, cells[begin + column] ?? Number.NaN)) return false;
      this.#noted[column]?.add(this.slots[place.at] ?? 0);
    }
    return true;
  }

  #stageCell({ holding, at }: ColumnPlace, value: number): boolean {
    if (holding === 'amount') {
      this.amounts[at] = value;
      return true;
    }
    const isAbsent = Number.isNaN(value);
    switch (holding) {
      case 'count':
        this.slots[at] = isAbsent ? noCount : Math.max(-LARGEST_COUNT, Math.min(LARGEST_COUNT, value));
        return true;
      case 'time':
        this.slots[at] = isAbsent ? noTime : Math.max(0, Math.min(LARGEST_TIME, value));
        return true;
      case 'text':
        this.slots[at] = isAbsent ? noText : value;
        break;
      case 'word':
        this.slots[at] = isAbsent ? 0 : this.#wordOf(value);
        break;
      case 'pairs':
        this.slots[at] = isAbsent ? 0 : this.#pairsOf(value);
        break;
    }
    return isAbsent || this.#isText(value);
  }

  #isText(value: number): boolean {
    return this.texts[value] !== undefined;
  }

  #wordOf(index: number): number {
    const known = this.#wordIds[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const text = this.texts[index];
    if (text === undefined) return 0;
    const id = this.#vocabulary.words.idOf(text);
    this.#vocabulary.wordClusters.mark(id, this.#cluster);
    this.#wordIds[index] = id;
    return id;
  }

  #pairsOf(index: number): number {
    const known = this.#pairIds[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const text = this.texts[index];
    if (text === undefined) return 0;
    const id = this.#vocabulary.pairs.idOf(text);
    this.#vocabulary.setClusters.mark(id, this.#cluster);
    this.#pairIds[index] = id;
    return id;
  }
}
