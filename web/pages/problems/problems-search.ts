import { readTexts } from '../../url/search-codec.ts';

/** What problems can be put together by; the first is what a page without a choice shows. */
export const GROUPINGS = ['location', 'owner', 'code'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The view state of the problems page as its URL holds it. */
export interface ProblemsSearch {
  readonly severity?: 'error' | 'warning' | undefined;
  /** Canonical ref of a group or user. */
  readonly owner?: string | undefined;
  /** Only those that nobody is known to own. */
  readonly unowned?: 'true' | undefined;
  readonly location?: string | undefined;
  readonly source?: string | undefined;
  readonly code?: string | undefined;
  /** Text in the message, location, field or entity. */
  readonly q?: string | undefined;
  /** Absent: by location. */
  readonly group?: Exclude<Grouping, 'location'> | undefined;
  readonly cursor?: string | undefined;
}

/** The choices that narrow what is listed. */
export const FILTERS = ['severity', 'owner', 'unowned', 'location', 'source', 'code', 'q'] as const;

const TEXTS = ['owner', 'location', 'source', 'code', 'q', 'cursor'] as const;

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readProblemsSearch(search: Readonly<Record<string, unknown>>): ProblemsSearch {
  const read = readTexts(search, TEXTS);
  if (read['severity'] !== 'error' && read['severity'] !== 'warning') delete read['severity'];
  if (read['group'] !== 'owner' && read['group'] !== 'code') delete read['group'];
  if (read['unowned'] !== 'true') delete read['unowned'];
  return read;
}

/** The search after a filter changed: a place in the old list means nothing in the new one. */
export function changeFilter(now: ProblemsSearch, part: ProblemsSearch): ProblemsSearch {
  return { ...now, cursor: undefined, ...part };
}

/** Whether anything is left out. */
export function isNarrowed(search: ProblemsSearch): boolean {
  return FILTERS.some((key) => search[key] !== undefined);
}

/** The filter that shows one group alone. @param value absent: what nobody is known to own */
export function groupFilter(group: Grouping, value: string | undefined): ProblemsSearch {
  if (value === undefined) return { unowned: 'true', owner: undefined };
  return group === 'owner' ? { owner: value, unowned: undefined } : { [group]: value };
}
