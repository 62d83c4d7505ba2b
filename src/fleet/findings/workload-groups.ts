import type { HeldCluster } from '../held-cluster.ts';
import type { Shard } from '../shard.ts';
import type { Words } from '../words.ts';

/** The kind that is seen side by side: its ReplicaSets tell when it was rolled out. */
export const GROUPED = 'Deployment';

interface Known {
  readonly shard: Shard;
  readonly shape: number;
  readonly keys: readonly string[];
}

/** A Deployment in all its clusters, with its row in each. */
export type WorkloadGroup = ReadonlyMap<HeldCluster, number>;

/** Deployments of the same name and namespace; those of a cluster are sorted in anew when one came, went or changed its labels there. */
export class WorkloadGroups {
  readonly #words: Words;
  readonly #groups = new Map<string, Map<HeldCluster, number>>();
  readonly #known = new Map<HeldCluster, Known>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** Those of at least two clusters that have not the same images everywhere, or are among those that are named `<namespace>/<name>`. */
  *suspects(clusters: ReadonlyMap<string, HeldCluster>, named: ReadonlySet<string>): Generator<WorkloadGroup> {
    this.#refresh(clusters);
    for (const [key, group] of this.#groups) {
      if (group.size > 1 && (named.has(key) || !haveSameImages(group))) yield group;
    }
  }

  #refresh(clusters: ReadonlyMap<string, HeldCluster>): void {
    for (const cluster of this.#known.keys()) if (clusters.get(cluster.name) !== cluster) this.#forget(cluster);
    for (const cluster of clusters.values()) {
      const shard = cluster.kinds.get(GROUPED)?.shard;
      const known = this.#known.get(cluster);
      if (known?.shard === shard && known?.shape === shard?.shape) continue;
      this.#forget(cluster);
      if (shard !== undefined) this.#sortIn(cluster, shard);
    }
  }

  #forget(cluster: HeldCluster): void {
    for (const key of this.#known.get(cluster)?.keys ?? []) {
      const group = this.#groups.get(key);
      group?.delete(cluster);
      if (group?.size === 0) this.#groups.delete(key);
    }
    this.#known.delete(cluster);
  }

  #sortIn(cluster: HeldCluster, shard: Shard): void {
    const keys: string[] = [];
    for (let row = 0; row < shard.end; row += 1) {
      if (!shard.isHeld(row)) continue;
      const key = `${this.#words.text(shard.namespace(row))}/${shard.name(row)}`;
      keys.push(key);
      const group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, new Map([[cluster, row]]));
      else group.set(cluster, row);
    }
    this.#known.set(cluster, { shard, shape: shard.shape, keys });
  }
}

function haveSameImages(group: WorkloadGroup): boolean {
  let images: number | undefined;
  for (const [cluster, row] of group) {
    const shard = cluster.kinds.get(GROUPED)?.shard;
    const own = shard?.slot(row, shard.layout.byName.get('images')?.at ?? 0) ?? 0;
    if (images !== undefined && own !== images) return false;
    images = own;
  }
  return true;
}
