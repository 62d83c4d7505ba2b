import { compareBytes } from './encoded-text.ts';
import { noText } from './columns.ts';
import type { Shard } from './shard.ts';
import { knownNo, type WordAnswers } from './word-answers.ts';

/**
 * Tells which rows of a shard pass. Filters work through one column at a time in a loop of their own, which is several times
 * faster than asking every test of every row.
 */
export interface RowFilter {
  /** Writes the rows that pass to the beginning of an array with room for all; free rows may be among them. @returns how many */
  find(shard: Shard, rows: Uint32Array): number;
  /** Moves those of the first `count` rows that pass to the front. @returns how many */
  keep(shard: Shard, rows: Uint32Array, count: number): number;
}

/** Rows whose word or set of pairs passes; neighbours often have the same. @param slotOf where it stands */
export function wordFilter(slotOf: (shard: Shard) => number, answers: WordAnswers): RowFilter {
  const { known } = answers;
  return {
    find: (shard, rows) => {
      const { slots, end } = shard;
      const base = slotOf(shard) * shard.capacity;
      let count = 0;
      let last = -1;
      let passes = false;
      for (let row = 0; row < end; row += 1) {
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

/** Rows that have just this word. */
export function sameWordFilter(slotOf: (shard: Shard) => number, word: number): RowFilter {
  return {
    find: (shard, rows) => {
      const column = shard.column(slotOf(shard));
      let count = 0;
      for (let row = 0; row < column.length; row += 1) if (column[row] === word) rows[count++] = row;
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
