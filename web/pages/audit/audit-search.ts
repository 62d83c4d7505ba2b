import { readTexts } from '../../url/search-codec.ts';

/** How what was tried ended. */
export type AuditOutcome = 'success' | 'denied' | 'failure' | 'pending' | 'unknown';

const OUTCOMES: readonly AuditOutcome[] = ['success', 'denied', 'failure', 'pending', 'unknown'];

/** One of the outcomes by its word; undefined: it is none. */
export function readOutcome(word: unknown): AuditOutcome | undefined {
  return OUTCOMES.find((outcome) => outcome === word);
}

/** The view state of the audit log. */
export interface AuditSearch {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** Text that a record contains. */
  readonly q?: string | undefined;
  /** Days in UTC, `2026-11-22`: from the first one to the end of the other. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** Older than the record of this sequence. */
  readonly before?: string | undefined;
  /** Sequence of the record that is open. */
  readonly record?: string | undefined;
}

const KEYS = ['actor', 'action', 'target', 'outcome', 'q', 'from', 'until', 'before', 'record'] as const;

/** Takes the known keys where they have a meaning; others stay in the URL untouched. */
export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const read = readTexts(search, KEYS);
  if (readOutcome(read['outcome']) === undefined) delete read['outcome'];
  for (const key of ['from', 'until']) if (!isDay(read[key])) delete read[key];
  for (const key of ['before', 'record']) if (!isSequence(read[key])) delete read[key];
  return read;
}

function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function isSequence(value: unknown): boolean {
  return typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value);
}
