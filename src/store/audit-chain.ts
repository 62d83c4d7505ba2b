import { hash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { JsonValue } from '../model/json.ts';
import type { AuditEntry, AuditRecord } from './access-records.ts';
import type { Row, SqlValue } from './driver.ts';

/** The newest record of the chain; sequence 0 and an empty hash: there was none yet. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

/** Gives an entry its place after `end`. */
export function chainRecord(entry: AuditEntry, end: ChainEnd): AuditRecord {
  const { at, actor, action, target, outcome, requestId, data } = entry;
  const record = {
    sequence: end.sequence + 1,
    at,
    actor,
    action,
    target,
    outcome,
    requestId,
    data,
    previousHash: end.hash,
  };
  return { ...record, hash: auditHash(record) };
}

/** SHA-256 as lower-case hex over the canonical JSON of everything else in the record. */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  const { sequence, at, actor, action, target, outcome, requestId, data, previousHash } = record;
  return hash(
    'sha256',
    canonicalJson({ sequence, at, actor, action, target, outcome, requestId, data, previousHash }),
    'hex',
  );
}

/** Values in the order of the table's columns. */
export function auditToRow(record: AuditRecord): SqlValue[] {
  return [
    record.sequence,
    record.at,
    record.actor,
    record.action,
    record.target ?? null,
    record.outcome,
    record.requestId ?? null,
    record.data === undefined ? null : JSON.stringify(record.data),
    record.previousHash,
    record.hash,
  ];
}

/** The record of a row. Somebody may have changed the row by hand: data that is no JSON any more is given as text. */
export function auditFromRow(row: Row): AuditRecord {
  return {
    sequence: Number(row['sequence']),
    at: Number(row['at']),
    actor: String(row['actor']),
    action: String(row['action']),
    target: optionalText(row['target']),
    outcome: row['outcome'] as AuditRecord['outcome'],
    requestId: optionalText(row['request_id']),
    data: dataOf(row['data']),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  };
}

function optionalText(value: SqlValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function dataOf(value: SqlValue | undefined): AuditRecord['data'] {
  const text = optionalText(value);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Record<string, JsonValue>;
  } catch {
    return { unreadable: text };
  }
}
