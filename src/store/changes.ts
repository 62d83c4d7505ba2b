import { changedPaths } from '../model/changed-paths.ts';
import type { Row, Sql } from './driver.ts';
import { historyItem } from './history.ts';
import type { EntityHistoryItem } from './store.ts';

/** Which changes are asked for. */
export interface ChangesRequest {
  /** Exclusive revision; absent: from the newest on. */
  readonly before?: number | undefined;
  /** ms since the epoch. */
  readonly since?: number | undefined;
  /** Changes that are looked at, at most; more only where one revision alone has more: that one is cut. */
  readonly limit: number;
}

/** The entities that one revision changed. */
export interface ChangedRevision {
  readonly revision: number;
  readonly refs: readonly string[];
  /** True where it changed more than `refs`. */
  readonly isCut: boolean;
}

/** A stretch of the past, newest first. */
export interface ChangeSlice {
  readonly revisions: readonly ChangedRevision[];
  /** True where nothing older is known. */
  readonly isEnd: boolean;
}

/** Names one change of one entity. */
export interface ChangeKey {
  readonly ref: string;
  readonly revision: number;
}

/** What became of an entity in a revision. */
export interface ChangedEntity extends EntityHistoryItem {
  readonly ref: string;
  /**
   * Dotted paths of what an update changed, the first 20; empty where only its place in the file did. Absent where the
   * version before is not known any more.
   */
  readonly paths?: readonly string[] | undefined;
}

/** The most changes of one slice, and the most entities that are described at once. */
const MOST_CHANGES = 10_000;
const MOST_DESCRIBED = 500;
const MOST_PATHS = 20;

/** See `Store.changes`. The index `entity_history_by_revision` alone answers it. */
export async function readChanges(sql: Sql, { before, since, limit }: ChangesRequest): Promise<ChangeSlice> {
  const most = Math.min(Math.max(1, limit), MOST_CHANGES);
  const rows = await sql.rows(
    'SELECT revision, ref FROM entity_history WHERE revision < $1 AND revision >= $2 ORDER BY revision DESC, ref DESC LIMIT $3',
    [before ?? Number.MAX_SAFE_INTEGER, await firstRevision(sql, since), most + 1],
  );
  const groups = new Map<number, string[]>();
  for (const row of rows.slice(0, most)) {
    const revision = Number(row['revision']);
    const refs = groups.get(revision);
    if (refs === undefined) groups.set(revision, [String(row['ref'])]);
    else refs.push(String(row['ref']));
  }
  const beyond = rows[most];
  const last = beyond === undefined ? undefined : Number(beyond['revision']);
  // The rest of a revision that begins here is read with the next slice.
  if (last !== undefined && groups.size > 1) groups.delete(last);
  const revisions = [...groups].map(([revision, refs]) => ({
    revision,
    refs: refs.reverse(),
    isCut: revision === last,
  }));
  return { revisions, isEnd: beyond === undefined };
}

/** The revision that the changes since a moment begin with. */
async function firstRevision(sql: Sql, since: number | undefined): Promise<number> {
  if (since === undefined) return 0;
  const [row] = await sql.rows('SELECT revision FROM entity_history WHERE at >= $1 ORDER BY at, revision LIMIT 1', [
    since,
  ]);
  return row === undefined ? Number.MAX_SAFE_INTEGER : Number(row['revision']);
}

/** See `Store.changedEntities`; in the order of the keys, those without a row left out. */
export async function readChangedEntities(sql: Sql, keys: readonly ChangeKey[]): Promise<readonly ChangedEntity[]> {
  const found: ChangedEntity[] = [];
  for (const { ref, revision } of keys.slice(0, MOST_DESCRIBED)) {
    const [row, earlier] = await sql.rows(
      'SELECT * FROM entity_history WHERE ref = $1 AND revision <= $2 ORDER BY revision DESC LIMIT 2',
      [ref, revision],
    );
    if (row === undefined || Number(row['revision']) !== revision) continue;
    const item = historyItem(row);
    const paths = item.op === 'updated' && earlier !== undefined ? pathsBetween(earlier, row) : undefined;
    found.push({ ref, ...item, ...(paths !== undefined && { paths }) });
  }
  return found;
}

function pathsBetween(before: Row, after: Row): readonly string[] {
  const [old, now] = [before, after].map((row) => JSON.parse(String(row['body'])) as unknown);
  return changedPaths(old, now).slice(0, MOST_PATHS);
}
