import type { ChangeType, StoredEntity, Transaction } from '../model/change.ts';
import type { Fact, Lease } from '../model/fact.ts';
import type { JsonValue } from '../model/json.ts';
import type { LocationState } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { AccessStore } from './access-records.ts';
import type { ChangedEntity, ChangeKey, ChangesRequest, ChangeSlice } from './changes.ts';
import type { PreferenceStore } from './preferences.ts';
import type { TimelineStore } from './timeline.ts';

/** An entity to write; uid and times are the store's. */
export interface EntityWrite {
  readonly ref: string;
  /** The declared entity as JSON text, `metadata.namespace` set, without `metadata.uid`. */
  readonly body: string;
  readonly hash: string;
  readonly location: string;
  readonly source: string;
  readonly line: number;
  readonly commit?: string | undefined;
}

/**
 * One write. Writes that change nothing leave no log row: an entity with equal hash, source and line (its `commit` stays
 * that of the last change), a fact with equal value, error and source, anything else when equal. The store keeps the
 * moments that mean "since when": `observedAt` of a fact whose value stays, `since` of a problem, `changedAt` of a location
 * whose fingerprint stays.
 * `putEntity` and `deleteEntity` act only where `location` owns the ref or nobody does; otherwise the outcome is a conflict.
 * A fact belongs to an entity of the store: `putFact` for another ref is `absent`, and deleting an entity deletes its facts.
 * A ref that is deleted and put again in one commit is an update: it keeps its uid and facts.
 */
export type Write =
  | { readonly op: 'putEntity'; readonly entity: EntityWrite }
  | { readonly op: 'deleteEntity'; readonly ref: string; readonly location: string }
  | { readonly op: 'putFact'; readonly fact: Fact }
  | { readonly op: 'deleteFact'; readonly entityRef: string; readonly collector: string; readonly path: string }
  | { readonly op: 'putLease'; readonly lease: Lease }
  | { readonly op: 'deleteLease'; readonly collector: string; readonly source: string }
  | { readonly op: 'putProblem'; readonly problem: Problem }
  | { readonly op: 'deleteProblem'; readonly id: string }
  | { readonly op: 'putLocation'; readonly location: LocationState }
  | { readonly op: 'deleteLocation'; readonly ref: string };

/** What became of one write, in the order of the writes. */
export type WriteOutcome =
  | { readonly status: 'written' | 'unchanged' | 'absent' }
  /** Another location owns the entity's ref; nothing was written. */
  | { readonly status: 'conflict'; readonly owner: { readonly location: string; readonly line: number } };

/** What a commit did. */
export interface CommitResult {
  /** Revision of the transaction, or the current one when nothing changed. */
  readonly revision: number;
  readonly outcomes: readonly WriteOutcome[];
}

/** Everything of one kind at one revision, in pages, for filling a cache. */
export interface SnapshotPage {
  readonly revision: number;
  readonly entities: readonly StoredEntity[];
  readonly facts: readonly Fact[];
  readonly leases: readonly Lease[];
  readonly problems: readonly Problem[];
  readonly locations: readonly LocationState[];
}

/** One step in the life of an entity, from `entity_history`. */
export interface EntityHistoryItem {
  readonly revision: number;
  readonly at: number;
  readonly op: 'created' | 'updated' | 'deleted';
  readonly location: string;
  readonly source: string;
  readonly commit?: string | undefined;
  /** The declared entity after the step as JSON text; the last body for `deleted`. */
  readonly body: string;
}

/** One row of a whole-store dump, see `backup.ts`. */
export interface DumpRow {
  readonly table: string;
  readonly row: Readonly<Record<string, JsonValue>>;
}

/** Order-independent digests of the store's records at a revision, to hold a cache against. */
export interface StoreDigest {
  readonly revision: number;
  /** Lower-case hex by record type; a `DigestSum` of `recordDigest`, see store/digest.ts. */
  readonly digests: Readonly<Record<ChangeType, string>>;
}

/** Whether the store can be used now, for readiness. */
export interface StoreHealth {
  /** `unavailable`: it recovers by itself (database away, worker starting anew); `failed`: it does not. */
  readonly status: 'ok' | 'unavailable' | 'failed';
  /** What is wrong, without secrets; empty when ok. */
  readonly reason: string;
}

/**
 * The one durable store, SQLite or PostgreSQL. All calls go to the store worker; none blocks the calling thread.
 * After `close` every call fails with STORE_CLOSED. Faults throw coded errors (STORE_*).
 */
export interface Store {
  readonly engine: 'sqlite' | 'postgres';
  readonly health: StoreHealth;
  /** What the permission layer keeps. */
  readonly access: AccessStore;
  /** What people and groups keep for themselves. */
  readonly preferences: PreferenceStore;
  /** What happened in the fleet. */
  readonly timeline: TimelineStore;
  /** The newest revision. */
  revision(): Promise<number>;
  /**
   * Names the life of this database: another one in its place, also one restored from its backup, has another epoch. A
   * revision says nothing without it to whoever was away. Letters and digits.
   */
  epoch(): Promise<string>;
  /**
   * Writes all of `writes` in one transaction, or nothing. Resolves after the commit is durable.
   * Several commits waiting at once share one transaction and so one revision (group commit).
   * @throws WRITE_INVALID for a write that no database can hold; STORE_BUSY when too many writes wait
   * @throws STORE_UNAVAILABLE, STORE_FAILED: the writes may or may not have happened; writing them again is safe
   */
  commit(writes: readonly Write[]): Promise<CommitResult>;
  /**
   * Transactions after `after`, in order and without a gap, at most about `limit` changes (always whole transactions).
   * @throws REVISION_EXPIRED when the log no longer reaches back to `after`, or does not reach it yet (an older database
   *   was restored): take a snapshot instead
   * @throws LOG_GAP when a revision is missing, which no run may show
   */
  readLog(after: number, limit: number): Promise<readonly Transaction[]>;
  /** Pages of a consistent snapshot; every page carries the same revision. */
  snapshot(): AsyncIterable<SnapshotPage>;
  /** Newest first. `before` (exclusive revision) pages on. */
  entityHistory(
    ref: string,
    options: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<readonly EntityHistoryItem[]>;
  /** Which entities changed, newest first, from `entity_history`; as far back as it reaches. */
  changes(request: ChangesRequest): Promise<ChangeSlice>;
  /** What became of some entities in some revisions; at most 500. */
  changedEntities(keys: readonly ChangeKey[]): Promise<readonly ChangedEntity[]>;
  digest(): Promise<StoreDigest>;
  /** Calls `listener` when the log may have grown; only a hint, early and lossy. Returns the way to stop. */
  onHint(listener: () => void): () => void;
  /** Drops log rows, history and entries of the timeline beyond retention; returns the number of rows dropped. */
  compact(): Promise<number>;
  /** Every row of every table at one revision, in the order `load` takes them. */
  dump(): AsyncIterable<readonly DumpRow[]>;
  /** Fills an empty store from dumped rows. @throws STORE_NOT_EMPTY */
  load(rows: AsyncIterable<readonly DumpRow[]>): Promise<void>;
  close(): Promise<void>;
}
