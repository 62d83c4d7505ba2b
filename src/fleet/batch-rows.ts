import { commonAt } from '../live/column.ts';
import { type Batch, operation } from './batch.ts';
import { type ColumnPlace, type Layout, noCount, noText, noTime } from './columns.ts';
import type { ColumnWords } from './column-words.ts';
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
}

/** The rows of a batch, one at a time, with their words as ids. */
export class BatchRows implements StagedRow {
  readonly slots: Uint32Array;
  readonly amounts: Float64Array;
  readonly texts: readonly string[];
  readonly #batch: Batch;
  readonly #layout: Layout;
  readonly #words: Words;
  readonly #pairs: PairSets;
  /** By column. */
  readonly #noted: readonly (Set<number> | undefined)[];
  readonly #width: number;
  /** Ids by index in `texts`. */
  readonly #wordIds: Uint32Array;
  readonly #pairIds: Uint32Array;

  constructor(batch: Batch, layout: Layout, { words, pairs, columnWords }: Vocabulary) {
    this.slots = new Uint32Array(layout.slots);
    this.amounts = new Float64Array(layout.amounts);
    this.texts = batch.texts;
    this.#batch = batch;
    this.#layout = layout;
    this.#words = words;
    this.#pairs = pairs;
    this.#noted = layout.places.map(({ name }) => columnWords.of(name));
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
    const id = this.#words.idOf(text);
    this.#wordIds[index] = id;
    return id;
  }

  #pairsOf(index: number): number {
    const known = this.#pairIds[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const text = this.texts[index];
    if (text === undefined) return 0;
    const id = this.#pairs.idOf(text);
    this.#pairIds[index] = id;
    return id;
  }
}
