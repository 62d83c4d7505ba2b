import type { MessagePort } from 'node:worker_threads';
import type { ErrorDetails } from '../base/errors.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import type { ClaimChange } from '../live/claim.ts';
import type { FactsTold } from '../live/facts.ts';
import type { LiveReason, LiveState } from '../live/cluster.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { LivePosition, LiveReader, LiveScope, LiveTold } from '../live/live-reader.ts';
import type { TimelineWrite } from '../store/timeline.ts';
import type { Batch } from './batch.ts';
import type { ClusterFace } from './cluster-face.ts';
import type { FleetNumbers, ReaderNumbers } from './fleet-numbers.ts';
import type { LogLine } from './thread-log.ts';

/** What a thread of the fleet is told first. */
export interface ThreadSettings {
  readonly kinds: readonly LiveKind[];
}

/** What the fleet's thread is told first. */
export interface FleetSettings extends ThreadSettings {
  readonly epoch: string;
  /** Where snapshots are kept. */
  readonly folder: string;
}

/** The calls that answer with bytes. */
export type AskName =
  | 'clusters'
  | 'objects'
  | 'search'
  | 'events'
  | 'running'
  | 'verdicts'
  | 'logPods'
  | 'tiedEntities'
  | 'findings'
  | 'incidents'
  | 'evacuation'
  | 'labelled'
  | 'unclaimed'
  | 'missing';

/** One question to the fleet's thread. */
export type Ask = { readonly [N in AskName]: { readonly name: N; readonly args: Parameters<LiveReader[N]> } }[AskName];

/** What the server's thread tells the fleet's thread. */
export type FleetOrder =
  | { readonly type: 'start'; readonly settings: FleetSettings }
  /** A reader thread; what it says arrives here. */
  | { readonly type: 'reader'; readonly port: MessagePort }
  /** A cluster came, changed its face or is connected anew (another generation). */
  | { readonly type: 'cluster'; readonly face: ClusterFace }
  | { readonly type: 'drop'; readonly cluster: string }
  /** What entities claim; all of them first. */
  | { readonly type: 'claims'; readonly change: ClaimChange }
  | { readonly type: 'ask'; readonly id: number; readonly ask: Ask }
  | {
      readonly type: 'follow';
      readonly id: number;
      readonly after: LivePosition | undefined;
      readonly scope: LiveScope;
    }
  | { readonly type: 'unfollow'; readonly id: number }
  /** Somebody wants to be told facts of entities, all of them first. */
  | { readonly type: 'facts' }
  | { readonly type: 'numbers'; readonly id: number }
  /** Writes what is not in a snapshot yet, and ends. */
  | { readonly type: 'close'; readonly withinMs: number };

/** A coded error on its way between threads. */
export interface WireError {
  readonly code: string;
  readonly details: ErrorDetails;
}

/** What the fleet's thread tells the server's thread. */
export type FleetReport =
  | { readonly type: 'answer'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError }
  | { readonly type: 'told'; readonly id: number; readonly told: LiveTold }
  | { readonly type: 'position'; readonly position: LivePosition }
  /** All clusters that it was told of show as they were saved. */
  | { readonly type: 'restored' }
  /** All namespaces of clusters where one came or went; of a cluster that went: undefined. */
  | {
      readonly type: 'namespaces';
      readonly changed: readonly (readonly [string, readonly string[] | undefined])[];
      /** True: what is not named is not there, as in the first message of a thread. */
      readonly isWhole: boolean;
    }
  | { readonly type: 'numbers'; readonly id: number; readonly numbers: FleetNumbers }
  /** Facts of entities, from when they were asked for. */
  | { readonly type: 'facts'; readonly told: FactsTold }
  /** What happened, for the timeline. */
  | { readonly type: 'timeline'; readonly writes: readonly TimelineWrite[] }
  | LogLine;

/** What the server's thread tells a reader thread. */
export type ReaderOrder =
  /** First, and again after the fleet's thread began anew: what was read before goes nowhere, all clusters end. */
  | { readonly type: 'start'; readonly settings: ThreadSettings; readonly fleet: MessagePort }
  /** A cluster to read; one with the same name ends. */
  | { readonly type: 'connect'; readonly connection: ClusterConnection; readonly generation: number }
  | { readonly type: 'disconnect'; readonly cluster: string }
  | { readonly type: 'numbers'; readonly id: number }
  | { readonly type: 'close' };

/** What a reader thread tells the server's thread. */
export type ReaderReport = { readonly type: 'numbers'; readonly id: number; readonly numbers: ReaderNumbers } | LogLine;

/** What a cluster's reader says of it, beside batches. */
export type ClusterWord =
  /** It answers; asks for where reading may go on. */
  | { readonly type: 'connected'; readonly version: string; readonly identity: string | undefined }
  | {
      readonly type: 'state';
      readonly kind: string;
      readonly state: LiveState | 'absent';
      readonly reason: LiveReason | undefined;
      readonly at: number;
    }
  /** Watches of these kinds live. */
  | { readonly type: 'alive'; readonly at: number; readonly kinds: readonly string[] }
  /** How many objects could not be read since it was connected. */
  | { readonly type: 'unreadable'; readonly objects: number };

/** What a reader thread tells the fleet's thread, some at a time, in the order in which it happened. */
export type ReaderWords = readonly ReaderWord[];

/** One of them. */
export type ReaderWord = Batch | (ClusterWord & { readonly cluster: string; readonly generation: number });

/** What the fleet's thread tells a reader thread. */
export type ReaderEcho =
  /** So many bytes of batches have been taken in. */
  | { readonly type: 'applied'; readonly bytes: number }
  /** Answer to `connected`: resourceVersions by id of kind of what is held of this cluster. */
  | {
      readonly type: 'from';
      readonly cluster: string;
      readonly generation: number;
      readonly versions: Readonly<Record<string, string>>;
    };
