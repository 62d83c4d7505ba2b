import type { HealthStatus } from './health/health.ts';
import { statusOf } from './running/verdict.ts';
import type { Shard } from './shard.ts';
import type { ShardPlace } from './shard-place.ts';
import { noWord, type Words } from './words.ts';

/** What the list of clusters counts in one kind of one cluster. */
export interface KindCounts {
  /** Objects by health. */
  readonly health: Partial<Record<HealthStatus, number>>;
  /** Nodes that are ready. */
  readonly ready: number;
  /** Pods that wait for a node or for their images. */
  readonly pending: number;
}

interface Kept {
  readonly changes: number;
  readonly counts: KindCounts;
}

/** Counts what clusters hold. What was counted is kept for as long as nothing in its shard changes. */
export class ClusterCounts {
  readonly #words: Words;
  readonly #kept = new WeakMap<Shard, Kept>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** The counts of a kind of a cluster, as far as the place lets see it. */
  of(place: ShardPlace): KindCounts {
    const { shard, namespaces } = place;
    // What a few namespaces hold is counted each time: which they are depends on who asks.
    if (namespaces !== undefined) return this.#count(place);
    const known = this.#kept.get(shard);
    if (known?.changes === shard.changes) return known.counts;
    const counts = this.#count(place);
    this.#kept.set(shard, { changes: shard.changes, counts });
    return counts;
  }

  #count(place: ShardPlace): KindCounts {
    const { shard, namespaces, kind } = place;
    const column = (name: string): Uint32Array | undefined => {
      const found = shard.layout.byName.get(name);
      return found && shard.column(found.at);
    };
    const [health, phase, ready, owners] = [column('health'), column('phase'), column('ready'), column('ownerKind')];
    const { id } = kind.kind;
    const pendingWord = id === 'Pod' ? this.#words.find('Pending') : -1;
    const isCustom = id !== kind.kind.kind;
    const byWord = new Map<number, number>();
    // Most stand in runs of one health.
    let [readyNodes, pending, last, run] = [0, 0, noWord, 0];
    const endRun = (): void => void byWord.set(last, (byWord.get(last) ?? 0) + run);
    for (let row = 0; row < shard.end; row += 1) {
      if (!shard.isHeld(row) || namespaces?.of(shard.namespace(row)) === false) continue;
      if (id === 'Node' && ready?.[row] === 1) readyNodes += 1;
      if (phase?.[row] === pendingWord) pending += 1;
      const word = health?.[row] ?? noWord;
      // A Job that a CronJob made is shown with that; a custom resource that says nothing of its health has none.
      if ((id === 'Job' && owners?.[row] !== noWord) || (isCustom && word === noWord)) continue;
      if (word !== last) {
        endRun();
        [last, run] = [word, 0];
      }
      run += 1;
    }
    endRun();
    return { health: this.#byStatus(byWord), ready: readyNodes, pending };
  }

  #byStatus(byWord: ReadonlyMap<number, number>): KindCounts['health'] {
    const health: Partial<Record<HealthStatus, number>> = {};
    for (const [word, count] of byWord) {
      const status = statusOf(word === noWord ? undefined : this.#words.text(word));
      health[status] = (health[status] ?? 0) + count;
    }
    return health;
  }
}
