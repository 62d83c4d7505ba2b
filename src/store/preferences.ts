import type { JsonValue } from '../model/json.ts';
import type { Dialect, Sql } from './driver.ts';
import { storeError } from './errors.ts';
import { preferenceTable } from './tables.ts';
import { checkDepth, checkText } from './write-check.ts';

/** What a record is: a starred entity, a saved view, the team of Home. */
export type PreferenceType = 'star' | 'view' | 'team';

/** One thing that a person or group keeps. */
export interface PreferenceRecord {
  /** Canonical ref of a user or group. */
  readonly owner: string;
  readonly type: PreferenceType;
  /** Tells the records of an owner and type apart; may be empty. */
  readonly key: string;
  readonly value: JsonValue;
  /** ms since the epoch. */
  readonly updatedAt: number;
}

/** One thing to keep or to forget. */
export type PreferenceWrite =
  | (Pick<PreferenceRecord, 'owner' | 'type' | 'key' | 'value'> & {
      readonly op: 'put';
      /** Records of this type that the owner may have. Several servers that write at one moment may pass it by a few. */
      readonly most: number;
    })
  | (Pick<PreferenceRecord, 'owner' | 'type' | 'key'> & { readonly op: 'delete' });

/** What became of a write: `full` where the owner has as many already, `absent` where there was nothing to forget. */
export type PreferenceOutcome = 'written' | 'absent' | 'full';

/** What people and groups keep for themselves. It is read when it is asked for: no cache holds it. */
export interface PreferenceStore {
  /** Records of some owners, by owner, type and key. */
  list(owners: readonly string[], type?: PreferenceType): Promise<readonly PreferenceRecord[]>;
  /** Durable when it resolves. @throws WRITE_INVALID for what no database can hold, or is longer than 8 KB */
  write(write: PreferenceWrite): Promise<PreferenceOutcome>;
}

/** Owners of one question: a person and all groups above. */
const MOST_OWNERS = 1_000;
/** Rows of one answer. */
const MOST_ROWS = 20_000;
/** The longest owner and key, and the longest JSON text of a value, in UTF-16 units. */
const LONGEST_KEY = 300;
const LONGEST_VALUE = 8_192;
const DEEPEST_VALUE = 8;

/** See `PreferenceStore.list`. */
export async function readPreferences(
  sql: Sql,
  dialect: Dialect,
  owners: readonly string[],
  type?: PreferenceType,
): Promise<readonly PreferenceRecord[]> {
  const ofType = type === undefined ? '' : 'AND type = $2';
  const rows = await sql.rows(
    `SELECT * FROM preference WHERE ${dialect.anyOf('owner', '$1')} ${ofType} ORDER BY owner, type, key LIMIT ${MOST_ROWS}`,
    [owners.slice(0, MOST_OWNERS), ...(type === undefined ? [] : [type])],
  );
  return rows.map((row) => ({
    owner: String(row['owner']),
    type: String(row['type']) as PreferenceType,
    key: String(row['key']),
    value: JSON.parse(String(row['value'])) as JsonValue,
    updatedAt: Number(row['updated_at']),
  }));
}

/** See `PreferenceStore.write`; in the caller's transaction. `at` is ms since the epoch. */
export async function writePreference(sql: Sql, write: PreferenceWrite, at: number): Promise<PreferenceOutcome> {
  const { owner, type, key } = write;
  const name = [owner, type, key];
  if (write.op === 'delete') {
    const gone = await sql.run('DELETE FROM preference WHERE owner = $1 AND type = $2 AND key = $3', name);
    return gone > 0 ? 'written' : 'absent';
  }
  const [others] = await sql.rows(
    'SELECT count(*) AS count FROM preference WHERE owner = $1 AND type = $2 AND key <> $3',
    name,
  );
  if (Number(others?.['count'] ?? 0) >= write.most) return 'full';
  await sql.insert(preferenceTable, [[...name, JSON.stringify(write.value), at]], 'update');
  return 'written';
}

/** @throws WRITE_INVALID */
export function checkPreference(write: PreferenceWrite): void {
  const { owner, key } = write;
  if (owner === '' || owner.length > LONGEST_KEY) throw invalid(`an owner has not 1 to ${LONGEST_KEY} characters`);
  if (key.length > LONGEST_KEY) throw invalid(`a key has more than ${LONGEST_KEY} characters`);
  checkText('owner', owner);
  checkText('key', key);
  if (write.op === 'delete') return;
  checkDepth(write.value, DEEPEST_VALUE);
  const { length } = JSON.stringify(write.value);
  if (length > LONGEST_VALUE) throw invalid(`a value has more than ${LONGEST_VALUE} characters`);
}

function invalid(reason: string): Error {
  return storeError('WRITE_INVALID', { reason });
}
