import type { Sql } from './driver.ts';

/** The newest revision, and up to which the change log was compacted. */
export interface Revision {
  readonly value: number;
  readonly compacted: number;
}

/** Reads the counter. */
export async function readRevision(sql: Sql): Promise<Revision> {
  const [row] = await sql.rows('SELECT value, compacted FROM revision');
  return { value: Number(row?.['value'] ?? 0), compacted: Number(row?.['compacted'] ?? 0) };
}

/**
 * Takes the next revision. The row stays locked until the commit, so revisions come without a gap and in the order of
 * the commits; call it as late as possible in the transaction.
 */
export async function nextRevision(sql: Sql): Promise<number> {
  const [row] = await sql.rows('UPDATE revision SET value = value + 1 RETURNING value');
  return Number(row?.['value']);
}
