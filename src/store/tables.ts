/** A column as both databases have it. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'integer';
}

/** A table: its name, its columns in order, and the columns of its primary key. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

/** `columns` are names, with a trailing `#` on integers. */
function table(name: string, key: readonly string[], columns: string): Table {
  return {
    name,
    key,
    columns: columns.split(' ').map((word) => {
      return word.endsWith('#') ? { name: word.slice(0, -1), type: 'integer' } : { name: word, type: 'text' };
    }),
  };
}

/** Entities as declared. */
export const entityTable = table(
  'entity',
  ['ref'],
  'ref uid body hash location source line# source_version created_at# updated_at#',
);
/** Facts; `key` is the key of the change log. */
export const factTable = table('fact', ['key'], 'key entity_ref collector path value error source observed_at#');
/** Leases; `key` is the key of the change log. */
export const leaseTable = table('lease', ['key'], 'key collector source last_success_at# expires_at# error');
/** Problems of sources. */
export const problemTable = table(
  'problem',
  ['id'],
  'id source location code severity message fix entity_ref line# column_number# path since#',
);
/** What is known of locations. */
export const locationTable = table(
  'location',
  ['ref'],
  'ref source parent fingerprint entities# changed_at# parent_entity',
);
/** The change log. */
export const logTable = table('log', ['revision', 'position'], 'revision# position# type key value at#');
/** The life of each entity. */
export const historyTable = table(
  'entity_history',
  ['ref', 'revision'],
  'ref revision# at# op location source source_version body',
);
/** The counter of revisions. */
export const revisionTable = table('revision', ['id'], 'id# value# compacted#');

/** The counter of the permission layer's writes, and the ends of the audit log. */
export const accessSequenceTable = table(
  'access_sequence',
  ['id'],
  'id# value# compacted# audit_first# audit_last# audit_hash',
);
/** Records of the permission layer. */
export const accessRecordTable = table(
  'access_record',
  ['type', 'key'],
  'type key value expires_at# updated_at# sequence#',
);
/** What people and groups keep for themselves. */
export const preferenceTable = table('preference', ['owner', 'type', 'key'], 'owner type key value updated_at#');
/** What happened in the fleet. */
export const timelineTable = table(
  'timeline',
  ['id'],
  'id at# entity_ref kind title actor source link data cluster namespace since# until#',
);
/** The audit log. */
export const auditTable = table(
  'audit',
  ['sequence'],
  'sequence# at# actor action target outcome request_id data previous_hash hash',
);

/** Every table with data, in the order of a dump. `revision` is first: it says at which revision the dump was taken. */
export const dataTables: readonly Table[] = [
  revisionTable,
  accessSequenceTable,
  entityTable,
  factTable,
  leaseTable,
  problemTable,
  locationTable,
  logTable,
  historyTable,
  timelineTable,
  table(
    'task',
    ['id'],
    'id kind singleton_key state priority# payload result attempts# max_attempts# run_after# ' +
      'lease_owner lease_expires_at# cancel_requested_at# created_by created_at# started_at# finished_at#',
  ),
  table('task_log', ['task_id', 'position'], 'task_id position# at# step stream message'),
  accessRecordTable,
  auditTable,
  preferenceTable,
];

/** Tables of one row that an empty database has too: loading a dump replaces it. */
export const counterTables: readonly Table[] = [revisionTable, accessSequenceTable];
