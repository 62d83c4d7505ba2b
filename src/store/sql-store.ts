import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { readLogRows, type LogRow } from './change-log.ts';
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
import type { StoreCallHandlers, WorkerSettings } from './messages.ts';
import { readRevision } from './revision.ts';
import { readEpoch } from './schema.ts';
import { digestRecords, snapshotPages } from './snapshot.ts';
import type { CommitResult, DumpRow, EntityHistoryItem, SnapshotPage, StoreDigest } from './store.ts';
import { checkWrites } from './write-check.ts';

/** The store over a database, as it runs in the store worker. */
export class SqlStore implements StoreCallHandlers {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #settings: WorkerSettings;
  readonly #onCommit: () => void;
  readonly #group: GroupCommit;
  readonly #cursors: Cursors;
  #lastCommitted = 0;
  #load: LoadSession | undefined;

  /** `onCommit` is called after each commit that took a revision. */
  constructor(driver: Driver, clock: Clock, settings: WorkerSettings, onCommit: () => void) {
    this.#driver = driver;
    this.#clock = clock;
    this.#settings = settings;
    this.#onCommit = onCommit;
    this.#group = new GroupCommit((batches) => this.#writeBatches(batches));
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
    this.#onCommit();
  }

  async abortLoad(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    await load?.abort();
  }

  async close(): Promise<void> {
    await this.abortLoad();
    await this.#group.idle();
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
    if (revision > this.#lastCommitted) this.#onCommit();
    this.#lastCommitted = revision;
    return results;
  }
}
