import type { LiveState } from '../live/cluster.ts';
import type { HeldCluster } from './held-cluster.ts';

/** What the reader of one cluster did since it was connected. */
export interface ClusterNumbers {
  readonly cluster: string;
  /** Kinds that are read now. */
  readonly watches: number;
  /** Bytes on the wire. */
  readonly received: number;
  readonly requests: number;
  readonly lists: number;
  /** How often a kind that was read stopped being so. */
  readonly restarts: number;
  /** Changes that watches brought. */
  readonly events: number;
  /** Objects that could not be read. */
  readonly unreadable: number;
}

/** What a reader thread did. */
export interface ReaderNumbers {
  readonly clusters: readonly ClusterNumbers[];
  /** Bytes of batches that the fleet's thread has not taken in yet. */
  readonly underWay: number;
}

/** What the fleet's thread holds and did. */
export interface FleetNumbers {
  /** Objects by id of kind. */
  readonly objects: Readonly<Record<string, number>>;
  /** States by name of cluster. */
  readonly states: Readonly<Record<string, LiveState>>;
  readonly droppedRows: number;
  readonly batches: number;
  /** From the receipt of an object to its being shown, seconds: the longest since it was last asked. */
  readonly longestLagSeconds: number;
  readonly snapshots: number;
  readonly snapshotSeconds: number;
  readonly snapshotFailures: number;
}

/** What a store holds and did. */
export interface FleetStoreNumbers {
  /** Objects by id of kind. */
  readonly objects: Readonly<Record<string, number>>;
  /** States by name of cluster. */
  readonly states: Readonly<Record<string, LiveState>>;
  /** Memory of all records and words, bytes. */
  readonly bytes: number;
  readonly words: number;
  readonly pairSets: number;
  readonly sequence: number;
  /** Rows that were of an earlier connection, or did not fit their kind. */
  readonly droppedRows: number;
}

/** What clusters hold. */
export function heldNumbers(clusters: Iterable<HeldCluster>): Pick<FleetStoreNumbers, 'objects' | 'states' | 'bytes'> {
  const objects: Record<string, number> = {};
  const states: Record<string, LiveState> = {};
  let bytes = 0;
  for (const { name, state, kinds } of clusters) {
    states[name] = state.state;
    for (const [id, { shard }] of kinds) {
      if (shard === undefined) continue;
      objects[id] = (objects[id] ?? 0) + shard.size;
      bytes += shard.byteLength;
    }
  }
  return { objects, states, bytes };
}
