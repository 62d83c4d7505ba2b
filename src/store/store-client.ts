import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { Transaction } from '../model/change.ts';
import { AccessClient } from './access-client.ts';
import { toTransactions } from './change-log.ts';
import type { ChangedEntity, ChangeKey, ChangesRequest, ChangeSlice } from './changes.ts';
import { storeError } from './errors.ts';
import type { WorkerSettings } from './messages.ts';
import type { PreferenceStore } from './preferences.ts';
import type { TimelineStore } from './timeline.ts';
import type {
  CommitResult,
  DumpRow,
  EntityHistoryItem,
  SnapshotPage,
  Store,
  StoreDigest,
  StoreHealth,
  Write,
} from './store.ts';
import { WorkerLink } from './worker-link.ts';

/** What a client needs. */
export interface ClientOptions {
  readonly settings: WorkerSettings;
  /** A thread that was started already and is told nothing yet. */
  readonly thread?: Worker | undefined;
  readonly clock: Clock;
  readonly log: Logger | undefined;
  /** The most writes that wait; one commit is always taken. */
  readonly maxPendingWrites: number;
  /** Runs after the worker has ended. */
  readonly onClose: () => Promise<void>;
}

/** The store as the main thread sees it: every call goes to the store worker. */
export class StoreClient implements Store {
  readonly engine: 'sqlite' | 'postgres';
  readonly access: AccessClient;
  readonly preferences: PreferenceStore;
  readonly timeline: TimelineStore;
  readonly #clock: Clock;
  readonly #link: WorkerLink;
  readonly #maxPendingWrites: number;
  readonly #onClose: () => Promise<void>;
  readonly #listeners = new Set<() => void>();
  #pendingWrites = 0;
  #closed: Promise<void> | undefined;

  private constructor(options: ClientOptions) {
    this.engine = options.settings.engine;
    this.#clock = options.clock;
    this.#maxPendingWrites = options.maxPendingWrites;
    this.#onClose = options.onClose;
    this.#link = new WorkerLink({
      ...options,
      onHint: (of) => (of === 'access' ? this.access.hint() : this.#listeners.forEach((listener) => listener())),
    });
    this.access = new AccessClient(this.#link, options.clock);
    this.preferences = {
      list: (owners, type) => this.#link.call('preferences', owners, type),
      write: (write) => this.#link.call('writePreference', write, this.#clock.now()),
    };
    this.timeline = {
      append: (writes) => this.#link.call('appendTimeline', writes),
      page: (request) => this.#link.call('timeline', request),
      counts: (request) => this.#link.call('timelineCounts', request),
      oldest: (source) => this.#link.call('oldestTimeline', source),
    };
  }

  /** Starts the worker and opens the database. */
  static async open(options: ClientOptions): Promise<StoreClient> {
    const client = new StoreClient(options);
    await client.#link.start();
    return client;
  }

  get health(): StoreHealth {
    return this.#link.health;
  }

  revision(): Promise<number> {
    return this.#link.call('revision');
  }

  epoch(): Promise<string> {
    return this.#link.call('epoch');
  }

  async commit(writes: readonly Write[]): Promise<CommitResult> {
    if (this.#pendingWrites > 0 && this.#pendingWrites + writes.length > this.#maxPendingWrites) {
      throw storeError('STORE_BUSY', { reason: `${this.#pendingWrites} writes wait` });
    }
    this.#pendingWrites += writes.length;
    try {
      return await this.#link.call('commit', { writes, at: this.#clock.now() });
    } finally {
      this.#pendingWrites -= writes.length;
    }
  }

  async readLog(after: number, limit: number): Promise<readonly Transaction[]> {
    return toTransactions(await this.#link.call('readLog', after, limit));
  }

  async *snapshot(): AsyncGenerator<SnapshotPage> {
    const cursor = await this.#link.call('openSnapshot');
    yield* this.#pages(cursor, () => this.#link.call('nextSnapshotPage', cursor));
  }

  entityHistory(
    ref: string,
    options: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<readonly EntityHistoryItem[]> {
    return this.#link.call('entityHistory', ref, options);
  }

  changes(request: ChangesRequest): Promise<ChangeSlice> {
    return this.#link.call('changes', request);
  }

  changedEntities(keys: readonly ChangeKey[]): Promise<readonly ChangedEntity[]> {
    return this.#link.call('changedEntities', keys);
  }

  digest(): Promise<StoreDigest> {
    return this.#link.call('digest');
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  compact(): Promise<number> {
    return this.#link.call('compact', this.#clock.now());
  }

  async *dump(): AsyncGenerator<readonly DumpRow[]> {
    const cursor = await this.#link.call('openDump');
    yield* this.#pages(cursor, () => this.#link.call('nextDumpPage', cursor));
  }

  async load(pages: AsyncIterable<readonly DumpRow[]>): Promise<void> {
    await this.#link.call('beginLoad');
    try {
      for await (const rows of pages) await this.#link.call('loadPage', rows);
    } catch (error) {
      // What went wrong first is what the caller must learn; a worker that is gone has rolled back by itself.
      await this.#link.call('abortLoad').catch(() => undefined);
      throw error;
    }
    await this.#link.call('endLoad');
  }

  close(): Promise<void> {
    this.#closed ??= this.#link.close().then(this.#onClose);
    return this.#closed;
  }

  /** Pulls until the end, one page ahead of the reader; a reader that stops early frees the worker's state. */
  async *#pages<P>(cursor: number, next: () => Promise<P | undefined>): AsyncGenerator<P> {
    let finished = false;
    let ahead = next();
    try {
      for (let page = await ahead; page !== undefined; page = await ahead) {
        ahead = next();
        // Where it fails the reader learns of it when it asks for that page, or never wants to know.
        ahead.catch(() => undefined);
        yield page;
      }
      finished = true;
    } finally {
      if (!finished && this.#closed === undefined) {
        await ahead.catch(() => undefined);
        await this.#link.call('closeCursor', cursor);
      }
    }
  }
}
