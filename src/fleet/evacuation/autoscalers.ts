import { clusterScope } from '../scope-check.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { Shard } from '../shard.ts';
import type { Words } from '../words.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { RunningRow } from './running-rows.ts';

/** What the autoscalers of clusters may add to workloads; of each cluster they are gathered when it is first asked about. */
export class Autoscalers {
  readonly #words: Words;
  readonly #cells: CellReader;
  readonly #scope: LiveScope;
  readonly #clusters = new Map<HeldCluster, ReadonlyMap<string, number>>();

  constructor(words: Words, scope: LiveScope) {
    this.#words = words;
    this.#cells = new CellReader(words);
    this.#scope = scope;
  }

  /** Replicas that may be added to a workload. What cannot be read as of now promises nothing. */
  headroomOf({ place: { cluster, kind, shard }, row, isUnread }: RunningRow): number {
    const seen = clusterScope(this.#scope, cluster.name);
    if (isUnread || seen === undefined) return 0;
    const known = this.#of(cluster);
    return known.size === 0 ? 0 : (known.get(keyOf(kind.kind.kind, shard.namespace(row), shard.name(row))) ?? 0);
  }

  #of(cluster: HeldCluster): ReadonlyMap<string, number> {
    let known = this.#clusters.get(cluster);
    if (known === undefined) this.#clusters.set(cluster, (known = this.#gather(cluster)));
    return known;
  }

  #gather(cluster: HeldCluster): ReadonlyMap<string, number> {
    const headrooms = new Map<string, number>();
    const kind = cluster.kinds.get('HorizontalPodAutoscaler');
    if (kind?.shard === undefined || kind.state !== 'ok') return headrooms;
    const { shard } = kind;
    for (let row = 0; row < shard.end; row += 1) {
      const headroom = shard.isHeld(row) ? this.#headroom(shard, row) : 0;
      if (headroom <= 0) continue;
      const cells = this.#cells;
      const [target, name] = [cells.word(shard, row, 'targetKind'), cells.wordId(shard, row, 'targetName')];
      headrooms.set(keyOf(target ?? '', shard.namespace(row), this.#words.text(name)), headroom);
    }
    return headrooms;
  }

  #headroom(shard: Shard, row: number): number {
    const maximum = this.#cells.count(shard, row, 'maximum');
    const current = this.#cells.count(shard, row, 'current') ?? this.#cells.count(shard, row, 'desired');
    return maximum === undefined || current === undefined ? 0 : maximum - current;
  }
}

/** One autoscaler scales one workload of its namespace. */
function keyOf(kind: string, namespace: number, name: string): string {
  return `${kind} ${namespace} ${name}`;
}
