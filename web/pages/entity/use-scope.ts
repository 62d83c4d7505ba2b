import type { Static } from 'typebox';
import type { EntityPage } from '../../../src/api/entities.ts';
import type { Facet } from '../../../src/api/facets.ts';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { SUMMARY_FIELDS } from '../../data/entity-summaries.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { relationFilter, type Scope } from './scope.ts';
import type { PageOf, ProblemData } from './use-entity.ts';

/** Rows of a roll-up. */
export const SCOPE_ROWS = 20;
/** Problems asked for: enough to put the worst first and to name them. */
const MOST_PROBLEMS = 200;
const FACET_VALUES = 40;
/** Groups are looked for so many levels down, and so many at most. */
const MAX_LEVELS = 6;
const MOST_GROUPS = 500;

/** Counts of the entities of a scope by path. */
export type ScopeCounts = Readonly<Record<string, Static<typeof Facet>>>;

const isEntityChange = (batch: LiveBatch): boolean => batch.changes.length > 0;

/** Counts of a scope: kinds, lifecycles, owners, and what they are a part of. */
export function useScopeCounts(scope: Scope): Answer<ScopeCounts> {
  const path = ['kind', 'spec.lifecycle', 'relations.ownedBy', 'relations.partOf'];
  const query = { filter: [...scope.filter], path, limit: FACET_VALUES };
  return useResource<ScopeCounts>({
    key: `facets ${JSON.stringify(query)}`,
    load: async (signal, minRevision) =>
      (await api.call('GET /api/v1/facets', { query: { ...query, minRevision }, signal })).facets,
    isAffected: isEntityChange,
  });
}

/** One page of a scope's entities, by name. @param kind only of this kind */
export function useScopePage(
  scope: Scope,
  kind: string | undefined,
  cursor: string | undefined,
): Answer<Static<typeof EntityPage>> {
  // Terms of one filter that name different keys must all hold.
  const filter = scope.filter.map((terms) => (kind === undefined ? terms : `kind=${kind},${terms}`));
  const query = { filter, order: 'metadata.name:asc', limit: SCOPE_ROWS, cursor, fields: SUMMARY_FIELDS };
  return useResource<Static<typeof EntityPage>>({
    key: `entities ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/entities', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
}

/** Problems of a scope's entities, errors first. */
export function useScopeProblems(scope: Scope): Answer<PageOf<ProblemData>> {
  const query = { filter: [...scope.filter], limit: MOST_PROBLEMS };
  return useResource<PageOf<ProblemData>>({
    key: `problems ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/problems', { query: { ...query, minRevision }, signal }),
    isAffected: (batch) => batch.sources || isEntityChange(batch),
  });
}

/** All groups below one, level by level, without itself. */
export function useGroupsBelow(ref: string, hasChildren: boolean): Answer<readonly string[]> {
  return useResource<readonly string[]>({
    key: `groups below ${ref} ${hasChildren}`,
    load: async (signal, minRevision) => {
      const found = new Set<string>();
      let level: readonly string[] = hasChildren ? [ref] : [];
      for (let depth = 0; depth < MAX_LEVELS && level.length > 0 && found.size < MOST_GROUPS; depth += 1) {
        level = (await childGroups(level, signal, minRevision)).filter((group) => group !== ref && !found.has(group));
        for (const group of level) found.add(group);
      }
      return [...found];
    },
    isAffected: (batch) => batch.changes.some((change) => change.ref.startsWith('group:')),
  });
}

async function childGroups(
  parents: readonly string[],
  signal: AbortSignal,
  minRevision: number | undefined,
): Promise<readonly string[]> {
  const query = {
    filter: [...relationFilter('childOf', parents)],
    fields: ['kind,metadata.name,metadata.namespace'],
    limit: MOST_GROUPS,
    minRevision,
  };
  const { items } = await api.call('GET /api/v1/entities', { query, signal });
  return items.map((entity: RenderedEntity) => entityRefOf(entity));
}
