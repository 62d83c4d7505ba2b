import type { Dialect, Sql } from './driver.ts';
import { storeError } from './errors.ts';
import { foundation } from './migrations/0001-foundation.ts';

/** One step of the schema. Steps are never edited once released; a change is a new step. */
interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: (dialect: Dialect) => string;
}

const migrations: readonly Migration[] = [{ version: 1, name: 'foundation', statements: foundation }];

/** The schema that this program reads and writes. */
export const SCHEMA_VERSION = migrations.length;

/**
 * Brings the schema up to date, inside the caller's transaction (which no other process may share).
 *
 * @param now ms since the epoch
 * @throws STORE_SCHEMA_NEWER when a newer program has been here
 */
export async function migrate(sql: Sql, dialect: Dialect, now: number): Promise<void> {
  await sql.run(
    `CREATE TABLE IF NOT EXISTS schema_migration (
      version ${dialect.integer} NOT NULL PRIMARY KEY, name ${dialect.text} NOT NULL, at ${dialect.integer} NOT NULL
    ) ${dialect.tableOptions}`,
  );
  const found = await schemaVersion(sql);
  if (found > SCHEMA_VERSION) throw storeError('STORE_SCHEMA_NEWER', { found, known: SCHEMA_VERSION });
  for (const migration of migrations.slice(found)) {
    for (const statement of splitStatements(migration.statements(dialect))) await sql.run(statement);
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
export async function checkSchema(sql: Sql): Promise<void> {
  const found = await schemaVersion(sql);
  if (found > SCHEMA_VERSION) throw storeError('STORE_SCHEMA_NEWER', { found, known: SCHEMA_VERSION });
  if (found < SCHEMA_VERSION) throw storeError('STORE_SCHEMA_OLDER', { found, known: SCHEMA_VERSION });
}

async function schemaVersion(sql: Sql): Promise<number> {
  const [row] = await sql.rows('SELECT coalesce(max(version), 0) AS version FROM schema_migration');
  return Number(row?.['version'] ?? 0);
}

/** Migrations hold no semicolon inside a statement, by rule; comments are whole lines. */
function splitStatements(script: string): readonly string[] {
  return script
    .replace(/^\s*--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
