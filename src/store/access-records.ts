import type { JsonValue } from '../model/json.ts';

/**
 * What a record of the permission layer is. `signing-key`: of identity tokens; `cursor`: how far something has come; `intent`: what
 * was begun and has no outcome yet.
 */
export type AccessRecordType =
  | 'session'
  | 'token'
  | 'role'
  | 'binding'
  | 'secret'
  | 'signing-key'
  | 'cursor'
  | 'intent';

/** One record. `sequence` is that of its last change, over all records: greater is newer. */
export interface AccessRecord {
  readonly type: AccessRecordType;
  /** Unique in its type, at most 200 characters; for sessions and tokens the hash of what opens them. */
  readonly key: string;
  readonly value: JsonValue;
  /** Swept some time after this, ms since the epoch; absent: lasts. */
  readonly expiresAt?: number | undefined;
  /** ms since the epoch. */
  readonly updatedAt: number;
  readonly sequence: number;
}

/** A record that is gone. */
export interface GoneAccessRecord {
  readonly type: AccessRecordType;
  readonly key: string;
  readonly sequence: number;
  readonly gone: true;
}

/** One write. `expect`: the sequence that the record must have (0: that it is not there); otherwise nothing is written. */
export type AccessWrite =
  | {
      readonly op: 'put';
      readonly type: AccessRecordType;
      readonly key: string;
      readonly value: JsonValue;
      readonly expiresAt?: number | undefined;
      readonly expect?: number | undefined;
    }
  | {
      readonly op: 'delete';
      readonly type: AccessRecordType;
      readonly key: string;
      readonly expect?: number | undefined;
    };

/** What somebody did, before it has a place in the chain. */
export interface AuditEntry {
  /** ms since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target?: string | undefined;
  /** `pending`: it is about to be done, another record of the same request says how it ended; `unknown`: nobody knows. */
  readonly outcome: 'success' | 'denied' | 'failure' | 'pending' | 'unknown';
  readonly requestId?: string | undefined;
  /** `reason`, `address`, `userAgent`, `via`, `revision` and what is of the action itself; never a secret. */
  readonly data?: { readonly [key: string]: JsonValue } | undefined;
}

/** A record of the audit log. The hash is over everything else of it and the hash of the record before. */
export interface AuditRecord extends AuditEntry {
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** Which audit records. Moments are ms since the epoch. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  /** With `*` at its end: all that begin so. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
  /** A text that stands in actor, action, target or data; letter case does not count. */
  readonly text?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** Which page of them; both ends exclusive. */
export interface AuditPage {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** Whether the audit log is as it was written. */
export interface AuditVerification {
  readonly intact: boolean;
  /** Number of records that were checked. */
  readonly records: number;
  /** Sequences of the oldest and the newest record; absent without records, and where it is not intact. */
  readonly first?: number;
  readonly last?: number;
  /** Hash of the newest record. */
  readonly lastHash?: string;
  /** Sequence of the first record that does not fit. */
  readonly brokenAt?: number;
  readonly problem?: string;
}

/** A page of the changes. */
export interface AccessChanges {
  readonly changes: readonly (AccessRecord | GoneAccessRecord)[];
  /** Where to go on. */
  readonly sequence: number;
  /** False: there is more. */
  readonly complete: boolean;
  /** Records that went may be missing: begin at 0 again. Nothing to heed on pages of a reading that began at 0. */
  readonly expired: boolean;
}

/** What a write of the permission layer did. */
export type AccessCommit =
  | { readonly status: 'written'; readonly sequence: number }
  /** A record had another sequence than expected: nothing was written, no audit record either. */
  | { readonly status: 'conflict'; readonly type: AccessRecordType; readonly key: string };

/**
 * What the permission layer keeps: its records, and the audit log. It has a sequence of its own beside the catalog's
 * revisions, and no part in the watch cache. Every call goes to the store worker; faults are STORE_*.
 */
export interface AccessStore {
  /**
   * Writes all, with the audit entries, in one durable transaction. With no writes it only audits. Calls that wait at once
   * share a transaction.
   */
  commit(writes: readonly AccessWrite[], audit: readonly AuditEntry[]): Promise<AccessCommit>;
  /** Records changed after `after`, by sequence, each as it is now. `after` 0: all there are. */
  changes(after: number, limit: number): Promise<AccessChanges>;
  /** Audit records, newest first; `before` (exclusive sequence) pages on. With `after`, oldest first from there on. */
  audit(filter: AuditFilter, page: AuditPage): Promise<readonly AuditRecord[]>;
  /** Goes through the whole audit log, in turns with other work. */
  verifyAudit(): Promise<AuditVerification>;
  /** Calls `listener` when records may have changed; only a hint, early and lossy. Returns the way to stop. */
  onHint(listener: () => void): () => void;
}
