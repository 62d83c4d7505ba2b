import type { Layout } from '../columns.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import type { Shard } from '../shard.ts';
import type { RowWitness, SeenRow } from './row-witness.ts';
import { SlotWatch } from './slot-watch.ts';

/** Rows of pods of one cluster. */
export interface PodRows {
  readonly cluster: HeldCluster;
  readonly kind: HeldKind;
  readonly shard: Shard;
  readonly rows: ReadonlySet<number>;
}

class RowSets {
  readonly #byShard = new Map<Shard, PodRows & { readonly rows: Set<number> }>();

  add({ cluster, kind, shard, row }: SeenRow): void {
    let known = this.#byShard.get(shard);
    if (known === undefined) this.#byShard.set(shard, (known = { cluster, kind, shard, rows: new Set() }));
    known.rows.add(row);
  }

  take(): readonly PodRows[] {
    const all = [...this.#byShard.values()];
    this.#byShard.clear();
    return all;
  }
}

/**
 * Sees pods restart and change their health, thousands a second: it notes their rows and nothing else. Who takes them reads what
 * stands there by then, which may be another pod.
 */
export class PodWitness implements RowWitness {
  readonly #watch: SlotWatch;
  readonly #restarted = new RowSets();
  readonly #otherHealth = new RowSets();

  constructor(layout: Layout) {
    this.#watch = new SlotWatch(layout, ['restarts', 'health']);
  }

  before(shard: Shard, row: number): void {
    this.#watch.note(shard, row);
  }

  changed(seen: SeenRow): void {
    if (!this.#watch.compare(seen.shard, seen.row)) return;
    const [before = 0] = this.#watch.before;
    const [after = 0] = this.#watch.after;
    if ((after | 0) > Math.max(0, before | 0)) this.#restarted.add(seen);
    if (this.#watch.isOther(1)) this.#otherHealth.add(seen);
  }

  /** Pods that restarted since it was last asked. */
  takeRestarted(): readonly PodRows[] {
    return this.#restarted.take();
  }

  /** Pods whose health is another one since it was last asked. */
  takeOtherHealth(): readonly PodRows[] {
    return this.#otherHealth.take();
  }
}
