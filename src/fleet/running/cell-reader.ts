import { type ColumnPlace, noCount, noText, noTime } from '../columns.ts';
import type { Shard } from '../shard.ts';
import { noWord, type Words } from '../words.ts';

/** Reads cells of rows by the name of their column; absent where the kind has no such column, or the object does not say it. */
export class CellReader {
  readonly #words: Words;

  constructor(words: Words) {
    this.#words = words;
  }

  /** Id of the word, or of the set of pairs, in a cell; 0 without one, and of a column of another type. */
  wordId(shard: Shard, row: number, column: string): number {
    const place = placed(shard, column, 'word') ?? placed(shard, column, 'pairs');
    return place === undefined ? noWord : shard.slot(row, place.at);
  }

  word(shard: Shard, row: number, column: string): string | undefined {
    const id = this.wordId(shard, row, column);
    return id === noWord ? undefined : this.#words.text(id);
  }

  text(shard: Shard, row: number, column: string): string | undefined {
    const place = placed(shard, column, 'text');
    return place === undefined || shard.slot(row, place.at) === noText ? undefined : shard.text(row, place.at);
  }

  count(shard: Shard, row: number, column: string): number | undefined {
    const place = placed(shard, column, 'count');
    const slot = place === undefined ? noCount : shard.slot(row, place.at);
    return slot === noCount ? undefined : slot | 0;
  }

  amount(shard: Shard, row: number, column: string): number | undefined {
    const place = placed(shard, column, 'amount');
    const amount = place === undefined ? Number.NaN : shard.amount(row, place.at);
    return Number.isNaN(amount) ? undefined : amount;
  }

  /** Seconds since 1970. */
  time(shard: Shard, row: number, column: string): number | undefined {
    const place = placed(shard, column, 'time');
    const slot = place === undefined ? noTime : shard.slot(row, place.at);
    return slot === noTime ? undefined : slot;
  }
}

function placed(shard: Shard, column: string, holding: ColumnPlace['holding']): ColumnPlace | undefined {
  const place = shard.layout.byName.get(column);
  return place?.holding === holding ? place : undefined;
}
