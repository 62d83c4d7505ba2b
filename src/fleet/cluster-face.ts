import type { ClusterEntry } from './cluster-entry.ts';

/** What the fleet's thread knows of a cluster: all but how it is reached. */
export interface ClusterFace extends Omit<ClusterEntry, 'connection'> {
  /** URL of its API server, without user, password or query. */
  readonly server: string;
  /** Grows with every other connection: what an earlier one still sends is dropped. */
  readonly generation: number;
}
