import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import type { Shard } from '../shard.ts';

/** One row of what is held. */
export interface SeenRow {
  readonly cluster: HeldCluster;
  readonly kind: HeldKind;
  readonly shard: Shard;
  readonly row: number;
}

/** Who sees rows of a kind come, change and go. Called for every row that is taken in: it must be cheap where nothing happened. */
export interface RowWitness {
  /** A row that is known is about to be written, or was found in an older list. */
  before(shard: Shard, row: number): void;
  /**
   * It was written, and is another one.
   * @param since while nobody looked: it happened after this, ms since 1970
   */
  changed(seen: SeenRow, since: number | undefined): void;
  came?(seen: SeenRow, since: number | undefined): void;
  /** It is still held, and goes next. */
  goes?(seen: SeenRow, since: number | undefined): void;
}

/** UID of the object in a row. */
export function uidOf({ shard, row }: SeenRow): string {
  return shard.text(row, shard.layout.byName.get('uid')?.at ?? 0);
}
