import type { ErrorDetails } from '../base/errors.ts';
import type { AccessBatch } from './access-commit.ts';
import type {
  AccessChanges,
  AccessCommit,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditVerification,
} from './access-records.ts';
import type { LogRow } from './change-log.ts';
import type { ChangedEntity, ChangeKey, ChangesRequest, ChangeSlice } from './changes.ts';
import type { Retention } from './compaction.ts';
import type { Batch } from './decide.ts';
import type { StoreErrorCode } from './errors.ts';
import type { PreferenceOutcome, PreferenceRecord, PreferenceType, PreferenceWrite } from './preferences.ts';
import type { TimelineCount, TimelineCountRequest, TimelineEntry, TimelineRequest, TimelineWrite } from './timeline.ts';
import type { CommitResult, DumpRow, EntityHistoryItem, SnapshotPage, StoreDigest, StoreHealth } from './store.ts';

/** What a store worker is told at its start. `databaseUrl` holds a password. */
export type WorkerSettings = {
  readonly retention: Retention;
  readonly readOnly: boolean;
  /** How long an unfinished snapshot, dump or load may stand still, ms. */
  readonly idleMs: number;
} & (
  | { readonly engine: 'sqlite'; readonly folder: string; readonly temporary: boolean }
  | { readonly engine: 'postgres'; readonly databaseUrl: string; readonly notify: boolean }
);

/** The calls that the main thread makes to the worker. Times are the caller's, ms since the epoch. */
export interface StoreCalls {
  revision(): number;
  epoch(): string;
  commit(batch: Batch): CommitResult;
  readLog(after: number, limit: number): readonly LogRow[];
  entityHistory(
    ref: string,
    options: { readonly limit: number; readonly before?: number | undefined },
  ): readonly EntityHistoryItem[];
  changes(request: ChangesRequest): ChangeSlice;
  changedEntities(keys: readonly ChangeKey[]): readonly ChangedEntity[];
  digest(): StoreDigest;
  compact(now: number): number;
  accessCommit(batch: AccessBatch): AccessCommit;
  accessChanges(after: number, limit: number): AccessChanges;
  audit(filter: AuditFilter, page: AuditPage): readonly AuditRecord[];
  verifyAudit(): AuditVerification;
  preferences(owners: readonly string[], type?: PreferenceType): readonly PreferenceRecord[];
  writePreference(write: PreferenceWrite, at: number): PreferenceOutcome;
  appendTimeline(writes: readonly TimelineWrite[]): number;
  timeline(request: TimelineRequest): readonly TimelineEntry[];
  timelineCounts(request: TimelineCountRequest): readonly TimelineCount[];
  oldestTimeline(source?: string): number | undefined;
  /** A cursor holds one state of the database until it is closed or stands still for too long. */
  openSnapshot(): number;
  nextSnapshotPage(cursor: number): SnapshotPage | undefined;
  openDump(): number;
  nextDumpPage(cursor: number): readonly DumpRow[] | undefined;
  closeCursor(cursor: number): void;
  /** A load is one transaction from `beginLoad` to `endLoad`; anything wrong rolls it back. */
  beginLoad(): void;
  loadPage(rows: readonly DumpRow[]): void;
  endLoad(): void;
  abortLoad(): void;
  close(): void;
}

/** Name of a call. */
export type CallName = keyof StoreCalls;

/** The calls as the worker answers them. */
export type StoreCallHandlers = {
  readonly [N in CallName]: (...args: Parameters<StoreCalls[N]>) => Promise<ReturnType<StoreCalls[N]>>;
};

/** One call on its way to the worker. */
export interface CallMessage {
  readonly id: number;
  readonly call: CallName;
  readonly args: readonly unknown[];
}

/** A coded error on its way between threads; its text is made anew from code and details. */
export interface WireError {
  readonly code: StoreErrorCode;
  readonly details: ErrorDetails;
}

/** Where something may have been committed. */
export type HintOf = 'log' | 'access';

/** What the worker says. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly error: WireError }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  /** Something may have been committed to the change log, or to the records of the permission layer. */
  | { readonly type: 'hint'; readonly of: HintOf }
  | { readonly type: 'health'; readonly health: StoreHealth }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: ErrorDetails;
    };
