import { readTexts } from '../../url/search-codec.ts';

/** The view state of the sources page as its URL holds it. */
export interface SourcesSearch {
  /** Only locations of this source. */
  readonly source?: string | undefined;
  /** Only locations whose ref contains this. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where they are texts; others stay in the URL untouched. */
export function readSourcesSearch(search: Readonly<Record<string, unknown>>): SourcesSearch {
  return readTexts(search, ['source', 'q', 'cursor']);
}
