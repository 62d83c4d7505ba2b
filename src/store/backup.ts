import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemClock, type Clock } from '../base/clock.ts';
import { BACKUP_FORMAT, BACKUP_VERSION, BackupEncoder, readBackup } from './backup-file.ts';
import { SCHEMA_VERSION } from './schema.ts';
import type { DumpRow, Store } from './store.ts';

/** How far a backup, restore or copy is. */
export interface BackupProgress {
  readonly table: string;
  /** Rows done so far, of all tables. */
  readonly rows: number;
}

/** How to run one. */
export interface BackupOptions {
  readonly clock?: Clock | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
}

/** What was written. */
export interface BackupSummary {
  readonly revision: number;
  readonly rows: number;
}

/**
 * Writes everything in the store, at one revision, to a file. The file appears under its name only when it is whole and
 * on disk; one that was there is replaced. It holds all that the database holds: keep it as safe.
 */
export async function backupStore(store: Store, file: string, options: BackupOptions = {}): Promise<BackupSummary> {
  const clock = options.clock ?? systemClock;
  const temporary = `${file}.${clock.token(6)}.partial`;
  const count = new RowCount(options);
  try {
    const source = Readable.from(encode(store, clock, count), { objectMode: false });
    const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(source, createGzip(), target);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return count.summary();
}

/**
 * Fills an empty store from a backup of either database. The whole file is checked before the store is touched, and
 * read again in one transaction.
 * @throws BACKUP_INVALID, STORE_NOT_EMPTY
 */
export async function restoreStore(store: Store, file: string, options: BackupOptions = {}): Promise<BackupSummary> {
  for await (const page of readBackup(file)) void page;
  const count = new RowCount(options);
  await store.load(count.counting(readBackup(file)));
  return count.summary();
}

/** Fills the empty store `to` with everything in `from`. @throws STORE_NOT_EMPTY */
export async function copyStore(from: Store, to: Store, options: BackupOptions = {}): Promise<BackupSummary> {
  const count = new RowCount(options);
  await to.load(count.counting(from.dump()));
  return count.summary();
}

/** Counts rows on their way and notes the revision, which is in the first row of a dump. */
class RowCount {
  readonly #options: BackupOptions;
  #rows = 0;
  #revision = 0;

  constructor(options: BackupOptions) {
    this.#options = options;
  }

  async *counting(pages: AsyncIterable<readonly DumpRow[]>): AsyncGenerator<readonly DumpRow[]> {
    for await (const page of pages) {
      for (const { table, row } of page) if (table === 'revision') this.#revision = Number(row['value']);
      yield page;
      this.#rows += page.length;
      this.#options.onProgress?.({ table: page.at(-1)?.table ?? '', rows: this.#rows });
    }
  }

  summary(): BackupSummary {
    return { revision: this.#revision, rows: this.#rows };
  }
}

async function* encode(store: Store, clock: Clock, count: RowCount): AsyncGenerator<Buffer> {
  const encoder = new BackupEncoder();
  let begun = false;
  for await (const page of count.counting(store.dump())) {
    if (!begun) {
      const header = {
        format: BACKUP_FORMAT,
        version: BACKUP_VERSION,
        schema: SCHEMA_VERSION,
        revision: count.summary().revision,
        engine: store.engine,
        createdAt: new Date(clock.now()).toISOString(),
      } as const;
      yield encoder.header(header);
      begun = true;
    }
    yield encoder.rows(page);
  }
  yield encoder.trailer();
}

/** A rename is durable when its folder is. Windows cannot open folders and needs no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
