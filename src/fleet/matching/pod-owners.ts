import type { HeldCluster } from '../held-cluster.ts';
import type { Hit } from '../row-order.ts';
import type { Shard } from '../shard.ts';
import type { ShardPlace } from '../shard-place.ts';
import { noWord, type Words } from '../words.ts';
import { type Owner, PodGroups } from './pod-groups.ts';

/** Kinds between a workload and its pods. */
const between: readonly string[] = ['ReplicaSet', 'Job'];

interface ClusterPods {
  /** The shards that the groups were made of, with their shapes. */
  basis: readonly (Shard | undefined)[];
  shapes: readonly (number | undefined)[];
  readonly groups: PodGroups;
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
    if (kindWord < 0 || nameWord < 0 || cluster.kinds.get('Pod')?.shard === undefined) return none;
    return this.#of(cluster).rowsOf(kindWord, nameWord, shard.namespace(row));
  }

  /** As `podsOf`, with their place. @param place of the pods of the cluster */
  hitsOf(workload: Hit, place: ShardPlace | undefined): readonly Hit[] {
    return place === undefined ? [] : this.podsOf(workload).map((row) => ({ place, row }));
  }

  #of(cluster: HeldCluster): PodGroups {
    const basis = ['Pod', ...between].map((kind) => cluster.kinds.get(kind)?.shard);
    let known = this.#clusters.get(cluster);
    if (known === undefined) {
      known = { basis: [], shapes: [], groups: new PodGroups() };
      this.#clusters.set(cluster, known);
    }
    const { basis: before, shapes, groups } = known;
    const [pods] = basis;
    if (pods === undefined || basis.every((shard, at) => shard === before[at] && shard?.shape === shapes[at])) {
      return groups;
    }
    known.basis = basis;
    known.shapes = basis.map((shard) => shard?.shape);
    groups.group(pods, ownerSlots(pods), (owner, namespace) => this.#lastOf(cluster, owner, namespace));
    return groups;
  }

  /** What owns something that stands between: its Deployment or CronJob; itself where it has none. */
  #lastOf(cluster: HeldCluster, owner: Owner, namespace: number): Owner {
    const id = this.#words.text(owner.kind);
    const shard = between.includes(id) ? cluster.kinds.get(id)?.shard : undefined;
    const row = shard?.find(namespace, this.#words.text(owner.name)) ?? -1;
    if (shard === undefined || row < 0) return owner;
    const slots = ownerSlots(shard);
    const kind = shard.slot(row, slots.kind);
    return kind === noWord ? owner : { kind, name: shard.slot(row, slots.name) };
  }
}

function ownerSlots({ layout }: Shard): { readonly kind: number; readonly name: number } {
  return { kind: layout.byName.get('ownerKind')?.at ?? 0, name: layout.byName.get('ownerName')?.at ?? 0 };
}
