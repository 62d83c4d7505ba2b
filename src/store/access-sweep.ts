import { readAccessCounter } from './access-commit.ts';
import type { Driver, Sql } from './driver.ts';

const DAY_MS = 86_400_000;
/** How long it is known of a record that it went: a server that was away for longer reads everything anew. */
const GONE_MS = 7 * DAY_MS;
/** How long a record stays that has run out: clocks of servers differ. */
const EXPIRED_MS = 3_600_000;
/** Rows dropped in one transaction. */
const SLICE_ROWS = 2_000;

/**
 * Drops records that have run out or went long ago, and audit records older than `auditDays`; writes only where there is
 * something to drop.
 *
 * @param now ms since the epoch
 * @returns rows dropped
 */
export async function sweepAccess(
  driver: Driver,
  options: { readonly now: number; readonly auditDays: number | undefined; readonly pause: () => Promise<void> },
): Promise<number> {
  const { now, auditDays } = options;
  const lock = driver.dialect.forUpdate;
  const steps = [
    (sql: Sql) => dropExpired(sql, now - EXPIRED_MS, lock),
    (sql: Sql) => dropGone(sql, now - GONE_MS, lock),
  ];
  if (auditDays !== undefined) steps.push((sql) => dropAudit(sql, now - auditDays * DAY_MS, lock));
  let dropped = 0;
  for (const step of steps) {
    for (let slice = -1; slice !== 0;) {
      slice = await driver.write(step);
      dropped += slice;
      await options.pause();
    }
  }
  return dropped;
}

/** Every server knows by itself that these are gone. */
async function dropExpired(sql: Sql, before: number, lock: string): Promise<number> {
  const found = await sql.rows('SELECT 1 AS present FROM access_record WHERE expires_at < $1 LIMIT 1', [before]);
  if (found.length === 0) return 0;
  // Whoever writes has the counter first, so that nobody waits for a row of somebody who waits for the counter.
  await readAccessCounter(sql, lock);
  return sql.run('DELETE FROM access_record WHERE expires_at < $1', [before]);
}

async function dropGone(sql: Sql, before: number, lock: string): Promise<number> {
  const [newest] = await sql.rows(
    'SELECT max(sequence) AS sequence FROM access_record WHERE value IS NULL AND updated_at < $1',
    [before],
  );
  const upTo = Number(newest?.['sequence'] ?? 0);
  if (upTo === 0) return 0;
  await readAccessCounter(sql, lock);
  await sql.run('UPDATE access_sequence SET compacted = $1 WHERE compacted < $1', [upTo]);
  return sql.run('DELETE FROM access_record WHERE value IS NULL AND updated_at < $1', [before]);
}

/** Drops from the oldest on, up to the first that is young enough: clocks of servers differ, the chain has one order. */
async function dropAudit(sql: Sql, before: number, lock: string): Promise<number> {
  const [oldest] = await sql.rows('SELECT at FROM audit ORDER BY sequence LIMIT 1');
  if (oldest === undefined || Number(oldest['at']) >= before) return 0;
  const { auditFirst, auditEnd } = await readAccessCounter(sql, lock);
  const end = Math.min(auditFirst + SLICE_ROWS, auditEnd.sequence + 1);
  const [young] = await sql.rows('SELECT min(sequence) AS sequence FROM audit WHERE sequence < $1 AND at >= $2', [
    end,
    before,
  ]);
  const first = Number(young?.['sequence'] ?? end);
  await sql.run('UPDATE access_sequence SET audit_first = $1 WHERE audit_first < $1', [first]);
  return sql.run('DELETE FROM audit WHERE sequence < $1', [first]);
}
