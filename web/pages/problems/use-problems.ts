import type { Static } from 'typebox';
import type { CallOptions } from '../../../src/client.ts';
import type { listProblems, ProblemGroup } from '../../../src/api/problems.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { ProblemData } from '../entity/use-entity.ts';
import type { ProblemsSearch } from './problems-search.ts';

const PAGE_SIZE = 100;
/** What an export reads at a time, and at most. */
const EXPORT_PAGE = 1000;
export const MOST_EXPORTED = 10_000;

/** A page of problems; with the counts of all groups where they are put together. */
export type ProblemPage = Static<typeof listProblems.response>;
export type ProblemGroupData = Static<typeof ProblemGroup>;

const isAffected = (batch: LiveBatch): boolean => batch.sources;

function questionOf(search: ProblemsSearch) {
  const { severity, owner, unowned, location, source, code, q, group } = search;
  return {
    severity,
    owner,
    unowned: unowned === undefined ? undefined : true,
    location,
    source,
    code: code === undefined ? undefined : [code],
    q,
    group: group ?? ('location' as const),
  };
}

type ProblemQuery = NonNullable<CallOptions<'GET /api/v1/problems'>['query']>;

function useProblemPage(query: ProblemQuery): Answer<ProblemPage> {
  return useResource<ProblemPage>({
    key: `problems ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/problems', { query: { ...query, minRevision }, signal }),
    isAffected,
  });
}

/** The page of problems that the URL asks for, with the counts of its groups. */
export function useProblems(search: ProblemsSearch): Answer<ProblemPage> {
  return useProblemPage({ ...questionOf(search), cursor: search.cursor, limit: PAGE_SIZE });
}

/** How many errors and warnings there are under the other choices. */
export function useSeverityCounts(
  search: ProblemsSearch,
): { readonly error: number; readonly warning: number } | undefined {
  const question = { ...questionOf(search), group: undefined, limit: 0 };
  const errors = useProblemPage({ ...question, severity: 'error' }).data?.total;
  const warnings = useProblemPage({ ...question, severity: 'warning' }).data?.total;
  return errors === undefined || warnings === undefined ? undefined : { error: errors, warning: warnings };
}

/** Who has problems at all: the choice of owners. */
export function useOwners(): readonly string[] {
  const { data } = useProblemPage({ group: 'owner', limit: 0 });
  return (data?.groups?.flatMap(({ value }) => value ?? []) ?? []).sort();
}

/** All problems of a choice, in its order, `MOST_EXPORTED` at most. */
export async function readAllProblems(search: ProblemsSearch): Promise<readonly ProblemData[]> {
  const items: ProblemData[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...questionOf(search), cursor, limit: EXPORT_PAGE };
    const page = await api.call('GET /api/v1/problems', { query });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < MOST_EXPORTED);
  return items.slice(0, MOST_EXPORTED);
}
