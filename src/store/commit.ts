import { sameJson } from '../base/canonical-json.ts';
import { factKey, leaseKey, type ChangeType } from '../model/change.ts';
import {
  applyBatch,
  changesOf,
  emptyWorkingSet,
  toChange,
  type Batch,
  type RecordChange,
  type WorkingSet,
} from './decide.ts';
import { LostRace, type Dialect, type Sql, type SqlValue } from './driver.ts';
import { recordTables, recordTypes, type RecordByType } from './records.ts';
import { nextRevision, readRevision } from './revision.ts';
import type { CommitResult, Write } from './store.ts';
import { historyTable, logTable } from './tables.ts';

/** What a commit needs besides the transaction. */
export interface CommitContext {
  readonly dialect: Dialect;
  readonly uuid: () => string;
}

/**
 * Applies batches in one transaction: reads what they touch, decides in memory, writes the difference, takes the next
 * revision and logs. All batches share the revision. Nothing is written when nothing changes.
 *
 * Where several processes write, the rows are read without locks, and only those that change are locked and compared
 * again: a scan that finds nothing new costs no write at all.
 * @throws LostRace when another process changed what was read
 */
export async function commitBatches(
  sql: Sql,
  batches: readonly Batch[],
  context: CommitContext,
): Promise<CommitResult[]> {
  const set = await readWorkingSet(
    sql,
    batches.flatMap((batch) => batch.writes),
    context.dialect,
  );
  const outcomes = batches.map((batch) => applyBatch(set, batch, context.uuid));
  const changes = changesOf(set);
  if (changes.length === 0) {
    const { value } = await readRevision(sql);
    return outcomes.map((each) => ({ revision: value, outcomes: each }));
  }
  await lockUnchanged(sql, changes, context.dialect);
  for (const type of recordTypes) await writeRecords(sql, type, changes, context.dialect);
  const at = Math.max(...batches.map((batch) => batch.at));
  const revision = await nextRevision(sql);
  await sql.insert(logTable, logRows(changes, revision, at), 'fail');
  await sql.insert(historyTable, historyRows(changes, revision, at), 'fail');
  if (context.dialect.notify !== undefined) await sql.run(context.dialect.notify, [String(revision)]);
  return outcomes.map((each) => ({ revision, outcomes: each }));
}

/** Keys that the writes may read or change, by type. */
function keysOf(
  writes: readonly Write[],
): { readonly [T in ChangeType]: Set<string> } & { readonly deleted: Set<string> } {
  const keys = {
    entity: new Set<string>(),
    fact: new Set<string>(),
    lease: new Set<string>(),
    problem: new Set<string>(),
    location: new Set<string>(),
    /** Entities that may go, and take their facts along. */
    deleted: new Set<string>(),
  };
  for (const write of writes) {
    switch (write.op) {
      case 'putEntity':
        keys.entity.add(write.entity.ref);
        break;
      case 'deleteEntity':
        keys.entity.add(write.ref);
        keys.deleted.add(write.ref);
        break;
      case 'putFact':
        keys.fact.add(factKey(write.fact));
        keys.entity.add(write.fact.entityRef);
        break;
      case 'deleteFact':
        keys.fact.add(factKey(write));
        keys.entity.add(write.entityRef);
        break;
      case 'putLease':
        keys.lease.add(leaseKey(write.lease));
        break;
      case 'deleteLease':
        keys.lease.add(leaseKey(write));
        break;
      case 'putProblem':
        keys.problem.add(write.problem.id);
        break;
      case 'deleteProblem':
        keys.problem.add(write.id);
        break;
      case 'putLocation':
        keys.location.add(write.location.ref);
        break;
      case 'deleteLocation':
        keys.location.add(write.ref);
    }
  }
  return keys;
}

async function readWorkingSet(sql: Sql, writes: readonly Write[], dialect: Dialect): Promise<WorkingSet> {
  const keys = keysOf(writes);
  const set = emptyWorkingSet();
  for (const type of recordTypes) await readRecords(sql, type, [...keys[type]], set, dialect);
  if (keys.deleted.size > 0) {
    const rows = await sql.rows(`SELECT * FROM fact WHERE ${dialect.anyOf('entity_ref', '$1')}`, [[...keys.deleted]]);
    for (const row of rows) addRecord(set, 'fact', recordTables.fact.fromRow(row));
  }
  return set;
}

async function readRecords<T extends ChangeType>(
  sql: Sql,
  type: T,
  keys: readonly string[],
  set: WorkingSet,
  dialect: Dialect,
): Promise<void> {
  if (keys.length === 0) return;
  const { table, keyColumn, fromRow } = recordTables[type];
  const rows = await sql.rows(`SELECT * FROM ${table.name} WHERE ${dialect.anyOf(keyColumn, '$1')}`, [keys]);
  for (const row of rows) addRecord(set, type, fromRow(row));
}

function addRecord<T extends ChangeType>(set: WorkingSet, type: T, record: RecordByType[T]): void {
  const key = recordTables[type].keyOf(record);
  if (!set[type].has(key)) set[type].set(key, { before: record, now: record });
}

/** Locks, in one order for all processes, the rows that will change, and makes sure they still are what was read. */
async function lockUnchanged(sql: Sql, changes: readonly RecordChange[], dialect: Dialect): Promise<void> {
  if (dialect.forUpdate === '') return;
  for (const type of recordTypes) {
    const before = new Map<string, unknown>();
    for (const change of changes) {
      if (change.type === type && change.before !== undefined) before.set(change.key, change.before);
    }
    await lockRecords(sql, type, before, dialect);
    if (type === 'entity') await lockFactOwners(sql, changes, dialect);
  }
  await checkOrphans(sql, changes, dialect);
}

async function lockRecords<T extends ChangeType>(
  sql: Sql,
  type: T,
  before: ReadonlyMap<string, unknown>,
  dialect: Dialect,
): Promise<void> {
  if (before.size === 0) return;
  const { table, keyColumn, fromRow, keyOf } = recordTables[type];
  const rows = await sql.rows(
    `SELECT * FROM ${table.name} WHERE ${dialect.anyOf(keyColumn, '$1')} ORDER BY ${keyColumn} ${dialect.forUpdate}`,
    [[...before.keys()]],
  );
  if (rows.length !== before.size) throw new LostRace();
  for (const row of rows) {
    const record = fromRow(row);
    if (!sameJson(record, before.get(keyOf(record)))) throw new LostRace();
  }
}

/** The entities whose facts are written must stay until the commit. */
async function lockFactOwners(sql: Sql, changes: readonly RecordChange[], dialect: Dialect): Promise<void> {
  const written = new Set(changes.filter((change) => change.type === 'entity').map((change) => change.key));
  const owners = new Set<string>();
  for (const change of changes) {
    const ref = change.type === 'fact' ? change.after?.entityRef : undefined;
    if (ref !== undefined && !written.has(ref)) owners.add(ref);
  }
  if (owners.size === 0) return;
  const rows = await sql.rows(
    `SELECT ref FROM entity WHERE ${dialect.anyOf('ref', '$1')} ORDER BY ref ${dialect.forShare}`,
    [[...owners]],
  );
  if (rows.length !== owners.size) throw new LostRace();
}

/** A fact that another process gave to a deleted entity since it was read would be left behind. */
async function checkOrphans(sql: Sql, changes: readonly RecordChange[], dialect: Dialect): Promise<void> {
  const deleted = changes.filter((change) => change.type === 'entity' && change.after === undefined);
  if (deleted.length === 0) return;
  const dropped = new Set(changes.filter((change) => change.type === 'fact').map((change) => change.key));
  const rows = await sql.rows(`SELECT key FROM fact WHERE ${dialect.anyOf('entity_ref', '$1')}`, [
    deleted.map((change) => change.key),
  ]);
  if (rows.some((row) => !dropped.has(String(row['key'])))) throw new LostRace();
}

async function writeRecords<T extends ChangeType>(
  sql: Sql,
  type: T,
  changes: readonly RecordChange[],
  dialect: Dialect,
): Promise<void> {
  const { table, keyColumn, toRow } = recordTables[type];
  const created: (readonly SqlValue[])[] = [];
  const updated: (readonly SqlValue[])[] = [];
  const deleted: string[] = [];
  for (const change of changes) {
    if (change.type !== type) continue;
    if (change.after === undefined) deleted.push(change.key);
    else (change.before === undefined ? created : updated).push(toRow(change.after as RecordByType[T]));
  }
  if (deleted.length > 0) {
    await sql.run(`DELETE FROM ${table.name} WHERE ${dialect.anyOf(keyColumn, '$1')}`, [deleted]);
  }
  if (updated.length > 0) await sql.insert(table, updated, 'update');
  // A row that appeared since the read keeps the insert from counting it.
  if (created.length > 0 && (await sql.insert(table, created, 'ignore')) !== created.length) throw new LostRace();
}

function logRows(changes: readonly RecordChange[], revision: number, at: number): SqlValue[][] {
  return changes.map((change, position) => {
    const { type, key, value } = toChange(change);
    return [revision, position, type, key, value === null ? null : JSON.stringify(value), at];
  });
}

/** A moved line is not a step in the life of an entity; other content or another owner is. */
function historyRows(changes: readonly RecordChange[], revision: number, at: number): SqlValue[][] {
  const rows: SqlValue[][] = [];
  for (const change of changes) {
    if (change.type !== 'entity') continue;
    const { before, after } = change;
    const shown = after ?? before;
    if (shown === undefined) continue;
    if (before && after && before.hash === after.hash && before.location === after.location) continue;
    const op = before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated';
    rows.push([change.key, revision, at, op, shown.location, shown.source, shown.commit ?? null, shown.body]);
  }
  return rows;
}
