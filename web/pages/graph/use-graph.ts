import type { Dependents, GraphPaths, Neighbourhood } from '../../../src/api/neighbourhood.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { parseList } from '../../url/search-codec.ts';
import type { GraphSearch } from './graph-search.ts';

/** Nodes and groups that are drawn at most: more is no picture any more. */
export const MOST_DRAWN = 60;
const PAGE_SIZE = 50;

const isEntityChange = (batch: LiveBatch): boolean => batch.changes.length > 0;
const isAnyChange = (batch: LiveBatch): boolean => batch.sources || batch.changes.length > 0;

function listOf(text: string | undefined): string[] | undefined {
  const items = parseList(text);
  return items.length === 0 ? undefined : [...items];
}

/** What stands around the root, as the URL asks for it. */
export function useNeighbourhood(root: string, search: GraphSearch): Answer<Neighbourhood> {
  const query = {
    root,
    depth: Number(search.depth ?? '1'),
    direction: search.dir,
    relation: listOf(search.rel),
    fold: search.fold,
    expanded: listOf(search.open)?.slice(0, 64),
    pinned: listOf(search.pin)?.slice(0, 32),
    limit: MOST_DRAWN,
  };
  return useResource<Neighbourhood>({
    key: `neighbourhood ${JSON.stringify(query)}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/graph/neighbourhood', { query: { ...query, minRevision }, signal }),
    isAffected: isAnyChange,
  });
}

/** A page of what feels it when the root fails, or of what the root needs. */
export function useDependents(root: string, search: GraphSearch): Answer<Dependents> {
  const query = {
    root,
    direction: search.view === 'needs' ? ('out' as const) : undefined,
    relation: listOf(search.rel),
    cursor: search.cursor,
    limit: PAGE_SIZE,
  };
  return useResource<Dependents>({
    key: `dependents ${JSON.stringify(query)}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/graph/dependents', { query: { ...query, minRevision }, signal }),
    isAffected: isAnyChange,
  });
}

/** The shortest ways between two entities. */
export function usePaths(root: string, to: string, search: GraphSearch): Answer<GraphPaths> {
  const query = { from: root, to, relation: listOf(search.rel) };
  return useResource<GraphPaths>({
    key: `paths ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/graph/path', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
}
