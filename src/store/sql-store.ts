import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { readAccessChanges } from './access-changes.ts';
import { checkAccessBatch } from './access-check.ts';
import { commitAccess, type AccessBatch } from './access-commit.ts';
import type {
  AccessChanges,
  AccessCommit,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditVerification,
} from './access-records.ts';
import { findAudit, verifyAuditChain } from './audit-pages.ts';
import { readLogRows, type LogRow } from './change-log.ts';
import {
  readChangedEntities,
  readChanges,
  type ChangedEntity,
  type ChangeKey,
  type ChangesRequest,
  type ChangeSlice,
} from './changes.ts';
import { commitBatches } from './commit.ts';
import { compact } from './compaction.ts';
import { Cursors } from './cursors.ts';
import type { Batch } from './decide.ts';
import type { Driver } from './driver.ts';
import { dumpPages } from './dump.ts';
import { storeError } from './errors.ts';
import { GroupCommit } from './group-commit.ts';
import { readHistory } from './history.ts';
import { LoadSession } from './load-session.ts';
import { retryLostRaces } from './lost-race.ts';
import type { HintOf, StoreCallHandlers, WorkerSettings } from './messages.ts';
import {
  checkPreference,
  readPreferences,
  writePreference,
  type PreferenceOutcome,
  type PreferenceRecord,
  type PreferenceType,
  type PreferenceWrite,
} from './preferences.ts';
import { readRevision } from './revision.ts';
import { readEpoch } from './schema.ts';
import { digestRecords, snapshotPages } from './snapshot.ts';
import type { CommitResult, DumpRow, EntityHistoryItem, SnapshotPage, StoreDigest } from './store.ts';
import {
  appendTimeline,
  checkTimeline,
  countTimeline,
  oldestTimeline,
  readTimeline,
  type TimelineCount,
  type TimelineCountRequest,
  type TimelineEntry,
  type TimelineRequest,
  type TimelineWrite,
} from './timeline.ts';
import { checkWrites } from './write-check.ts';

/** The store over a database, as it runs in the store worker. */
export class SqlStore implements StoreCallHandlers {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #settings: WorkerSettings;
  readonly #onCommit: (of: HintOf) => void;
  readonly #group: GroupCommit<Batch, CommitResult>;
  readonly #accessGroup: GroupCommit<AccessBatch, AccessCommit>;
  readonly #cursors: Cursors;
  #lastCommitted = 0;
  #verification: Promise<AuditVerification> | undefined;
  #load: LoadSession | undefined;

  /** `onCommit` is called after each commit that others may want to know of. */
  constructor(driver: Driver, clock: Clock, settings: WorkerSettings, onCommit: (of: HintOf) => void) {
    this.#driver = driver;
    this.#clock = clock;
    this.#settings = settings;
    this.#onCommit = onCommit;
    this.#group = new GroupCommit((batches) => this.#writeBatches(batches));
    this.#accessGroup = new GroupCommit((batches) => this.#writeAccess(batches));
    this.#cursors = new Cursors(driver, clock, settings.idleMs);
  }

  async revision(): Promise<number> {
    return (await this.#driver.read(readRevision)).value;
  }

  epoch(): Promise<string> {
    return this.#driver.read(readEpoch);
  }

  async commit(batch: Batch): Promise<CommitResult> {
    checkWrites(batch.writes);
    return this.#group.commit(batch);
  }

  readLog(after: number, limit: number): Promise<readonly LogRow[]> {
    return this.#driver.read((sql) => readLogRows(sql, after, limit));
  }

  entityHistory(
    ref: string,
    options: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<readonly EntityHistoryItem[]> {
    return this.#driver.read((sql) => readHistory(sql, ref, options));
  }

  changes(request: ChangesRequest): Promise<ChangeSlice> {
    return this.#driver.read((sql) => readChanges(sql, request));
  }

  changedEntities(keys: readonly ChangeKey[]): Promise<readonly ChangedEntity[]> {
    return this.#driver.read((sql) => readChangedEntities(sql, keys));
  }

  preferences(owners: readonly string[], type?: PreferenceType): Promise<readonly PreferenceRecord[]> {
    return this.#driver.read((sql) => readPreferences(sql, this.#driver.dialect, owners, type));
  }

  async writePreference(write: PreferenceWrite, at: number): Promise<PreferenceOutcome> {
    checkPreference(write);
    return retryLostRaces(this.#clock, () => this.#driver.write((sql) => writePreference(sql, write, at)));
  }

  async appendTimeline(writes: readonly TimelineWrite[]): Promise<number> {
    checkTimeline(writes);
    const { dialect } = this.#driver;
    return retryLostRaces(this.#clock, () => this.#driver.write((sql) => appendTimeline(sql, dialect, writes)));
  }

  timeline(request: TimelineRequest): Promise<readonly TimelineEntry[]> {
    return this.#driver.read((sql) => readTimeline(sql, this.#driver.dialect, request));
  }

  timelineCounts(request: TimelineCountRequest): Promise<readonly TimelineCount[]> {
    return this.#driver.read((sql) => countTimeline(sql, this.#driver.dialect, request));
  }

  oldestTimeline(source?: string): Promise<number | undefined> {
    return this.#driver.read((sql) => oldestTimeline(sql, source));
  }

  async digest(): Promise<StoreDigest> {
    const reader = await this.#driver.reader();
    try {
      return await digestRecords(reader, setImmediate);
    } finally {
      await reader.close();
    }
  }

  compact(now: number): Promise<number> {
    return compact(this.#driver, this.#settings.retention, now, setImmediate);
  }

  async accessCommit(batch: AccessBatch): Promise<AccessCommit> {
    checkAccessBatch(batch);
    return this.#accessGroup.commit(batch);
  }

  accessChanges(after: number, limit: number): Promise<AccessChanges> {
    return this.#driver.read((sql) => readAccessChanges(sql, after, limit));
  }

  audit(filter: AuditFilter, page: AuditPage): Promise<readonly AuditRecord[]> {
    return findAudit(this.#driver, filter, page, setImmediate);
  }

  /** Whoever asks while it goes on shares it. */
  verifyAudit(): Promise<AuditVerification> {
    this.#verification ??= verifyAuditChain(this.#driver, setImmediate).finally(() => (this.#verification = undefined));
    return this.#verification;
  }

  openSnapshot(): Promise<number> {
    return this.#cursors.open(snapshotPages);
  }

  async nextSnapshotPage(cursor: number): Promise<SnapshotPage | undefined> {
    return (await this.#cursors.next(cursor)) as SnapshotPage | undefined;
  }

  openDump(): Promise<number> {
    return this.#cursors.open(dumpPages);
  }

  async nextDumpPage(cursor: number): Promise<readonly DumpRow[] | undefined> {
    return (await this.#cursors.next(cursor)) as readonly DumpRow[] | undefined;
  }

  closeCursor(cursor: number): Promise<void> {
    return this.#cursors.close(cursor);
  }

  async beginLoad(): Promise<void> {
    if (this.#load !== undefined) throw storeError('STORE_BUSY', { reason: 'it is being loaded' });
    this.#load = new LoadSession(this.#driver, this.#clock, this.#settings.idleMs);
    await this.#inLoad((load) => load.begin());
  }

  loadPage(rows: readonly DumpRow[]): Promise<void> {
    return this.#inLoad((load) => load.page(rows));
  }

  async endLoad(): Promise<void> {
    await this.#inLoad((load) => load.end());
    this.#load = undefined;
    this.#onCommit('log');
    this.#onCommit('access');
  }

  async abortLoad(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    await load?.abort();
  }

  async close(): Promise<void> {
    await this.abortLoad();
    await this.#group.idle();
    await this.#accessGroup.idle();
    await this.#cursors.closeAll();
    await this.#driver.close();
  }

  /** A load that fails is over. */
  async #inLoad(step: (load: LoadSession) => Promise<void>): Promise<void> {
    if (this.#load === undefined) throw storeError('STORE_FAILED', { reason: 'no load is going on' });
    try {
      await step(this.#load);
    } catch (error) {
      await this.abortLoad();
      throw error;
    }
  }

  async #writeBatches(batches: readonly Batch[]): Promise<CommitResult[]> {
    const context = { dialect: this.#driver.dialect, uuid: () => this.#clock.uuid() };
    let results: CommitResult[];
    try {
      results = await retryLostRaces(this.#clock, () =>
        this.#driver.write((sql) => commitBatches(sql, batches, context)),
      );
    } catch (error) {
      throw this.#driver.fault(error);
    }
    const revision = results[0]?.revision ?? 0;
    if (revision > this.#lastCommitted) this.#onCommit('log');
    this.#lastCommitted = revision;
    return results;
  }

  async #writeAccess(batches: readonly AccessBatch[]): Promise<AccessCommit[]> {
    const { dialect } = this.#driver;
    try {
      const results = await retryLostRaces(this.#clock, () =>
        this.#driver.write((sql) => commitAccess(sql, batches, dialect)),
      );
      if (batches.some(({ writes }) => writes.length > 0)) this.#onCommit('access');
      return results;
    } catch (error) {
      throw this.#driver.fault(error);
    }
  }
}
