import type { TimelineKind } from '../../../src/api/timeline.ts';
import { parseList, readTexts } from '../../url/search-codec.ts';

/** Sorts of entries with the words for them, as the filter has them. */
export const TIMELINE_KINDS: readonly (readonly [kind: TimelineKind, word: string])[] = [
  ['config', 'Configuration'],
  ['image', 'Image'],
  ['rollout', 'Rollout'],
  ['scale', 'Scaling'],
  ['restarts', 'Restarts'],
  ['health', 'Health'],
  ['cluster', 'Cluster'],
  ['created', 'Created'],
  ['deleted', 'Deleted'],
  ['incident', 'Incident'],
];

/** How much time the page shows where no moment is asked for. */
export const TIMELINE_SPANS = { '1h': 60, '6h': 360, '24h': 1_440, '7d': 10_080 } as const;
export type TimelineSpan = keyof typeof TIMELINE_SPANS;
export const USUAL_SPAN: TimelineSpan = '24h';

/** The view state of the timeline as its URL holds it. */
export interface TimelineSearch {
  /** The moment in question, ISO 8601. */
  readonly at?: string | undefined;
  readonly entity?: string | undefined;
  readonly cluster?: string | undefined;
  /** List of kinds; absent: all. */
  readonly kind?: string | undefined;
  /** A piece of time, ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly span?: TimelineSpan | undefined;
  readonly twin?: 'table' | undefined;
  /** Cursor of an older page. */
  readonly before?: string | undefined;
}

/** Takes the known keys where they make sense; others stay in the URL untouched. */
export function readTimelineSearch(search: Readonly<Record<string, unknown>>): TimelineSearch {
  const read = readTexts(search, ['at', 'entity', 'cluster', 'kind', 'from', 'to', 'before']);
  for (const key of ['at', 'from', 'to'] as const) {
    const moment = read[key];
    if (typeof moment === 'string' && Number.isNaN(Date.parse(moment))) delete read[key];
  }
  if (!Object.keys(TIMELINE_SPANS).some((span) => span === read['span'])) delete read['span'];
  if (read['twin'] !== 'table') delete read['twin'];
  return read;
}

/** The kinds that are chosen, of those that there are; empty: all. */
export function chosenKinds({ kind }: TimelineSearch): readonly TimelineKind[] {
  const words = new Set(parseList(kind));
  return TIMELINE_KINDS.flatMap(([each]) => (words.has(each) ? each : []));
}

/** The word for a kind. */
export function kindWord(kind: TimelineKind): string {
  return TIMELINE_KINDS.find(([each]) => each === kind)?.[1] ?? kind;
}
