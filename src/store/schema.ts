import type { Dialect, Sql } from './driver.ts';
import { storeError } from './errors.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { locationParentEntity } from './migrations/0002-location-parent-entity.ts';
import { completenessNotStored } from './migrations/0003-completeness-not-stored.ts';
import { accessRecords } from './migrations/0004-access-records.ts';
import { preferences } from './migrations/0005-preferences.ts';
import { timeline } from './migrations/0006-timeline.ts';

/** One step of the schema. Steps are never edited once released; a change is a new step. */
interface Migration {
  readonly version: number;
  readonly name: string;
  readonly script: string;
}

const migrations: readonly Migration[] = [
  { version: 1, name: 'foundation', script: foundation },
  { version: 2, name: 'location-parent-entity', script: locationParentEntity },
  { version: 3, name: 'completeness-not-stored', script: completenessNotStored },
  { version: 4, name: 'access-records', script: accessRecords },
  { version: 5, name: 'preferences', script: preferences },
  { version: 6, name: 'timeline', script: timeline },
];

const bookkeeping = `
CREATE TABLE IF NOT EXISTS schema_migration (
  version INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
) {options};
`;

/** The schema that this program reads and writes. */
export const SCHEMA_VERSION = migrations.length;

/**
 * Brings the schema up to date, inside the caller's transaction (which no other process may share).
 *
 * @param now ms since the epoch
 * @throws STORE_SCHEMA_NEWER when a newer program has been here
 */
export async function migrate(sql: Sql, dialect: Dialect, now: number): Promise<void> {
  for (const statement of statementsOf(bookkeeping, dialect)) await sql.run(statement);
  const found = await schemaVersion(sql);
  if (found > SCHEMA_VERSION) throw storeError('STORE_SCHEMA_NEWER', { found, known: SCHEMA_VERSION });
  for (const migration of migrations.slice(found)) {
    for (const statement of statementsOf(migration.script, dialect)) await sql.run(statement);
    await sql.run('INSERT INTO schema_migration (version, name, at) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      now,
    ]);
  }
}

/**
 * Checks that the schema is the one this program knows, without changing anything.
 * @throws STORE_SCHEMA_NEWER, STORE_SCHEMA_OLDER
 */
export async function checkSchema(sql: Sql, dialect: Dialect): Promise<void> {
  const [table] = await sql.rows(dialect.hasTable, ['schema_migration']);
  const found = table === undefined ? 0 : await schemaVersion(sql);
  if (found > SCHEMA_VERSION) throw storeError('STORE_SCHEMA_NEWER', { found, known: SCHEMA_VERSION });
  if (found < SCHEMA_VERSION) throw storeError('STORE_SCHEMA_OLDER', { found, known: SCHEMA_VERSION });
}

/** The moment when the schema was first made here: a backup does not carry it, so it tells one database from another. */
export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql.rows('SELECT at FROM schema_migration WHERE version = 1');
  return Number(row?.['at'] ?? 0).toString(36);
}

async function schemaVersion(sql: Sql): Promise<number> {
  const [row] = await sql.rows('SELECT coalesce(max(version), 0) AS version FROM schema_migration');
  return Number(row?.['version'] ?? 0);
}

/** Scripts hold no semicolon inside a statement, by rule; comments are whole lines. */
function statementsOf(script: string, dialect: Dialect): readonly string[] {
  return script
    .replace(/^\s*--.*$/gm, '')
    .replace(/\bTEXT\b/g, dialect.text)
    .replace(/\bINTEGER\b/g, dialect.integer)
    .replaceAll('{options}', dialect.tableOptions)
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
