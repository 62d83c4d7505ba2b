import type { OnConflict } from './driver.ts';
import type { Table } from './tables.ts';

/** `INSERT INTO table (columns)`. */
export function insertHead(table: Table): string {
  return `INSERT INTO ${table.name} (${table.columns.map((column) => column.name).join(', ')})`;
}

/** What happens to a row whose key is there already. */
export function onConflictClause(table: Table, conflict: OnConflict): string {
  if (conflict === 'fail') return '';
  const target = `ON CONFLICT (${table.key.join(', ')})`;
  if (conflict === 'ignore') return `${target} DO NOTHING`;
  const others = table.columns.filter((column) => !table.key.includes(column.name));
  return `${target} DO UPDATE SET ${others.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`;
}
