import { canonicalJson } from '../base/canonical-json.ts';
import { factKey, leaseKey, type ChangeType, type StoredEntity } from '../model/change.ts';
import type { Fact, Lease } from '../model/fact.ts';
import type { JsonValue } from '../model/json.ts';
import type { LocationState } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Row, SqlValue } from './driver.ts';
import { entityTable, factTable, leaseTable, locationTable, problemTable, type Table } from './tables.ts';

/** The record of each type of change. */
export interface RecordByType {
  entity: StoredEntity;
  fact: Fact;
  lease: Lease;
  problem: Problem;
  location: LocationState;
}

/** How records of one type lie in their table. */
export interface RecordTable<V> {
  readonly table: Table;
  /** The one column of the primary key. It holds the key of the change log. */
  readonly keyColumn: string;
  keyOf(record: V): string;
  /** Values in the order of the table's columns. */
  toRow(record: V): readonly SqlValue[];
  fromRow(row: Row): V;
}

/** The record types in the order in which transactions list, lock and write them. */
export const recordTypes: readonly ChangeType[] = ['entity', 'fact', 'lease', 'problem', 'location'];

/** Reads one column of a row. A NULL where a value must be is a fault of the schema. */
function text(row: Row, column: string): string {
  return String(row[column]);
}

function integer(row: Row, column: string): number {
  return Number(row[column]);
}

/** `{ [name]: value }`, or nothing for NULL: an absent member and NULL mean the same. */
function optional<K extends string, T>(name: K, value: SqlValue | undefined, read: (value: SqlValue) => T) {
  return (value === null || value === undefined ? {} : { [name]: read(value) }) as { [P in K]?: T };
}

const entityRecords: RecordTable<StoredEntity> = {
  table: entityTable,
  keyColumn: 'ref',
  keyOf: (entity) => entity.ref,
  toRow: (entity) => [
    entity.ref,
    entity.uid,
    entity.body,
    entity.hash,
    entity.location,
    entity.source,
    entity.line,
    entity.commit ?? null,
    entity.createdAt,
    entity.updatedAt,
  ],
  fromRow: (row) => ({
    ref: text(row, 'ref'),
    uid: text(row, 'uid'),
    body: text(row, 'body'),
    hash: text(row, 'hash'),
    location: text(row, 'location'),
    source: text(row, 'source'),
    line: integer(row, 'line'),
    ...optional('commit', row['source_version'], String),
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
  }),
};

const factRecords: RecordTable<Fact> = {
  table: factTable,
  keyColumn: 'key',
  keyOf: factKey,
  toRow: (fact) => [
    factKey(fact),
    fact.entityRef,
    fact.collector,
    fact.path,
    canonicalJson(fact.value),
    fact.error ?? null,
    fact.source,
    fact.observedAt,
  ],
  fromRow: (row) => ({
    entityRef: text(row, 'entity_ref'),
    collector: text(row, 'collector'),
    path: text(row, 'path'),
    value: JSON.parse(text(row, 'value')) as JsonValue,
    ...optional('error', row['error'], String),
    source: text(row, 'source'),
    observedAt: integer(row, 'observed_at'),
  }),
};

const leaseRecords: RecordTable<Lease> = {
  table: leaseTable,
  keyColumn: 'key',
  keyOf: leaseKey,
  toRow: (lease) => [
    leaseKey(lease),
    lease.collector,
    lease.source,
    lease.lastSuccessAt,
    lease.expiresAt,
    lease.error ?? null,
  ],
  fromRow: (row) => ({
    collector: text(row, 'collector'),
    source: text(row, 'source'),
    lastSuccessAt: integer(row, 'last_success_at'),
    expiresAt: integer(row, 'expires_at'),
    ...optional('error', row['error'], String),
  }),
};

const problemRecords: RecordTable<Problem> = {
  table: problemTable,
  keyColumn: 'id',
  keyOf: (problem) => problem.id,
  toRow: (problem) => [
    problem.id,
    problem.source,
    problem.location,
    problem.code,
    problem.severity,
    problem.message,
    problem.fix ?? null,
    problem.entityRef ?? null,
    problem.line ?? null,
    problem.column ?? null,
    problem.path ?? null,
    problem.since,
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    source: text(row, 'source'),
    location: text(row, 'location'),
    code: text(row, 'code'),
    severity: row['severity'] === 'error' ? 'error' : 'warning',
    message: text(row, 'message'),
    ...optional('fix', row['fix'], String),
    ...optional('entityRef', row['entity_ref'], String),
    ...optional('line', row['line'], Number),
    ...optional('column', row['column_number'], Number),
    ...optional('path', row['path'], String),
    since: integer(row, 'since'),
  }),
};

const locationRecords: RecordTable<LocationState> = {
  table: locationTable,
  keyColumn: 'ref',
  keyOf: (location) => location.ref,
  toRow: (location) => [
    location.ref,
    location.source,
    location.parent ?? null,
    location.fingerprint,
    location.entities,
    location.changedAt,
    location.parentEntity ?? null,
  ],
  fromRow: (row) => ({
    ref: text(row, 'ref'),
    source: text(row, 'source'),
    ...optional('parent', row['parent'], String),
    fingerprint: text(row, 'fingerprint'),
    entities: integer(row, 'entities'),
    changedAt: integer(row, 'changed_at'),
    ...optional('parentEntity', row['parent_entity'], String),
  }),
};

/** The table of each record type. */
export const recordTables: { readonly [T in ChangeType]: RecordTable<RecordByType[T]> } = {
  entity: entityRecords,
  fact: factRecords,
  lease: leaseRecords,
  problem: problemRecords,
  location: locationRecords,
};
