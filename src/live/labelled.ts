import type { LiveReason, LiveState } from './cluster.ts';

/** A resource as paths name it. */
export interface NamedResource {
  /** API group; empty for the core. */
  readonly group: string;
  readonly plural: string;
}

/** Objects that are looked for by their labels, wherever they are. */
export interface LabelledQuery {
  readonly resources: readonly NamedResource[];
  /** In Kubernetes' syntax; an empty one finds nothing. */
  readonly labelSelector: string;
  /** Only there. */
  readonly namespace?: string | undefined;
  /** Only there. */
  readonly cluster?: string | undefined;
}

/** What is known of one resource in one cluster. */
export interface LabelledResource {
  /** `absent`: the cluster does not have it. What is not `ok` may have more objects than were found. */
  readonly state: LiveState | 'absent';
  /** Namespaces in which some were found, in order. */
  readonly namespaces: readonly string[];
  /** How many were found. */
  readonly objects: number;
}

/** One cluster in which something was found, or in which something could not be looked for. */
export interface LabelledCluster {
  readonly name: string;
  /** Of the cluster as a whole. */
  readonly state: LiveState;
  readonly reason?: LiveReason | undefined;
  /** In the order of the question; null: it is not read of clusters. */
  readonly resources: readonly (LabelledResource | null)[];
}

/** Where labelled objects are. */
export interface LabelledAnswer {
  readonly clusters: readonly LabelledCluster[];
}
