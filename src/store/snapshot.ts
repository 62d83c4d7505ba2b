import type { ChangeType } from '../model/change.ts';
import { DigestSum } from '../base/digest.ts';
import { recordDigest, type PresentRecord } from './digest.ts';
import type { Row, Sql } from './driver.ts';
import { recordTables, recordTypes } from './records.ts';
import { readRevision } from './revision.ts';
import type { SnapshotPage, StoreDigest } from './store.ts';
import { tablePages } from './table-pages.ts';

const PAGE_ROWS = 500;

/** All records of one state of the database. The first page comes even when there are none, to tell the revision. */
export async function* snapshotPages(sql: Sql): AsyncGenerator<SnapshotPage> {
  const { value: revision } = await readRevision(sql);
  let first = true;
  for (const type of recordTypes) {
    for await (const rows of tablePages(sql, recordTables[type].table, { pageRows: PAGE_ROWS })) {
      yield snapshotPage(revision, type, rows);
      first = false;
    }
  }
  if (first) yield snapshotPage(revision, 'entity', []);
}

function snapshotPage(revision: number, type: ChangeType, rows: readonly Row[]): SnapshotPage {
  const of = <V>(wanted: ChangeType, fromRow: (row: Row) => V): V[] => (type === wanted ? rows.map(fromRow) : []);
  return {
    revision,
    entities: of('entity', recordTables.entity.fromRow),
    facts: of('fact', recordTables.fact.fromRow),
    leases: of('lease', recordTables.lease.fromRow),
    problems: of('problem', recordTables.problem.fromRow),
    locations: of('location', recordTables.location.fromRow),
  };
}

/** Columns of an entity that its digest is made of; the body is left where it is. */
const digestedEntityColumns = ['uid', 'hash', 'location', 'source', 'line', 'updated_at'];

/**
 * The digests of all records of one state of the database.
 *
 * @param pause called between pages, so that other work gets its turn
 */
export async function digestRecords(sql: Sql, pause: () => Promise<void>): Promise<StoreDigest> {
  const { value: revision } = await readRevision(sql);
  const digests: Partial<Record<ChangeType, string>> = {};
  for (const type of recordTypes) {
    const { table, keyOf, fromRow } = recordTables[type];
    const columns = type === 'entity' ? { columns: digestedEntityColumns } : {};
    const sum = new DigestSum();
    for await (const rows of tablePages(sql, table, { pageRows: PAGE_ROWS, ...columns })) {
      for (const row of rows) {
        const value = fromRow(row);
        sum.add(recordDigest({ type, key: (keyOf as (record: unknown) => string)(value), value } as PresentRecord));
      }
      await pause();
    }
    digests[type] = sum.toString();
  }
  return { revision, digests: digests as Record<ChangeType, string> };
}
