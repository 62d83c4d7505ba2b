import type { Shard } from './shard.ts';

/** A row that came (only `next`), changed (both) or went (only `old`). */
export type RowDifference = (old: number | undefined, next: number | undefined) => void;

/** Tells every record in which a new shard differs from an old one. Both are of one kind, with the same words. */
export function shardDifference(old: Shard | undefined, next: Shard | undefined, tell: RowDifference): void {
  if (next !== undefined) {
    for (let row = 0; row < next.end; row += 1) {
      if (!next.isHeld(row)) continue;
      const known = old?.counterpart(next, row) ?? -1;
      if (known < 0) tell(undefined, row);
      else if (old !== undefined && !next.equals(row, old, known)) tell(known, row);
    }
  }
  if (old === undefined) return;
  for (let row = 0; row < old.end; row += 1) {
    if (old.isHeld(row) && (next?.counterpart(old, row) ?? -1) < 0) tell(row, undefined);
  }
}
