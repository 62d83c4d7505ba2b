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
  const read: Record<string, unknown> = { ...search };
  for (const key of ['source', 'q', 'cursor']) if (typeof read[key] !== 'string') delete read[key];
  return read;
}
