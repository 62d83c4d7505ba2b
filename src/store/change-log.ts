import type { Change, Transaction } from '../model/change.ts';
import type { Row, Sql } from './driver.ts';
import { storeError } from './errors.ts';
import { readRevision } from './revision.ts';

/** A row of the change log as it crosses threads; the value stays JSON text until it is needed. */
export interface LogRow {
  readonly revision: number;
  readonly at: number;
  readonly type: string;
  readonly key: string;
  readonly value: string | null;
}

const COLUMNS = 'revision, position, type, key, value, at';

/**
 * Rows of the transactions after `after`, about `limit` of them, always whole transactions.
 *
 * @param sql a transaction that sees one state of the database throughout
 * @throws REVISION_EXPIRED, LOG_GAP
 */
export async function readLogRows(sql: Sql, after: number, limit: number): Promise<readonly LogRow[]> {
  const { value: newest, compacted } = await readRevision(sql);
  if (after < compacted || after > newest) {
    throw storeError('REVISION_EXPIRED', { oldest: compacted + 1, newest, after });
  }
  if (after === newest) return [];
  const wanted = Math.max(1, limit);
  const rows = await sql.rows(`SELECT ${COLUMNS} FROM log WHERE revision > $1 ORDER BY revision, position LIMIT $2`, [
    after,
    wanted,
  ]);
  const last = rows.at(-1);
  const rest =
    last === undefined
      ? []
      : await sql.rows(`SELECT ${COLUMNS} FROM log WHERE revision = $1 AND position > $2 ORDER BY position`, [
          last['revision'] ?? 0,
          last['position'] ?? 0,
        ]);
  const complete = [...rows, ...rest];
  assertWhole(complete, after, newest, rows.length < wanted);
  return complete.map(toLogRow);
}

/**
 * The rows as transactions.
 * @param rows whole transactions in order
 */
export function toTransactions(rows: readonly LogRow[]): Transaction[] {
  const transactions: { revision: number; at: number; changes: Change[] }[] = [];
  for (const { revision, at, type, key, value } of rows) {
    let transaction = transactions.at(-1);
    if (transaction?.revision !== revision) {
      transaction = { revision, at, changes: [] };
      transactions.push(transaction);
    }
    transaction.changes.push({ type, key, value: value === null ? null : JSON.parse(value) } as Change);
  }
  return transactions;
}

/** Every revision and every position must be there: what a reader misses here it would never learn. */
function assertWhole(rows: readonly Row[], after: number, newest: number, toTheEnd: boolean): void {
  let revision = after;
  let position = -1;
  for (const row of rows) {
    if (row['revision'] === revision) {
      position += 1;
    } else {
      revision += 1;
      position = 0;
    }
    if (row['revision'] !== revision || row['position'] !== position) {
      throw storeError('LOG_GAP', {
        expected: `${revision}/${position}`,
        found: `${row['revision']}/${row['position']}`,
      });
    }
  }
  if (toTheEnd && revision !== newest)
    throw storeError('LOG_GAP', { expected: String(newest), found: String(revision) });
}

function toLogRow(row: Row): LogRow {
  return {
    revision: Number(row['revision']),
    at: Number(row['at']),
    type: String(row['type']),
    key: String(row['key']),
    value: row['value'] === null || row['value'] === undefined ? null : String(row['value']),
  };
}
