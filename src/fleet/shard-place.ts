import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import type { Shard } from './shard.ts';

/** A shard among those that a question is about. */
export interface ShardPlace {
  /** In the order of clusters and kinds. */
  readonly index: number;
  readonly cluster: HeldCluster;
  readonly kind: HeldKind;
  /** Of places that are remembered another one after the kind was listed anew. */
  shard: Shard;
  /** Words of the namespaces that may be seen and are asked for; undefined: all, and what stands in none. */
  readonly namespaces: ReadonlySet<number> | undefined;
}
