import type { Column } from './column.ts';

/**
 * One kind of objects that is read from clusters.
 * Which group and version a cluster serves it in, discovery says; only what a cluster has is watched.
 */
export interface LiveKind {
  /** Its id everywhere in Callboard: the kind, with its group where that is no group of Kubernetes itself: `Rollout.argoproj.io`. */
  readonly id: string;
  readonly kind: string;
  /** API group; empty for the core. */
  readonly group: string;
  /** Versions that can be read, the best first. */
  readonly versions: readonly string[];
  /** Name in paths, e.g. `deployments`. */
  readonly plural: string;
  readonly isNamespaced: boolean;
  /**
   * - `objects`: listed and watched whole
   * - `metadata`: listed and watched as PartialObjectMetadata: nothing else ever leaves the cluster
   * - `polled`: listed every `pollSeconds`, since its changes are many and small
   */
  readonly reading: 'objects' | 'metadata' | 'polled';
  readonly pollSeconds?: number | undefined;
  /** Only these, e.g. `type=Warning`. */
  readonly fieldSelector?: string | undefined;
  /** Whether its last two columns are `health` and `healthReason`. */
  readonly hasHealth?: boolean | undefined;
  /** Columns beside the common ones. */
  readonly columns: readonly Column[];
}

/** A custom resource that the configuration names: its conditions, phase and replicas are kept. */
export interface CustomResource {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** Absent: what the cluster prefers. */
  readonly version?: string | undefined;
  readonly isNamespaced: boolean;
}
