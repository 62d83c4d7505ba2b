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
  const read: Record<string, unknown> = { ...search };
  for (const key of TEXTS) if (typeof read[key] !== 'string') delete read[key];
  if (read['severity'] !== 'error' && read['severity'] !== 'warning') delete read['severity'];
  return read;
}
