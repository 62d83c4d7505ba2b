import type { ClusterEntry, ClusterProblem } from './cluster-entry.ts';
import type { EntryFace } from './cluster-entry-face.ts';

/** What one source of clusters says now. */
export interface ClusterTelling {
  readonly entries: readonly ClusterEntry[];
  readonly problems: readonly ClusterProblem[];
  /** By name: what it says of clusters that others connect. It fills in what is not said of them there. */
  readonly faces?: ReadonlyMap<string, EntryFace> | undefined;
}

/** A source of clusters: says what there is, and calls who made it when that changed. */
export interface ClusterFeed {
  readonly telling: ClusterTelling;
  close(): Promise<void>;
}

/** A source that has nothing to say yet. */
export const nothingTold: ClusterTelling = { entries: [], problems: [] };
