import { readTexts } from '../../url/search-codec.ts';

/** The view state of the evacuation page as its URL holds it. */
export interface EvacuationSearch {
  /** List of names of clusters that are thought away. */
  readonly cluster?: string | undefined;
  /** Selector of the clusters that are thought away, e.g. `region=eu`. */
  readonly label?: string | undefined;
  /** `single`: what one cluster or region carries alone. */
  readonly view?: 'single' | undefined;
}

/** Takes the known keys where they make sense; others stay in the URL untouched. */
export function readEvacuationSearch(search: Readonly<Record<string, unknown>>): EvacuationSearch {
  const read = readTexts(search, ['cluster', 'label']);
  if (read['view'] !== 'single') delete read['view'];
  return read;
}
