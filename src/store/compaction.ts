import { sweepAccess } from './access-sweep.ts';
import type { Driver, Sql } from './driver.ts';
import { readRevision } from './revision.ts';
import { sweepTimeline, type TimelineRetention } from './timeline-sweep.ts';

/** How much of the past is kept. */
export interface Retention {
  /** Revisions that the change log keeps, unless they have more than `logRows` rows. */
  readonly revisions: number;
  readonly logRows: number;
  readonly historyDays: number;
  /** Undefined: the audit log is kept whole. */
  readonly auditDays?: number | undefined;
  /** Undefined: the timeline is kept whole. */
  readonly timeline?: TimelineRetention | undefined;
}

/** Revisions that stay whatever their size: a reader that follows the log is not further behind. */
export const KEPT_REVISIONS = 16;

const DAY_MS = 86_400_000;
/** Rows dropped in one transaction, so that a writer waits for milliseconds only. */
const SLICE_ROWS = 2_000;

/**
 * Drops what is beyond retention, in small transactions.
 *
 * @param now ms since the epoch
 * @returns rows dropped
 */
export async function compact(
  driver: Driver,
  retention: Retention,
  now: number,
  pause: () => Promise<void>,
): Promise<number> {
  const target = await driver.read((sql) => compactionTarget(sql, retention));
  let dropped = 0;
  for (let more = true; more;) {
    const slice = await driver.write((sql) => dropLogSlice(sql, target));
    dropped += slice;
    more = slice > 0;
    await pause();
  }
  const oldest = now - retention.historyDays * DAY_MS;
  for (let more = true; more;) {
    const slice = await driver.write((sql) => dropHistorySlice(sql, oldest));
    dropped += slice;
    more = slice > 0;
    await pause();
  }
  if (retention.timeline !== undefined) dropped += await sweepTimeline(driver, retention.timeline, now, pause);
  return dropped + (await sweepAccess(driver, { now, auditDays: retention.auditDays, pause }));
}

/** The revision up to which the log may go. */
async function compactionTarget(sql: Sql, retention: Retention): Promise<number> {
  const { value, compacted } = await readRevision(sql);
  const [beyond] = await sql.rows('SELECT revision FROM log ORDER BY revision DESC, position DESC LIMIT 1 OFFSET $1', [
    retention.logRows,
  ]);
  const byRows = Number(beyond?.['revision'] ?? 0);
  const byRevisions = value - retention.revisions;
  return Math.max(compacted, Math.min(Math.max(byRows, byRevisions), value - KEPT_REVISIONS));
}

/** Drops whole revisions up to `target`, about SLICE_ROWS rows. */
async function dropLogSlice(sql: Sql, target: number): Promise<number> {
  const [bound] = await sql.rows(
    'SELECT revision FROM log WHERE revision <= $1 ORDER BY revision, position LIMIT 1 OFFSET $2',
    [target, SLICE_ROWS],
  );
  const upTo = Number(bound?.['revision'] ?? target);
  const dropped = await sql.run('DELETE FROM log WHERE revision <= $1', [upTo]);
  // Last, because writers wait for this row.
  await sql.run('UPDATE revision SET compacted = $1 WHERE compacted < $1', [upTo]);
  return dropped;
}

async function dropHistorySlice(sql: Sql, oldest: number): Promise<number> {
  return sql.run(
    `DELETE FROM entity_history WHERE (ref, revision) IN
      (SELECT ref, revision FROM entity_history WHERE at < $1 ORDER BY at LIMIT ${SLICE_ROWS})`,
    [oldest],
  );
}
