import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Retention } from './compaction.ts';
import { storeError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import type { WorkerSettings } from './messages.ts';
import { DATABASE_FILE } from './sqlite-driver.ts';
import { StoreClient } from './store-client.ts';
import type { Store } from './store.ts';

const IDLE_MS = 60_000;
const MAX_PENDING_WRITES = 200_000;

/** How to open the store. */
export interface OpenStoreOptions {
  /** `postgres://` URL; undefined: SQLite in `folder`. Holds a password. */
  readonly url: string | undefined;
  /** Data folder of SQLite; made when missing. */
  readonly folder: string;
  readonly retention: Retention;
  /** `read`: changes nothing, needs no lock, works beside a serving process. Default `write`. */
  readonly mode?: 'write' | 'read' | undefined;
  /** False: no LISTEN/NOTIFY between servers on PostgreSQL, only polling. Default true. */
  readonly notify?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
  /** A thread of `startStoreThread`, which has a head start; absent: one is started. */
  readonly thread?: Worker | undefined;
  /** The most writes that wait before STORE_BUSY. Default 200,000. */
  readonly maxPendingWrites?: number | undefined;
  /** How long an unfinished snapshot, dump or load may stand still, ms. Default 60,000. */
  readonly idleMs?: number | undefined;
}

/**
 * Opens the store and brings its schema up to date.
 *
 * @throws STORE_LOCKED when another process serves the folder
 * @throws STORE_MISSING when there is nothing to read, in mode `read`
 * @throws STORE_SCHEMA_NEWER, STORE_SCHEMA_OLDER (mode `read` only), STORE_UNAVAILABLE, STORE_FAILED
 * @example const store = await openStore({ url: undefined, folder: '/var/lib/callboard', retention })
 */
export function openStore(options: OpenStoreOptions): Promise<Store> {
  return options.url === undefined ? openSqlite(options, false) : openPostgres(options, options.url);
}

/** What of the options matters for a store that is thrown away. */
export type TemporaryStoreOptions = Partial<Omit<OpenStoreOptions, 'url' | 'folder' | 'mode' | 'notify'>>;

/** Opens an empty SQLite store in a temporary folder that goes when it is closed. For one-off commands and tests. */
export async function openTemporaryStore(options: TemporaryStoreOptions = {}): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-'));
  const retention = { revisions: 100_000, logRows: 1_000_000, historyDays: 365, ...options.retention };
  return openSqlite({ ...options, url: undefined, folder, retention }, true);
}

async function openSqlite(options: OpenStoreOptions, temporary: boolean): Promise<Store> {
  const { folder } = options;
  const readOnly = options.mode === 'read';
  if (readOnly && !existsSync(join(folder, DATABASE_FILE))) throw storeError('STORE_MISSING', { folder });
  const lock = readOnly ? undefined : lockFolder(folder);
  const onClose = async (): Promise<void> => {
    lock?.release();
    if (temporary) await rm(folder, { recursive: true, force: true });
  };
  const settings: WorkerSettings = { ...sharedSettings(options), engine: 'sqlite', folder, temporary };
  try {
    return await openClient(options, settings, onClose);
  } catch (error) {
    await onClose();
    throw error;
  }
}

function openPostgres(options: OpenStoreOptions, databaseUrl: string): Promise<Store> {
  const notify = options.notify ?? true;
  const settings: WorkerSettings = { ...sharedSettings(options), engine: 'postgres', databaseUrl, notify };
  return openClient(options, settings, () => Promise.resolve());
}

function sharedSettings(options: OpenStoreOptions) {
  return {
    retention: options.retention,
    readOnly: options.mode === 'read',
    idleMs: options.idleMs ?? IDLE_MS,
  };
}

function openClient(
  options: OpenStoreOptions,
  settings: WorkerSettings,
  onClose: () => Promise<void>,
): Promise<StoreClient> {
  return StoreClient.open({
    settings,
    thread: options.thread,
    clock: options.clock ?? systemClock,
    log: options.log,
    maxPendingWrites: options.maxPendingWrites ?? MAX_PENDING_WRITES,
    onClose,
  });
}
