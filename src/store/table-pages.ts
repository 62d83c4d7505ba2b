import type { Row, Sql, SqlValue } from './driver.ts';
import type { Table } from './tables.ts';

/**
 * All rows of a table in the order of its key, in pages. Each page is found by the last key of the one before, so a
 * page costs the same wherever it stands.
 *
 * @param sql a transaction that sees one state of the database throughout
 * @param columns what to select; the key is always among it
 */
export async function* tablePages(
  sql: Sql,
  table: Table,
  options: { readonly pageRows: number; readonly columns?: readonly string[] },
): AsyncGenerator<readonly Row[]> {
  const columns = options.columns === undefined ? '*' : [...new Set([...table.key, ...options.columns])].join(', ');
  const key = table.key.join(', ');
  const places = table.key.map((_, index) => `$${index + 1}`).join(', ');
  const tail = `ORDER BY ${key} LIMIT ${options.pageRows}`;
  let page = await sql.rows(`SELECT ${columns} FROM ${table.name} ${tail}`);
  while (page.length > 0) {
    yield page;
    if (page.length < options.pageRows) return;
    const last: SqlValue[] = table.key.map((column) => page.at(-1)?.[column] ?? null);
    page = await sql.rows(`SELECT ${columns} FROM ${table.name} WHERE (${key}) > (${places}) ${tail}`, last);
  }
}
