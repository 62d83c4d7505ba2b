import type { CallboardError } from '../base/errors.ts';
import type { Table } from './tables.ts';

/** A value in a column. Both databases hold only these; bytes are base64 text. */
export type SqlValue = string | number | null;

/** A value of a `$n` place; a list stands where the dialect's `anyOf` is used. */
export type SqlParam = SqlValue | readonly string[];

/** A row as read. */
export type Row = Readonly<Record<string, SqlValue>>;

/** What to do with a row whose key is already there. */
export type OnConflict = 'fail' | 'ignore' | 'update';

/** The few places where the two databases write differently. */
export interface Dialect {
  /** Type of a column that is compared and sorted byte by byte. */
  readonly text: string;
  /** Type of a 64-bit integer column. */
  readonly integer: string;
  /** What follows the closing bracket of CREATE TABLE. */
  readonly tableOptions: string;
  /** Statement that has a row when there is a table with the name in `$1`. */
  readonly hasTable: string;
  /** Condition that `column` is one of the list given for `place`. */
  anyOf(column: string, place: string): string;
  /** Clause that locks the rows read: `forUpdate` against everything, `forShare` against deletion. Empty: one writer. */
  readonly forUpdate: string;
  readonly forShare: string;
  /** Statement that wakes other processes with the revision in `$1`; undefined: there are none. */
  readonly notify: string | undefined;
  /** The same for records of the permission layer, with their sequence. */
  readonly notifyAccess: string | undefined;
}

/** Statements inside one transaction. Places are `$1`, `$2` ... */
export interface Sql {
  rows(text: string, params?: readonly SqlParam[]): Promise<readonly Row[]>;
  /** Number of rows touched. */
  run(text: string, params?: readonly SqlParam[]): Promise<number>;
  /** Writes rows, values in the order of the table's columns. Returns the number of rows written. */
  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: OnConflict): Promise<number>;
}

/** A consistent, read-only state of the database that stays open over many calls. */
export interface Reader extends Sql {
  close(): Promise<void>;
}

/** How long a transaction may stand still between two statements, ms; by default it never does. */
export interface Pace {
  readonly idleMs?: number;
}

/** A database connection, or a pool of them. Used by the store worker only. */
export interface Driver {
  readonly dialect: Dialect;
  /**
   * Runs `work` in a write transaction; commits when it resolves, rolls back when it rejects. Calls run one after the
   * other. @throws LostRace also for a deadlock with another process
   */
  write<T>(work: (sql: Sql) => Promise<T>, pace?: Pace): Promise<T>;
  /** Like `write`, alone among all processes: for changing the schema. */
  writeAlone<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs `work` on one consistent state. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  reader(pace?: Pace): Promise<Reader>;
  /** What the database threw, as a coded error. */
  fault(error: unknown): CallboardError;
  close(): Promise<void>;
}

/** Thrown by the work of a write transaction that lost a race: roll back and run it again. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}
