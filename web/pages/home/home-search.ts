import { readTexts } from '../../url/search-codec.ts';

/** The view state of Home as its URL holds it. */
export interface HomeSearch {
  /** Ref of a group, or `*` for everything; absent: one's saved team, else the groups one is in. */
  readonly team?: string | undefined;
}

/** Takes the known key as a text; others stay in the URL untouched. */
export function readHomeSearch(search: Readonly<Record<string, unknown>>): HomeSearch {
  return readTexts(search, ['team']);
}
