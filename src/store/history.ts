import type { Row, Sql } from './driver.ts';
import type { EntityHistoryItem } from './store.ts';

/** The most steps of one answer. */
const MAX_LIMIT = 1_000;

/** Steps in the life of an entity, newest first; `before` is an exclusive revision. */
export async function readHistory(
  sql: Sql,
  ref: string,
  options: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly EntityHistoryItem[]> {
  const rows = await sql.rows(
    `SELECT * FROM entity_history WHERE ref = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3`,
    [ref, options.before ?? Number.MAX_SAFE_INTEGER, Math.min(Math.max(0, options.limit), MAX_LIMIT)],
  );
  return rows.map(historyItem);
}

/** A row of `entity_history` as others see it. */
export function historyItem(row: Row): EntityHistoryItem {
  return {
    revision: Number(row['revision']),
    at: Number(row['at']),
    op: String(row['op']) as EntityHistoryItem['op'],
    location: String(row['location']),
    source: String(row['source']),
    ...(typeof row['source_version'] === 'string' ? { commit: row['source_version'] } : {}),
    body: String(row['body']),
  };
}
