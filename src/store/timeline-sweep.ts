import type { Driver, Sql } from './driver.ts';

/** How much of the timeline is kept. */
export interface TimelineRetention {
  readonly days: number;
  readonly bytes: number;
}

const DAY_MS = 86_400_000;
/** Rows dropped in one transaction, so that a writer waits for milliseconds only. */
const SLICE_ROWS = 2_000;
/** The newest rows, from which the size of a row is taken. */
const SAMPLE_ROWS = 500;
/** What the keys of the table and of its indexes take beside the texts of a row, bytes. */
const KEY_BYTES = 300;

/**
 * Drops entries of the timeline that are too old, and the oldest where there are too many, in small transactions.
 *
 * @param now ms since the epoch
 * @returns rows dropped
 */
export async function sweepTimeline(
  driver: Driver,
  { days, bytes }: TimelineRetention,
  now: number,
  pause: () => Promise<void>,
): Promise<number> {
  const beyond = await driver.read((sql) => lastBeyond(sql, bytes));
  const upTo = Math.max(now - days * DAY_MS, beyond ?? 0);
  let dropped = 0;
  for (let more = true; more;) {
    const slice = await driver.write((sql) => dropSlice(sql, upTo));
    dropped += slice;
    more = slice > 0;
    await pause();
  }
  return dropped;
}

/** When the newest entry happened that is one too many. */
async function lastBeyond(sql: Sql, bytes: number): Promise<number | undefined> {
  const [size] = await sql.rows(
    `SELECT avg(length(id) + length(title) + length(data)) AS size FROM
      (SELECT id, title, data FROM timeline ORDER BY at DESC, id DESC LIMIT ${SAMPLE_ROWS}) AS sample`,
  );
  const most = Math.floor(bytes / (Number(size?.['size'] ?? 0) + KEY_BYTES));
  const [row] = await sql.rows('SELECT at FROM timeline ORDER BY at DESC, id DESC LIMIT 1 OFFSET $1', [most]);
  return row === undefined ? undefined : Number(row['at']);
}

async function dropSlice(sql: Sql, upTo: number): Promise<number> {
  return sql.run(
    `DELETE FROM timeline WHERE id IN (SELECT id FROM timeline WHERE at <= $1 ORDER BY at, id LIMIT ${SLICE_ROWS})`,
    [upTo],
  );
}
