import { readTexts } from '../../url/search-codec.ts';

/** The view state of the problems page as its URL holds it. */
export interface ProblemsSearch {
  readonly severity?: 'error' | 'warning' | undefined;
  /** Canonical ref of a group or user. */
  readonly owner?: string | undefined;
  readonly location?: string | undefined;
  readonly source?: string | undefined;
  readonly code?: string | undefined;
  readonly cursor?: string | undefined;
}

const TEXTS = ['owner', 'location', 'source', 'code', 'cursor'] as const;

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readProblemsSearch(search: Readonly<Record<string, unknown>>): ProblemsSearch {
  const read = readTexts(search, TEXTS);
  if (read['severity'] !== 'error' && read['severity'] !== 'warning') delete read['severity'];
  return read;
}
