import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Dialect, Driver, OnConflict, Reader, Row, Sql, SqlParam, SqlValue } from './driver.ts';
import { storeError } from './errors.ts';
import { insertHead, onConflictClause } from './insert.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Table } from './tables.ts';

/** Name of the database file in the data folder. */
export const DATABASE_FILE = 'callboard.db';

/** How a statement is written for SQLite. One process writes, so there are no row locks and nobody to notify. */
export const sqliteDialect: Dialect = {
  text: 'TEXT',
  integer: 'INTEGER',
  tableOptions: 'STRICT',
  hasTable: "SELECT 1 AS present FROM sqlite_schema WHERE type = 'table' AND name = $1",
  anyOf: (column, place) => `${column} IN (SELECT value FROM json_each(${place}))`,
  forUpdate: '',
  forShare: '',
  notify: undefined,
  notifyAccess: undefined,
};

/** Result codes after which a later try may succeed: busy, locked, read or write error, full disk, cannot open. */
const PASSING_FAULTS: ReadonlySet<number> = new Set([5, 6, 10, 13, 14]);

/** How to open a database file. */
export interface SqliteOptions {
  readonly folder: string;
  /** `temporary` gives up durability: for stores that are thrown away. */
  readonly mode: 'write' | 'read' | 'temporary';
}

/**
 * SQLite in write-ahead mode: one connection writes, one answers short reads, and each long read has its own, so that
 * none waits for another. A commit is on disk when it resolves (`synchronous=FULL`).
 */
export class SqliteDriver implements Driver {
  readonly dialect = sqliteDialect;
  readonly #file: string;
  readonly #writer: Connection | undefined;
  readonly #shared: Connection;
  readonly #writes = new SerialQueue();
  readonly #reads = new SerialQueue();

  constructor(options: SqliteOptions) {
    this.#file = join(options.folder, DATABASE_FILE);
    if (options.mode !== 'read') {
      mkdirSync(options.folder, { recursive: true, mode: 0o700 });
      this.#writer = new Connection(this.#file, false);
      // Entities and log rows are a kilobyte or two: 15 % less work than with pages of 4 KiB. Only a new file takes it.
      this.#writer.exec('PRAGMA page_size = 8192');
      this.#writer.exec('PRAGMA journal_mode = WAL');
      this.#writer.exec(`PRAGMA synchronous = ${options.mode === 'temporary' ? 'OFF' : 'FULL'}`);
      // The write-ahead file shrinks back after a large transaction.
      this.#writer.exec('PRAGMA journal_size_limit = 67108864');
      this.#writer.exec('PRAGMA cache_size = -16384');
    }
    this.#shared = new Connection(this.#file, true);
  }

  write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const writer = this.#writer;
    if (writer === undefined) return Promise.reject(storeError('STORE_READ_ONLY'));
    return this.#writes.run(() => inTransaction(writer, 'BEGIN IMMEDIATE', work));
  }

  /** A write is always alone here: SQLite has one writer. */
  writeAlone<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.write(work);
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#reads.run(() => inTransaction(this.#shared, 'BEGIN', work));
  }

  async reader(): Promise<Reader> {
    const connection = new Connection(this.#file, true);
    connection.exec('BEGIN');
    // The snapshot is taken by the first read, not by BEGIN.
    await connection.rows('SELECT 1 FROM revision');
    return connection;
  }

  fault(error: unknown): CallboardError {
    if (error instanceof CallboardError) return error;
    const reason = errorMessage(error);
    return storeError(PASSING_FAULTS.has(primaryCode(error)) ? 'STORE_UNAVAILABLE' : 'STORE_FAILED', { reason }, error);
  }

  async close(): Promise<void> {
    await this.#writes.idle();
    await this.#reads.idle();
    await this.#shared.close();
    await this.#writer?.close();
  }
}

async function inTransaction<T>(connection: Connection, begin: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  connection.exec(begin);
  let result: T;
  try {
    result = await work(connection);
    connection.exec('COMMIT');
  } catch (error) {
    connection.rollBack();
    throw error;
  }
  return result;
}

/** One database handle with its prepared statements. */
class Connection implements Reader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, readOnly: boolean) {
    this.#database = new DatabaseSync(file, { readOnly, timeout: 5_000, enableForeignKeyConstraints: false });
  }

  exec(text: string): void {
    this.#database.exec(text);
  }

  /** SQLite rolls back by itself after some faults; a second rollback would hide the first error. */
  rollBack(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  async rows(text: string, params: readonly SqlParam[] = []): Promise<readonly Row[]> {
    return this.#prepare(text).all(...params.map(toSqlite)) as Row[];
  }

  async run(text: string, params: readonly SqlParam[] = []): Promise<number> {
    return Number(this.#prepare(text).run(...params.map(toSqlite)).changes);
  }

  async insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: OnConflict): Promise<number> {
    const places = table.columns.map((_, index) => `$${index + 1}`).join(', ');
    const statement = this.#prepare(`${insertHead(table)} VALUES (${places}) ${onConflictClause(table, conflict)}`);
    let written = 0;
    for (const row of rows) written += Number(statement.run(...row).changes);
    return written;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  /** Statements are few and fixed, so all of them are kept. */
  #prepare(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text.replace(/\$(\d+)/g, '?$1'));
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

/** The primary result code of what `node:sqlite` threw; the upper bits only refine it. */
function primaryCode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return code & 0xff;
}

function toSqlite(param: SqlParam): SqlValue {
  return typeof param === 'object' && param !== null ? JSON.stringify(param) : param;
}
