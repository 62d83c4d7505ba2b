import { readAccessCounter } from './access-commit.ts';
import type { AuditFilter, AuditPage, AuditRecord, AuditVerification } from './access-records.ts';
import { auditFromRow, auditHash, type ChainEnd } from './audit-chain.ts';
import type { Driver, Sql, SqlParam } from './driver.ts';

/** Sequences looked at in one statement: about 5 ms of SQLite where the filter has to look into every row. */
const SLICE = 2_000;
/** Records whose hash is checked in one turn. */
const VERIFY_PAGE = 500;

/** A slice of sequences, both ends in it. */
interface Slice {
  readonly low: number;
  readonly high: number;
}

/**
 * Audit records that pass the filter. Looks slice by slice with a pause in between, so that a search through the whole
 * log keeps nobody waiting; records are only ever added at the end, so the slices fit together.
 *
 * @param pause called between slices
 */
export async function findAudit(
  driver: Driver,
  filter: AuditFilter,
  page: AuditPage,
  pause: () => Promise<void>,
): Promise<AuditRecord[]> {
  const { auditFirst, auditEnd } = await driver.read((sql) => readAccessCounter(sql));
  const ascending = page.after !== undefined;
  const bounds = {
    low: Math.max(auditFirst, (page.after ?? 0) + 1),
    high: Math.min(auditEnd.sequence, (page.before ?? Infinity) - 1),
  };
  const where = conditionsOf(filter);
  const found: AuditRecord[] = [];
  for (const slice of slicesOf(bounds, ascending)) {
    const limit = page.limit - found.length;
    found.push(...(await driver.read((sql) => readSlice(sql, slice, where, { ascending, limit }))));
    if (found.length >= page.limit) break;
    await pause();
  }
  return found;
}

function* slicesOf({ low, high }: Slice, ascending: boolean): Generator<Slice> {
  if (ascending) {
    for (let from = low; from <= high; from += SLICE) yield { low: from, high: Math.min(high, from + SLICE - 1) };
    return;
  }
  for (let from = high; from >= low; from -= SLICE) yield { low: Math.max(low, from - SLICE + 1), high: from };
}

interface Conditions {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

async function readSlice(
  sql: Sql,
  slice: Slice,
  where: Conditions,
  options: { readonly ascending: boolean; readonly limit: number },
): Promise<AuditRecord[]> {
  const order = options.ascending ? 'ASC' : 'DESC';
  const rows = await sql.rows(
    `SELECT * FROM audit WHERE sequence >= $1 AND sequence <= $2 ${where.text} ORDER BY sequence ${order} LIMIT $3`,
    [slice.low, slice.high, options.limit, ...where.params],
  );
  return rows.map(auditFromRow);
}

/** The filter as SQL, its places from `$4` on. The texts are few, so each is prepared once. */
function conditionsOf(filter: AuditFilter): Conditions {
  const conditions: string[] = [];
  const params: SqlParam[] = [];
  const add = (condition: (place: string) => string, value: SqlParam | undefined): void => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(`AND ${condition(`$${params.length + 3}`)}`);
  };
  const prefix = filter.action?.endsWith('*') === true ? filter.action.slice(0, -1) : undefined;
  add((place) => `actor = ${place}`, filter.actor);
  add((place) => `action = ${place}`, prefix === undefined ? filter.action : undefined);
  add((place) => `substr(action, 1, length(${place})) = ${place}`, prefix);
  add((place) => `target = ${place}`, filter.target);
  add((place) => `outcome = ${place}`, filter.outcome);
  add((place) => `at >= ${place}`, filter.from);
  add((place) => `at < ${place}`, filter.until);
  add(
    (place) =>
      `lower(actor || ' ' || action || ' ' || coalesce(target, '') || ' ' || coalesce(data, '')) LIKE ${place} ESCAPE '\\'`,
    filter.text === undefined ? undefined : `%${likeText(filter.text)}%`,
  );
  return { text: conditions.join(' '), params };
}

/** Both databases fold A to Z only, in texts that compare byte by byte. */
function likeText(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[%_\\]/g, '\\$&');
}

/**
 * Goes through the whole chain, oldest first, and says where it stops fitting. Only what a change in the database
 * leaves behind can be found: whoever writes the chain anew from some record on is found by a hash that was noted elsewhere.
 *
 * @param pause called between pages
 */
export async function verifyAuditChain(driver: Driver, pause: () => Promise<void>): Promise<AuditVerification> {
  const { auditFirst, auditEnd } = await driver.read((sql) => readAccessCounter(sql));
  let end: ChainEnd | undefined = auditFirst === 1 ? { sequence: 0, hash: '' } : undefined;
  let records = 0;
  let next = auditFirst;
  while (next <= auditEnd.sequence) {
    const slice = { low: next, high: Math.min(auditEnd.sequence, next + VERIFY_PAGE - 1) };
    const page = await driver.read((sql) =>
      readSlice(sql, slice, { text: '', params: [] }, { ascending: true, limit: VERIFY_PAGE }),
    );
    for (const record of page) {
      const problem = faultOf(record, next, end);
      if (problem !== undefined) return { intact: false, records, brokenAt: next, problem };
      end = { sequence: record.sequence, hash: record.hash };
      records += 1;
      next += 1;
    }
    if (next <= slice.high) {
      // Retention may have let go of the oldest records since the counter was read.
      const now = await driver.read((sql) => readAccessCounter(sql));
      if (now.auditFirst > auditFirst) return verifyAuditChain(driver, pause);
      return { intact: false, records, brokenAt: next, problem: `record ${next} is missing` };
    }
    await pause();
  }
  if (end !== undefined && end.hash !== auditEnd.hash) {
    return { intact: false, records, brokenAt: end.sequence, problem: 'the newest record is not the one last written' };
  }
  const ends = records === 0 ? {} : { first: auditFirst, last: auditEnd.sequence, lastHash: auditEnd.hash };
  return { intact: true, records, ...ends };
}

function faultOf(record: AuditRecord, expected: number, end: ChainEnd | undefined): string | undefined {
  if (record.sequence !== expected) return `record ${expected} is missing`;
  if (end !== undefined && record.previousHash !== end.hash) {
    return `record ${expected} does not follow the one before it`;
  }
  return auditHash(record) === record.hash ? undefined : `record ${expected} was changed`;
}
