import type { HealthStatus } from './health/health.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import { isWorkloadKind } from './matching/matches.ts';
import { statusOf } from './running/verdict.ts';
import type { Shard } from './shard.ts';
import { noWord, type Words } from './words.ts';

/** What the list of clusters counts in one kind of one cluster. */
export interface KindCounts {
  readonly objects: number;
  /** Objects by health, of workloads and pods. */
  readonly health: Partial<Record<HealthStatus, number>>;
  /** Nodes that are ready. */
  readonly ready: number;
  /** Pods that wait for a node or for their images. */
  readonly pending: number;
}

interface KeptKind {
  readonly shard: Shard;
  readonly changes: number;
  readonly counts: KindCounts;
}

interface KeptCluster {
  changes: number;
  readonly kinds: Map<HeldKind, KeptKind>;
  counts: ReadonlyMap<HeldKind, KindCounts>;
}

/** Counts what clusters hold. What was counted is kept for as long as nothing in its shard changes. */
export class ClusterCounts {
  readonly #words: Words;
  readonly #kept = new WeakMap<HeldCluster, KeptCluster>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** The counts of the kinds of which a cluster holds something. @param namespaces words of those that may be seen; undefined: all */
  of(cluster: HeldCluster, namespaces?: ReadonlySet<number>): ReadonlyMap<HeldKind, KindCounts> {
    // What a few namespaces hold is counted each time: which they are depends on who asks.
    if (namespaces !== undefined) return countsOf(cluster, (kind, shard) => this.#count(kind, shard, namespaces));
    let kept = this.#kept.get(cluster);
    if (kept === undefined) this.#kept.set(cluster, (kept = { changes: -1, kinds: new Map(), counts: new Map() }));
    if (kept.changes === cluster.changes) return kept.counts;
    const { kinds } = kept;
    kept.changes = cluster.changes;
    return (kept.counts = countsOf(cluster, (kind, shard) => {
      const known = kinds.get(kind);
      if (known?.shard === shard && known.changes === shard.changes) return known.counts;
      const counts = this.#count(kind, shard, undefined);
      kinds.set(kind, { shard, changes: shard.changes, counts });
      return counts;
    }));
  }

  #count(kind: HeldKind, shard: Shard, namespaces: ReadonlySet<number> | undefined): KindCounts {
    const { id } = kind.kind;
    const isCounted = isWorkloadKind(kind) || id === 'Pod' || id === 'Node';
    if (!isCounted && namespaces === undefined) return { objects: shard.size, health: {}, ready: 0, pending: 0 };
    const column = (name: string): Uint32Array | undefined => {
      const found = shard.layout.byName.get(name);
      return found && shard.column(found.at);
    };
    const [health, phase, ready, owners] = [column('health'), column('phase'), column('ready'), column('ownerKind')];
    const pendingWord = id === 'Pod' ? this.#words.find('Pending') : -1;
    const isCustom = id !== kind.kind.kind;
    const byWord = new Map<number, number>();
    // Most stand in runs of one health.
    let [objects, readyNodes, pending, last, run] = [0, 0, 0, noWord, 0];
    const endRun = (): void => void byWord.set(last, (byWord.get(last) ?? 0) + run);
    for (let row = 0; row < shard.end; row += 1) {
      if (!shard.isHeld(row) || namespaces?.has(shard.namespace(row)) === false) continue;
      objects += 1;
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
    return { objects, health: isCounted ? this.#byStatus(byWord) : {}, ready: readyNodes, pending };
  }

  #byStatus(byWord: ReadonlyMap<number, number>): KindCounts['health'] {
    const health: Partial<Record<HealthStatus, number>> = {};
    for (const [word, count] of byWord) {
      if (count === 0) continue;
      const status = statusOf(word === noWord ? undefined : this.#words.text(word));
      health[status] = (health[status] ?? 0) + count;
    }
    return health;
  }
}

function countsOf(
  { kinds }: HeldCluster,
  count: (kind: HeldKind, shard: Shard) => KindCounts,
): ReadonlyMap<HeldKind, KindCounts> {
  const counts = new Map<HeldKind, KindCounts>();
  for (const kind of kinds.values()) if (kind.shard !== undefined) counts.set(kind, count(kind, kind.shard));
  return counts;
}
