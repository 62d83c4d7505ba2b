import type { AccessCommit, AccessWrite, AuditEntry } from './access-records.ts';
import { auditToRow, chainRecord, type ChainEnd } from './audit-chain.ts';
import type { Dialect, Sql, SqlValue } from './driver.ts';
import { accessRecordTable, auditTable } from './tables.ts';

/** One call of `AccessStore.commit`. */
export interface AccessBatch {
  readonly writes: readonly AccessWrite[];
  readonly audit: readonly AuditEntry[];
  /** ms since the epoch. */
  readonly at: number;
}

/** The counter, and the ends of the audit log. */
export interface AccessCounter {
  readonly value: number;
  readonly compacted: number;
  readonly auditFirst: number;
  readonly auditEnd: ChainEnd;
}

/** Reads the counter; with `lock`, nobody else writes to the permission layer's tables before the transaction ends. */
export async function readAccessCounter(sql: Sql, lock = ''): Promise<AccessCounter> {
  const [row] = await sql.rows(`SELECT * FROM access_sequence ${lock}`);
  return {
    value: Number(row?.['value'] ?? 0),
    compacted: Number(row?.['compacted'] ?? 0),
    auditFirst: Number(row?.['audit_first'] ?? 1),
    auditEnd: { sequence: Number(row?.['audit_last'] ?? 0), hash: String(row?.['audit_hash'] ?? '') },
  };
}

/** What the batches of one transaction come to. */
interface Draft {
  value: number;
  auditEnd: ChainEnd;
  /** Sequence of each record that is there, by name. */
  readonly present: Map<string, number>;
  readonly rows: Map<string, SqlValue[]>;
  readonly audit: SqlValue[][];
}

/**
 * Applies batches in one transaction, each as if it were alone: a batch whose expectation fails writes nothing. The
 * counter is locked first, so that expectations and the audit chain are read as they will be at the commit; these
 * transactions are a few rows each.
 */
export async function commitAccess(
  sql: Sql,
  batches: readonly AccessBatch[],
  dialect: Dialect,
): Promise<AccessCommit[]> {
  const counter = await readAccessCounter(sql, dialect.forUpdate);
  const draft: Draft = {
    value: counter.value,
    auditEnd: counter.auditEnd,
    present: await readPresent(sql, batches, dialect),
    rows: new Map(),
    audit: [],
  };
  const results = batches.map((batch) => applyBatch(draft, batch));
  if (draft.rows.size === 0 && draft.audit.length === 0) return results;
  if (draft.rows.size > 0) await sql.insert(accessRecordTable, [...draft.rows.values()], 'update');
  if (draft.audit.length > 0) await sql.insert(auditTable, draft.audit, 'fail');
  await sql.run('UPDATE access_sequence SET value = $1, audit_last = $2, audit_hash = $3', [
    draft.value,
    draft.auditEnd.sequence,
    draft.auditEnd.hash,
  ]);
  if (dialect.notifyAccess !== undefined && draft.rows.size > 0) {
    await sql.run(dialect.notifyAccess, [String(draft.value)]);
  }
  return results;
}

async function readPresent(sql: Sql, batches: readonly AccessBatch[], dialect: Dialect): Promise<Map<string, number>> {
  const keys = new Set(batches.flatMap(({ writes }) => writes.map(({ key }) => key)));
  if (keys.size === 0) return new Map();
  const rows = await sql.rows(
    `SELECT type, key, sequence FROM access_record WHERE ${dialect.anyOf('key', '$1')} AND value IS NOT NULL`,
    [[...keys]],
  );
  return new Map(rows.map((row) => [nameOf(String(row['type']), String(row['key'])), Number(row['sequence'])]));
}

function applyBatch(draft: Draft, { writes, audit, at }: AccessBatch): AccessCommit {
  for (const { type, key, expect } of writes) {
    if (expect === undefined || expect === (draft.present.get(nameOf(type, key)) ?? 0)) continue;
    return { status: 'conflict', type, key };
  }
  for (const write of writes) applyWrite(draft, write, at);
  for (const entry of audit) {
    const record = chainRecord(entry, draft.auditEnd);
    draft.auditEnd = record;
    draft.audit.push(auditToRow(record));
  }
  return { status: 'written', sequence: draft.value };
}

function applyWrite(draft: Draft, write: AccessWrite, at: number): void {
  const { type, key } = write;
  const name = nameOf(type, key);
  if (write.op === 'delete' && !draft.present.has(name)) return;
  draft.value += 1;
  if (write.op === 'delete') {
    draft.present.delete(name);
    draft.rows.set(name, [type, key, null, null, at, draft.value]);
    return;
  }
  draft.present.set(name, draft.value);
  draft.rows.set(name, [type, key, JSON.stringify(write.value), write.expiresAt ?? null, at, draft.value]);
}

function nameOf(type: string, key: string): string {
  return `${type} ${key}`;
}
