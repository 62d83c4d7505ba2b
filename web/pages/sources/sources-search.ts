import { readTexts } from '../../url/search-codec.ts';

/** What a source can be, the worst first. */
export const SOURCE_STATES = ['failed', 'never', 'stale', 'fresh'] as const;
export type SourceStateName = (typeof SOURCE_STATES)[number];

/** The view state of the sources page as its URL holds it. */
export interface SourcesSearch {
  /** Only sources in this state. */
  readonly state?: SourceStateName | undefined;
  /** Only locations of this source. */
  readonly source?: string | undefined;
  /** Only locations whose ref contains this. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where they are texts; others stay in the URL untouched. */
export function readSourcesSearch(search: Readonly<Record<string, unknown>>): SourcesSearch {
  const read = readTexts(search, ['source', 'q', 'cursor']);
  if (!SOURCE_STATES.some((state) => state === read['state'])) delete read['state'];
  return read;
}

/** What the form of a registration begins with, so that others can link to it filled in. */
export interface RegisterSearch {
  readonly type?: 'url' | 'git' | undefined;
  readonly target?: string | undefined;
}

/** Takes the known keys where their values make sense. */
export function readRegisterSearch(search: Readonly<Record<string, unknown>>): RegisterSearch {
  const read = readTexts(search, ['target']);
  if (read['type'] !== 'url' && read['type'] !== 'git') delete read['type'];
  return read;
}
