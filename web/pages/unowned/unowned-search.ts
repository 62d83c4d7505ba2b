import { readTexts } from '../../url/search-codec.ts';

/** The states of what does not run. */
export const MISSING_STATES = ['missing', 'undeployed', 'unknown'] as const;
export type MissingState = (typeof MISSING_STATES)[number];

/** The view state of the page as its URL holds it. */
export interface UnownedSearch {
  /** What is in the catalog and does not run; absent: what runs and is in no catalog. */
  readonly view?: 'missing' | undefined;
  readonly q?: string | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  /** Only of what is missing. */
  readonly state?: MissingState | undefined;
  /** The workload whose descriptor is shown: `<kind>/<namespace>/<name>`. */
  readonly show?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where they make sense; others stay in the URL untouched. */
export function readUnownedSearch(search: Readonly<Record<string, unknown>>): UnownedSearch {
  const read = readTexts(search, ['q', 'namespace', 'cluster', 'show', 'cursor']);
  if (read['view'] !== 'missing') delete read['view'];
  if (!MISSING_STATES.some((state) => state === read['state'])) delete read['state'];
  return read;
}

/** The search after a filter changed: a place in the old list means nothing in the new one. */
export function changeFilter(now: UnownedSearch, part: UnownedSearch): UnownedSearch {
  return { ...now, cursor: undefined, show: undefined, ...part };
}

/** Whether anything is left out. */
export function isNarrowed({ q, namespace, cluster, state }: UnownedSearch): boolean {
  return [q, namespace, cluster, state].some((part) => part !== undefined);
}
