import type { Row, Sql, SqlValue } from './driver.ts';
import { storeError } from './errors.ts';
import type { DumpRow } from './store.ts';
import { counterTables, dataTables, type Table } from './tables.ts';
import { tablePages } from './table-pages.ts';

const PAGE_ROWS = 500;
const tableByName: ReadonlyMap<string, Table> = new Map(dataTables.map((table) => [table.name, table]));

/** Every row of every table of one state of the database. */
export async function* dumpPages(sql: Sql): AsyncGenerator<readonly DumpRow[]> {
  for (const table of dataTables) {
    for await (const rows of tablePages(sql, table, { pageRows: PAGE_ROWS })) {
      yield rows.map((row) => ({ table: table.name, row: plainRow(table, row) }));
    }
  }
}

/**
 * Makes sure that the database holds nothing, and that no other process commits before the caller's transaction ends.
 * @throws STORE_NOT_EMPTY
 */
export async function assertEmpty(sql: Sql): Promise<void> {
  // Every commit takes one of these rows, so whoever has them is the only one to commit.
  await sql.run('UPDATE revision SET value = value');
  await sql.run('UPDATE access_sequence SET value = value');
  for (const table of counterTables) {
    const rows = await sql.rows(`SELECT 1 AS present FROM ${table.name} WHERE value <> 0`);
    if (rows.length > 0) throw storeError('STORE_NOT_EMPTY', { table: table.name });
  }
  for (const table of dataTables) {
    if (counterTables.includes(table)) continue;
    const rows = await sql.rows(`SELECT 1 AS present FROM ${table.name} LIMIT 1`);
    if (rows.length > 0) throw storeError('STORE_NOT_EMPTY', { table: table.name });
  }
}

/**
 * Writes dumped rows into an empty database, inside the caller's transaction.
 * @throws WRITE_INVALID for a row that does not fit
 */
export async function loadRows(sql: Sql, rows: readonly DumpRow[]): Promise<void> {
  const byTable = new Map<Table, (readonly SqlValue[])[]>();
  for (const { table: name, row } of rows) {
    const table = tableByName.get(name);
    if (table === undefined) throw storeError('WRITE_INVALID', { reason: `there is no table ${name}` });
    const values = table.columns.map((column) =>
      columnValue(table, column.name, column.type, row[column.name] ?? null),
    );
    const list = byTable.get(table);
    if (list === undefined) byTable.set(table, [values]);
    else list.push(values);
  }
  for (const [table, values] of byTable)
    await sql.insert(table, values, counterTables.includes(table) ? 'update' : 'fail');
}

function plainRow(table: Table, row: Row): Record<string, SqlValue> {
  return Object.fromEntries(table.columns.map(({ name }) => [name, row[name] ?? null]));
}

function columnValue(table: Table, column: string, type: 'text' | 'integer', value: unknown): SqlValue {
  if (value === null) return null;
  if (type === 'text' && typeof value === 'string') return value;
  if (type === 'integer' && typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw storeError('WRITE_INVALID', { reason: `${table.name}.${column} of a dumped row is not ${type}` });
}
