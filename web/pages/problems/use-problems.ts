import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { PageOf, ProblemData } from '../entity/use-entity.ts';
import type { ProblemsSearch } from './problems-search.ts';

const PAGE_SIZE = 100;
const MOST_OWNERS = 200;

const isAffected = (batch: LiveBatch): boolean => batch.sources;

function useProblemPage(search: ProblemsSearch, limit: number): Answer<PageOf<ProblemData>> {
  const { severity, owner, location, source, code, cursor } = search;
  const query = { severity, owner, location, source, code: code === undefined ? undefined : [code], cursor, limit };
  return useResource<PageOf<ProblemData>>({
    key: `problems ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/problems', { query: { ...query, minRevision }, signal }),
    isAffected,
  });
}

/** The page of problems that the URL asks for. */
export function useProblems(search: ProblemsSearch): Answer<PageOf<ProblemData>> {
  return useProblemPage(search, PAGE_SIZE);
}

/** How many there are of a severity under the other choices. */
export function useSeverityCount(search: ProblemsSearch, severity: 'error' | 'warning'): number | undefined {
  return useProblemPage({ ...search, severity, cursor: undefined }, 0).data?.total;
}

/** Who owns anything: the choice of owners. */
export function useOwners(): readonly string[] {
  const path = 'relations.ownedBy';
  const { data } = useResource({
    key: 'owners',
    load: (signal, minRevision) =>
      api.call('GET /api/v1/facets', { query: { path: [path], limit: MOST_OWNERS, minRevision }, signal }),
    isAffected: (batch) => batch.changes.length > 0,
  });
  return (data?.facets[path]?.values ?? []).map(({ value }) => value).sort();
}
