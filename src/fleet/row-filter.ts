import { compareBytes } from './encoded-text.ts';
import { noText } from './columns.ts';
import type { ClusterBits } from './id-clusters.ts';
import type { Shard } from './shard.ts';
import { knownNo, type WordAnswers } from './word-answers.ts';

/** Words that are few. */
const FEW = 4;

/**
 * Tells which rows of a shard pass. Filters work through one column at a time in a loop of their own, which is several times
 * faster than asking every test of every row.
 */
export interface RowFilter {
  /** Writes the rows that pass to the beginning of an array with room for all; free rows may be among them. @returns how many */
  find(shard: Shard, rows: Uint32Array): number;
  /** Moves those of the first `count` rows that pass to the front. @returns how many */
  keep(shard: Shard, rows: Uint32Array, count: number): number;
  /** The clusters in which any row may pass; absent: all. */
  readonly clusters?: ClusterBits | undefined;
}

/**
 * Rows whose word or set of pairs passes; neighbours often have the same.
 *
 * @param slotOf where it stands
 * @param clusters the only ones in which such a word stands
 */
export function wordFilter(slotOf: (shard: Shard) => number, answers: WordAnswers, clusters?: ClusterBits): RowFilter {
  const { known, passing } = answers;
  const few = passing !== undefined && passing.length <= FEW ? passing : undefined;
  return {
    clusters,
    find: (shard, rows) => {
      const { slots, end } = shard;
      const slot = slotOf(shard);
      const base = slot * shard.capacity;
      let count = 0;
      let last = -1;
      let passes = false;
      for (let row = few === undefined ? 0 : firstOf(shard.column(slot), few); row < end; row += 1) {
        const word = slots[base + row] ?? 0;
        if (word !== last) {
          last = word;
          passes = known[word] !== knownNo && answers.of(word);
        }
        if (passes) rows[count++] = row;
      }
      return count;
    },
    keep: (shard, rows, count) => {
      const { slots } = shard;
      const base = slotOf(shard) * shard.capacity;
      let kept = 0;
      for (let at = 0; at < count; at += 1) {
        const row = rows[at] ?? 0;
        const word = slots[base + row] ?? 0;
        if (known[word] !== knownNo && answers.of(word)) rows[kept++] = row;
      }
      return kept;
    },
  };
}

/** Where one of a few words first stands in a column, which native code finds out; its length: nowhere. */
function firstOf(column: Uint32Array, words: readonly number[]): number {
  let first = column.length;
  for (const word of words) {
    const at = column.indexOf(word);
    if (at >= 0 && at < first) first = at;
  }
  return first;
}

/** Rows that have just this word. @param clusters as of `wordFilter` */
export function sameWordFilter(slotOf: (shard: Shard) => number, word: number, clusters?: ClusterBits): RowFilter {
  return {
    clusters,
    find: (shard, rows) => {
      const column = shard.column(slotOf(shard));
      let count = 0;
      for (let row = firstOf(column, [word]); row < column.length; row += 1)
        if (column[row] === word) rows[count++] = row;
      return count;
    },
    keep: (shard, rows, count) => {
      const column = shard.column(slotOf(shard));
      let kept = 0;
      for (let at = 0; at < count; at += 1) {
        const row = rows[at] ?? 0;
        if (column[row] === word) rows[kept++] = row;
      }
      return kept;
    },
  };
}

/** Rows whose number passes. @param valueAt the number of a row; NaN: none */
export function numberFilter(
  valueAt: (shard: Shard, row: number) => number,
  test: (value: number) => boolean,
): RowFilter {
  return rowByRow((shard, rows, count) => {
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] ?? 0;
      if (test(valueAt(shard, row))) rows[kept++] = row;
    }
    return kept;
  });
}

/** Rows whose text compares to a wanted one as `isWanted` says of the outcome. */
export function textFilter(
  slotOf: (shard: Shard) => number,
  wanted: Buffer,
  isAbsentWanted: boolean,
  isWanted: (outcome: number) => boolean,
): RowFilter {
  return rowByRow((shard, rows, count) => {
    const { slots, capacity } = shard;
    const slot = slotOf(shard);
    const bytes = shard.bytesAt(slot);
    const base = slot * capacity;
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] ?? 0;
      const start = slots[base + row] ?? noText;
      const length = slots[base + capacity + row] ?? 0;
      const passes =
        start === noText ? isAbsentWanted : isWanted(compareBytes(bytes, start, length, wanted, 0, wanted.length));
      if (passes) rows[kept++] = row;
    }
    return kept;
  });
}

/** A filter that must know that there is a record in a row before it looks at it. */
function rowByRow(keep: RowFilter['keep']): RowFilter {
  return { find: (shard, rows) => keep(shard, rows, shard.heldRows(rows)), keep };
}
