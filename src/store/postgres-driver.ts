import { Pool, types, type PoolClient, type PoolConfig } from 'pg';
import type { CallboardError } from '../base/errors.ts';
import {
  LostRace,
  type Dialect,
  type Driver,
  type OnConflict,
  type Pace,
  type Reader,
  type Row,
  type Sql,
} from './driver.ts';
import type { SqlParam, SqlValue } from './driver.ts';
import { storeError } from './errors.ts';
import { insertHead, onConflictClause } from './insert.ts';
import { isBroken, isLostRace, postgresFault } from './postgres-faults.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Table } from './tables.ts';

/** Channels of NOTIFY; a channel belongs to its database. */
export const LOG_CHANNEL = 'callboard_log';
export const ACCESS_CHANNEL = 'callboard_access';
/** The key of the advisory lock under which one process at a time changes the schema. */
const SCHEMA_LOCK = 7_204_318;

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
/** A process that froze in the middle of a write loses its locks. Whoever needs longer says so. */
const IDLE_TIMEOUT_MS = 15_000;
/** A little more than the server's own limit: what is not answered by then is a dead connection. */
const QUERY_TIMEOUT_MS = 35_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** One writer, the short reads, and what `Cursors` allows. */
const MAX_CONNECTIONS = 12;
/** Rows of one INSERT, and about how many characters: bounds the memory of a statement. */
const INSERT_ROWS = 2_000;
const INSERT_CHARS = 8_000_000;

const INT8 = 20;

/** How to open a database. */
export interface PostgresOptions {
  /** Holds a password: never log it. */
  readonly databaseUrl: string;
  readonly readOnly: boolean;
  readonly notify: boolean;
}

/** Connection settings shared by the pool and the listener. */
export function connectionConfig(databaseUrl: string): PoolConfig {
  return {
    connectionString: databaseUrl,
    application_name: 'callboard',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // 64-bit integers are revisions, counts and times: all far below 2^53.
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : types.getTypeParser(oid, format as 'text'),
    },
  };
}

/** PostgreSQL, also for several processes at once. Connections that break are replaced by new ones. */
export class PostgresDriver implements Driver {
  readonly dialect: Dialect;
  readonly #pool: Pool;
  readonly #readOnly: boolean;
  readonly #writes = new SerialQueue();

  constructor(options: PostgresOptions) {
    this.#readOnly = options.readOnly;
    this.dialect = {
      text: 'TEXT COLLATE "C"',
      integer: 'BIGINT',
      tableOptions: '',
      hasTable: 'SELECT 1 AS present FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1',
      anyOf: (column, place) => `${column} = ANY(${place}::text[])`,
      forUpdate: 'FOR UPDATE',
      forShare: 'FOR KEY SHARE',
      notify: options.notify ? `SELECT pg_notify('${LOG_CHANNEL}', $1)` : undefined,
      notifyAccess: options.notify ? `SELECT pg_notify('${ACCESS_CHANNEL}', $1)` : undefined,
    };
    this.#pool = new Pool({
      ...connectionConfig(options.databaseUrl),
      max: MAX_CONNECTIONS,
      query_timeout: QUERY_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
    });
    // A connection that breaks is out of the pool, and the next statement on it fails: nobody needs the event, but
    // without a listener it would end the thread.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  write<T>(work: (sql: Sql) => Promise<T>, pace: Pace = {}): Promise<T> {
    if (this.#readOnly) return Promise.reject(storeError('STORE_READ_ONLY'));
    return this.#writes.run(() =>
      this.#transaction('BEGIN ISOLATION LEVEL READ COMMITTED', async (sql) => {
        await allowIdle(sql, pace);
        return work(sql);
      }),
    );
  }

  /** Like `write`, but only one process at a time: for changing the schema. */
  writeAlone<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.write(async (sql) => {
      await sql.rows('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
      return work(sql);
    });
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#transaction(BEGIN_READ, work);
  }

  async reader(pace: Pace = {}): Promise<Reader> {
    const client = await this.#pool.connect();
    const reader = new PostgresReader(client);
    try {
      await reader.begin(pace);
    } catch (error) {
      client.release(true);
      throw error;
    }
    return reader;
  }

  fault(error: unknown): CallboardError {
    return postgresFault(error);
  }

  async close(): Promise<void> {
    await this.#writes.idle();
    await this.#pool.end();
  }

  async #transaction<T>(begin: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      const sql = new PostgresSql(client);
      await client.query(begin);
      const result = await work(sql);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = isBroken(error) || !(await rollBack(client));
      throw isLostRace(error) ? new LostRace() : error;
    } finally {
      client.release(broken);
    }
  }
}

const BEGIN_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** The limit is a little more than the pace, whose owner ends the transaction in good order. */
async function allowIdle(sql: Sql, { idleMs }: Pace): Promise<void> {
  if (idleMs === undefined) return;
  const limitMs = String(idleMs + IDLE_TIMEOUT_MS);
  await sql.rows("SELECT set_config('idle_in_transaction_session_timeout', $1, true)", [limitMs]);
}

/** False when the connection cannot be used any more; the first error is the one to report. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** Statements on one connection. Texts are few and fixed, so each is prepared once a connection. */
class PostgresSql implements Sql {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async rows(text: string, params: readonly SqlParam[] = []): Promise<readonly Row[]> {
    return (await this.#client.query<Record<string, SqlValue>>(text, [...params])).rows;
  }

  async run(text: string, params: readonly SqlParam[] = []): Promise<number> {
    return (await this.#client.query(text, [...params])).rowCount ?? 0;
  }

  async insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: OnConflict): Promise<number> {
    const lists = table.columns.map(({ type }, index) => `$${index + 1}::${type === 'text' ? 'text' : 'bigint'}[]`);
    const text = `${insertHead(table)} SELECT * FROM unnest(${lists.join(', ')}) ${onConflictClause(table, conflict)}`;
    let written = 0;
    for (const chunk of chunksOf(rows)) {
      const columns = table.columns.map((_, index) => chunk.map((row) => row[index] ?? null));
      written += (await this.#client.query(text, columns)).rowCount ?? 0;
    }
    return written;
  }
}

class PostgresReader extends PostgresSql implements Reader {
  readonly #connection: PoolClient;

  constructor(client: PoolClient) {
    super(client);
    this.#connection = client;
  }

  /** The snapshot is taken by the first read, not by BEGIN. */
  async begin(pace: Pace): Promise<void> {
    await this.run(BEGIN_READ);
    await allowIdle(this, pace);
    await this.rows('SELECT 1 FROM revision');
  }

  async close(): Promise<void> {
    const usable = await rollBack(this.#connection);
    this.#connection.release(!usable);
  }
}

function* chunksOf(rows: readonly (readonly SqlValue[])[]): Generator<readonly (readonly SqlValue[])[]> {
  let start = 0;
  let chars = 0;
  for (const [index, row] of rows.entries()) {
    for (const value of row) chars += typeof value === 'string' ? value.length : 8;
    if (index + 1 - start < INSERT_ROWS && chars < INSERT_CHARS) continue;
    yield rows.slice(start, index + 1);
    start = index + 1;
    chars = 0;
  }
  if (start < rows.length) yield rows.slice(start);
}
