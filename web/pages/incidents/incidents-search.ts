import { readTexts } from '../../url/search-codec.ts';

/** The view state of the incidents page as its URL holds it. */
export interface IncidentsSearch {
  /** Id of the one that is shown open. */
  readonly id?: string | undefined;
  readonly state?: 'open' | 'ended' | undefined;
  /** Ref: only those that are about it. */
  readonly entity?: string | undefined;
  /** Name: only those in this cluster. */
  readonly cluster?: string | undefined;
}

/** Takes the known keys where they make sense. */
export function readIncidentsSearch(search: Readonly<Record<string, unknown>>): IncidentsSearch {
  const read = readTexts(search, ['id', 'state', 'entity', 'cluster']);
  if (read['state'] !== 'open' && read['state'] !== 'ended') delete read['state'];
  return read;
}
