import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Dialect, Row, Sql, SqlParam, SqlValue } from './driver.ts';
import { storeError } from './errors.ts';
import { timelineTable } from './tables.ts';
import { checkDepth, checkFields } from './write-check.ts';

/** One thing that happened. Times are ms since the epoch. */
export interface TimelineEntry {
  /** Says what it is, so that telling it twice is telling it once. */
  readonly id: string;
  /** When it happened or began; where that is not known, when it was found. */
  readonly at: number;
  /** It happened between then and `at`. */
  readonly since?: number | undefined;
  /** It went on until then; absent: it goes on, or took no time. */
  readonly until?: number | undefined;
  readonly kind: string;
  readonly title: string;
  /** Who tells it, e.g. `kubernetes`. */
  readonly source: string;
  /** Canonical ref. */
  readonly entityRef?: string | undefined;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly actor?: string | undefined;
  readonly data: JsonObject;
}

/**
 * One thing to write.
 *
 * - `add`: an entry. One of the same id that went on for longer takes the place of what is there, which keeps its `at` and `since`.
 * - `state`: how something is from now on, in `data.to`; its `id` is that of what has the state. Nothing is written where the newest
 *   of that id says the same, or where `isQuiet` and there is none: that all is well is news only after it was not.
 * - `end`: an entry that is there, and did not end, ends; `data` goes over what it says.
 */
export type TimelineWrite =
  | { readonly op: 'add'; readonly entry: TimelineEntry }
  | { readonly op: 'state'; readonly entry: TimelineEntry; readonly isQuiet: boolean }
  | { readonly op: 'end'; readonly id: string; readonly until: number; readonly data: JsonObject };

/** Which entries are asked for; all conditions must hold. */
export interface TimelineRequest {
  readonly source?: string | undefined;
  readonly entityRef?: string | undefined;
  readonly cluster?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** Of `at`: both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only entries that come after this one, newest first. */
  readonly after?: { readonly at: number; readonly id: string } | undefined;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** How many entries of one sort there are in a piece of time. */
export interface TimelineCount {
  /** Begin of the piece, ms since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly entityRef?: string | undefined;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly entries: number;
}

/** Which pieces of time are counted. */
export interface TimelineCountRequest extends Omit<TimelineRequest, 'after' | 'limit' | 'from' | 'to'> {
  readonly from: number;
  readonly to: number;
  /** Length of a piece, ms. */
  readonly pieceMs: number;
}

/** What happened in the fleet, for weeks. It is no part of the change log: no cache holds it. */
export interface TimelineStore {
  /**
   * Writes all in one transaction; durable when it resolves. Writing again what may have been written is safe.
   * @returns entries that came or changed
   * @throws WRITE_INVALID for what no database can hold
   */
  append(writes: readonly TimelineWrite[]): Promise<number>;
  /** Newest first. */
  page(request: TimelineRequest): Promise<readonly TimelineEntry[]>;
  /** How many entries there are in each piece of time; at most 20,000 rows. */
  counts(request: TimelineCountRequest): Promise<readonly TimelineCount[]>;
  /** When the oldest entry happened, ms since the epoch; undefined: there is none. */
  oldest(source?: string): Promise<number | undefined>;
}

const MOST_ROWS = 1_000;
const MOST_COUNTS = 20_000;
const DEEPEST_DATA = 12;
/** Characters of the time in the id of a state: until the year 5188, in order. */
const TIME_DIGITS = 9;
/** The last character of ASCII, after all that a time is written with. */
const LAST = '~';

/** See `TimelineStore.append`; in the caller's transaction. */
export async function appendTimeline(sql: Sql, dialect: Dialect, writes: readonly TimelineWrite[]): Promise<number> {
  const ids = writes.flatMap((write) => (write.op === 'state' ? [] : [write.op === 'add' ? write.entry.id : write.id]));
  const found = await sql.rows(`SELECT * FROM timeline WHERE ${dialect.anyOf('id', '$1')}`, [ids]);
  const known = new Map(found.map((row) => [String(row['id']), entryOf(row)]));
  const changed = new Map<string, TimelineEntry>();
  for (const write of writes) {
    const next = write.op === 'state' ? await nextState(sql, write, changed) : nextEntry(write, known);
    if (next === undefined) continue;
    known.set(next.id, next);
    changed.set(next.id, next);
  }
  if (changed.size > 0) await sql.insert(timelineTable, Array.from(changed.values(), valuesOf), 'update');
  return changed.size;
}

function nextEntry(
  write: Exclude<TimelineWrite, { readonly op: 'state' }>,
  known: ReadonlyMap<string, TimelineEntry>,
): TimelineEntry | undefined {
  if (write.op === 'end') {
    const begun = known.get(write.id);
    if (begun === undefined || begun.until !== undefined) return undefined;
    return { ...begun, until: write.until, data: { ...begun.data, ...write.data } };
  }
  const { entry } = write;
  const before = known.get(entry.id);
  if (before === undefined) return entry;
  if (entry.until === undefined || entry.until <= (before.until ?? 0)) return undefined;
  return { ...entry, at: before.at, since: before.since };
}

/** The newest state is the last id: ids of one thing differ by their times. */
async function nextState(
  sql: Sql,
  { entry, isQuiet }: Extract<TimelineWrite, { readonly op: 'state' }>,
  changed: ReadonlyMap<string, TimelineEntry>,
): Promise<TimelineEntry | undefined> {
  const prefix = `${entry.id}@`;
  const [row] = await sql.rows('SELECT * FROM timeline WHERE id > $1 AND id < $2 ORDER BY id DESC LIMIT 1', [
    prefix,
    `${prefix}${LAST}`,
  ]);
  let newest = row && entryOf(row);
  for (const each of changed.values()) {
    if (each.id.startsWith(prefix) && each.id > (newest?.id ?? '')) newest = each;
  }
  if (newest === undefined ? isQuiet : newest.data['to'] === entry.data['to']) return undefined;
  // Clocks that are set back must not put a state before the one that it follows.
  const at = Math.max(entry.at, (newest?.at ?? 0) + 1);
  return { ...entry, id: `${prefix}${at.toString(36).padStart(TIME_DIGITS, '0')}`, at };
}

/** See `TimelineStore.page`. */
export async function readTimeline(
  sql: Sql,
  dialect: Dialect,
  request: TimelineRequest,
): Promise<readonly TimelineEntry[]> {
  const { conditions, params } = conditionsOf(dialect, request);
  if (request.after !== undefined) {
    params.push(request.after.at, request.after.id);
    conditions.push(`(at, id) < ($${params.length - 1}, $${params.length})`);
  }
  params.push(Math.min(Math.max(1, request.limit), MOST_ROWS));
  const rows = await sql.rows(
    `SELECT * FROM timeline WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT $${params.length}`,
    params,
  );
  return rows.map(entryOf);
}

/** See `TimelineStore.counts`. */
export async function countTimeline(
  sql: Sql,
  dialect: Dialect,
  request: TimelineCountRequest,
): Promise<readonly TimelineCount[]> {
  const { conditions, params } = conditionsOf(dialect, request);
  params.push(request.from, request.pieceMs);
  const piece = `CAST((at - $${params.length - 1}) / $${params.length} AS INTEGER)`;
  const rows = await sql.rows(
    `SELECT ${piece} AS piece, kind, entity_ref, cluster, namespace, count(*) AS entries FROM timeline
      WHERE ${conditions.join(' AND ')} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 LIMIT ${MOST_COUNTS}`,
    params,
  );
  return rows.map((row) => ({
    at: request.from + Number(row['piece']) * request.pieceMs,
    kind: String(row['kind']),
    entityRef: optional(row['entity_ref']),
    cluster: optional(row['cluster']),
    namespace: optional(row['namespace']),
    entries: Number(row['entries']),
  }));
}

/** See `TimelineStore.oldest`. */
export async function oldestTimeline(sql: Sql, source?: string): Promise<number | undefined> {
  const [row] =
    source === undefined
      ? await sql.rows('SELECT min(at) AS at FROM timeline')
      : await sql.rows('SELECT at FROM timeline WHERE source = $1 ORDER BY at, id LIMIT 1', [source]);
  return row === undefined || row['at'] === null ? undefined : Number(row['at']);
}

function conditionsOf(
  dialect: Dialect,
  { source, entityRef, cluster, kinds, from, to }: Omit<TimelineRequest, 'limit' | 'after'>,
): { readonly conditions: string[]; readonly params: SqlParam[] } {
  const params: SqlParam[] = [];
  const conditions: string[] = ['at >= 0'];
  const hold = (value: SqlParam | undefined, condition: (place: string) => string): void => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  hold(source, (place) => `source = ${place}`);
  hold(entityRef, (place) => `entity_ref = ${place}`);
  hold(cluster, (place) => `cluster = ${place}`);
  hold(from, (place) => `at >= ${place}`);
  hold(to, (place) => `at <= ${place}`);
  hold(kinds, (place) => dialect.anyOf('kind', place));
  return { conditions, params };
}

/** @throws WRITE_INVALID */
export function checkTimeline(writes: readonly TimelineWrite[]): void {
  for (const write of writes) {
    checkDepth(write.op === 'end' ? write.data : write.entry.data, DEEPEST_DATA);
    const { data, ...fields } = write.op === 'end' ? write : write.entry;
    checkFields({ ...fields, data: JSON.stringify(data) });
    const { id } = fields;
    if (id === '' || id.length > 500)
      throw storeError('WRITE_INVALID', { reason: 'an id has not 1 to 500 characters' });
  }
}

function valuesOf(entry: TimelineEntry): readonly SqlValue[] {
  const { id, at, entityRef, kind, title, actor, source, data, cluster, namespace, since, until } = entry;
  const where = [cluster ?? null, namespace ?? null, since ?? null, until ?? null];
  return [id, at, entityRef ?? null, kind, title, actor ?? null, source, null, JSON.stringify(data), ...where];
}

function entryOf(row: Row): TimelineEntry {
  const data: JsonValue = JSON.parse(String(row['data'] ?? '{}')) as JsonValue;
  return {
    id: String(row['id']),
    at: Number(row['at']),
    since: instant(row['since']),
    until: instant(row['until']),
    kind: String(row['kind']),
    title: String(row['title']),
    source: String(row['source']),
    entityRef: optional(row['entity_ref']),
    cluster: optional(row['cluster']),
    namespace: optional(row['namespace']),
    actor: optional(row['actor']),
    data: isJsonObject(data) ? data : {},
  };
}

function optional(value: SqlValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function instant(value: SqlValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
