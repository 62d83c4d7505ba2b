import type { HeldCluster } from '../held-cluster.ts';
import type { Shard } from '../shard.ts';
import type { Hit } from '../row-order.ts';
import type { ShardPlace } from '../shard-place.ts';
import { noWord, type Words } from '../words.ts';

/** Kinds between a workload and its pods. */
const between: readonly string[] = ['ReplicaSet', 'Job'];
/** Ids of words are below this: names and namespaces are one number. */
const WORD_LIMIT = 2 ** 26;

interface ClusterPods {
  /** The shards that this was worked out of, with their shapes. */
  readonly basis: readonly (Shard | undefined)[];
  readonly shapes: readonly (number | undefined)[];
  /** Rows of pods by word of the kind of what owns them in the end, then by its name and namespace. */
  readonly byOwner: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;
}

const none: readonly number[] = [];

/** The pods of workloads, also those of what they own; worked out anew for a cluster when pods came or went there. */
export class PodOwners {
  readonly #words: Words;
  readonly #clusters = new WeakMap<HeldCluster, ClusterPods>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** Rows of the pods of a workload, in the shard of the pods of its cluster. */
  podsOf({ place: { cluster, kind, shard }, row }: Hit): readonly number[] {
    const kindWord = this.#words.find(kind.kind.kind);
    const nameWord = this.#words.find(shard.name(row));
    // A word that nobody knows is the owner of nothing.
    if (kindWord < 0 || nameWord < 0) return none;
    return (
      this.#of(cluster)
        .byOwner.get(kindWord)
        ?.get(keyOf(nameWord, shard.namespace(row))) ?? none
    );
  }

  /** As `podsOf`, with their place. @param place of the pods of the cluster */
  hitsOf(workload: Hit, place: ShardPlace | undefined): readonly Hit[] {
    return place === undefined ? [] : this.podsOf(workload).map((row) => ({ place, row }));
  }

  #of(cluster: HeldCluster): ClusterPods {
    const basis = ['Pod', ...between].map((kind) => cluster.kinds.get(kind)?.shard);
    const known = this.#clusters.get(cluster);
    if (known?.basis.every((shard, at) => shard === basis[at] && shard?.shape === known.shapes[at])) return known;
    const pods = { basis, shapes: basis.map((shard) => shard?.shape), byOwner: this.#byOwner(cluster, basis[0]) };
    this.#clusters.set(cluster, pods);
    return pods;
  }

  #byOwner(cluster: HeldCluster, pods: Shard | undefined): ClusterPods['byOwner'] {
    const byOwner = new Map<number, Map<number, number[]>>();
    if (pods === undefined) return byOwner;
    const [kindAt, nameAt] = ownerSlots(pods);
    const ends = new Map<number, Map<number, readonly [kind: number, name: number]>>();
    for (let row = 0; row < pods.end; row += 1) {
      let kind = pods.slot(row, kindAt);
      if (kind === noWord || !pods.isHeld(row)) continue;
      let name = pods.slot(row, nameAt);
      const namespace = pods.namespace(row);
      // The last owner of what one ReplicaSet or Job owns is looked for once.
      const owner = keyOf(name, namespace);
      const known = branch(ends, kind);
      let end = known.get(owner);
      if (end === undefined) known.set(owner, (end = this.#endOf(cluster, kind, name, namespace)));
      [kind, name] = end;
      const byName = branch(byOwner, kind);
      const key = keyOf(name, namespace);
      const rows = byName.get(key);
      if (rows === undefined) byName.set(key, [row]);
      else rows.push(row);
    }
    return byOwner;
  }

  /** What owns something that stands between: its Deployment or CronJob; itself where it has none. */
  #endOf(cluster: HeldCluster, kind: number, name: number, namespace: number): readonly [number, number] {
    const id = this.#words.text(kind);
    const shard = between.includes(id) ? cluster.kinds.get(id)?.shard : undefined;
    const row = shard?.find(namespace, this.#words.text(name)) ?? -1;
    if (shard === undefined || row < 0) return [kind, name];
    const [kindAt, nameAt] = ownerSlots(shard);
    const owner = shard.slot(row, kindAt);
    return owner === noWord ? [kind, name] : [owner, shard.slot(row, nameAt)];
  }
}

function branch<Value>(tree: Map<number, Map<number, Value>>, key: number): Map<number, Value> {
  let found = tree.get(key);
  if (found === undefined) tree.set(key, (found = new Map()));
  return found;
}

function keyOf(name: number, namespace: number): number {
  return name * WORD_LIMIT + namespace;
}

function ownerSlots({ layout }: Shard): readonly [kind: number, name: number] {
  return [layout.byName.get('ownerKind')?.at ?? 0, layout.byName.get('ownerName')?.at ?? 0];
}
