import type { JsonValue } from '../model/json.ts';
import { readAccessCounter } from './access-commit.ts';
import type { AccessChanges, AccessRecord, AccessRecordType, GoneAccessRecord } from './access-records.ts';
import type { Row, Sql } from './driver.ts';

/** Records changed after `after`, by sequence; `sequence` of the answer is where to go on. */
export async function readAccessChanges(sql: Sql, after: number, limit: number): Promise<AccessChanges> {
  const { value, compacted } = await readAccessCounter(sql);
  if (after >= value) return { changes: [], sequence: after, complete: true, expired: after > value };
  const rows = await sql.rows('SELECT * FROM access_record WHERE sequence > $1 ORDER BY sequence LIMIT $2', [
    after,
    limit,
  ]);
  const changes = rows.map(changeFromRow);
  const complete = rows.length < limit;
  const sequence = complete ? value : (changes.at(-1)?.sequence ?? value);
  return { changes, sequence, complete, expired: after > 0 && after < compacted };
}

function changeFromRow(row: Row): AccessRecord | GoneAccessRecord {
  const type = row['type'] as AccessRecordType;
  const key = String(row['key']);
  const sequence = Number(row['sequence']);
  if (row['value'] === null) return { type, key, sequence, gone: true };
  return {
    type,
    key,
    value: JSON.parse(String(row['value'])) as JsonValue,
    ...(row['expires_at'] === null ? {} : { expiresAt: Number(row['expires_at']) }),
    updatedAt: Number(row['updated_at']),
    sequence,
  };
}
