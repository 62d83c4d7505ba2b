import type { Static } from 'typebox';
import type { EntityPage } from '../../../src/api/entities.ts';
import type { Facet } from '../../../src/api/facets.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { columnsOf } from './catalog-columns.ts';
import { searchText, sortOf, type CatalogSearch, type FilterKey } from './catalog-search.ts';

/** Rows of a page. */
export const PAGE_SIZE = 50;
/** Values that a facet shows, and those that one shows that is opened. */
const FEW_VALUES = 7;
const MANY_VALUES = 1000;

/** Values asked for of each facet that shows few: enough to say that there are more, and for all kinds there may be. */
const ASKED_VALUES = 40;

/** What a row of the list shows whatever its columns are; the rest of an entity does not travel. */
const FIELDS =
  'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,metadata.etag,' +
  'spec.type,spec.owner,spec.lifecycle,spec.system,spec.domain,spec.parent,spec.target,spec.profile.displayName,' +
  'facts.problems.errors,facts.problems.warnings,' +
  'facts.kubernetes.health,facts.kubernetes.healthReason,facts.kubernetes.clusterCount,facts.kubernetes.versions';

/** One page of entities. */
export type EntityPageData = Static<typeof EntityPage>;
/** The values of one facet. */
export type FacetData = Static<typeof Facet>;

/** The facets of the sidebar: their filter, and the path they count. */
export const FACETS = [
  { key: 'health', path: 'facts.kubernetes.health', title: 'Health' },
  { key: 'type', path: 'spec.type', title: 'Type' },
  { key: 'owner', path: 'relations.ownedBy', title: 'Owner' },
  { key: 'lifecycle', path: 'spec.lifecycle', title: 'Lifecycle' },
  { key: 'system', path: 'relations.partOf', title: 'System' },
  { key: 'cluster', path: 'facts.kubernetes.clusters', title: 'Cluster' },
  { key: 'tag', path: 'metadata.tags', title: 'Tag' },
  { key: 'namespace', path: 'metadata.namespace', title: 'Namespace' },
] as const satisfies readonly { key: FilterKey; path: string; title: string }[];

/** A facet of the sidebar. */
export type FacetKey = (typeof FACETS)[number]['key'];

/** What is counted: the facets, kinds, and the states below `has:` and `is:`. */
const COUNTED: Readonly<Record<FacetKey | 'kind' | 'has' | 'is', string>> = {
  kind: 'kind',
  type: 'spec.type',
  owner: 'relations.ownedBy',
  lifecycle: 'spec.lifecycle',
  system: 'relations.partOf',
  health: 'facts.kubernetes.health',
  cluster: 'facts.kubernetes.clusters',
  tag: 'metadata.tags',
  namespace: 'metadata.namespace',
  has: 'facts.problems.total',
  is: 'metadata.annotations.backstage.io/orphan',
};

type CountedKey = keyof typeof COUNTED;

const isEntityChange = (batch: LiveBatch): boolean => batch.changes.length > 0;

/** What of the search every question of the page asks; `except`: but for one filter. */
export function questionOf(
  search: CatalogSearch,
  except?: FilterKey,
): { readonly search?: string; readonly where?: string } {
  const text = searchText(search, except);
  return { ...(text !== undefined && { search: text }), ...(search.where ? { where: search.where } : {}) };
}

/** The page of the list that the URL asks for. */
export function useEntityPage(search: CatalogSearch): Answer<EntityPageData> {
  const more = columnsOf(search.cols).flatMap(({ fields }) => fields);
  const query = {
    ...questionOf(search),
    order: sortOf(search).order,
    cursor: search.cursor,
    limit: PAGE_SIZE,
    fields: [[FIELDS, ...new Set(more)].join(',')],
  };
  return useResource<EntityPageData>({
    key: `entities ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/entities', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
}

/** The counts by kind, over everything but the choice of the kind. */
export function useKindCounts(search: CatalogSearch): Answer<FacetData> {
  return useCounts(search, 'kind', ASKED_VALUES);
}

/** The values of one facet, counted over everything but its own choice, so that more of it can be chosen. */
export function useFacet(search: CatalogSearch, key: FacetKey): Answer<FacetData> {
  return useCounts(search, key, search.more === key ? MANY_VALUES : FEW_VALUES);
}

/** How many entities of the question have problems, or are orphans, whichever of them is chosen. */
export function useStateCount(search: CatalogSearch, key: 'has' | 'is'): number | undefined {
  const { data } = useCounts(search, key, ASKED_VALUES);
  return data?.values.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Counts of one facet. Facets without a choice are counted over the same entities, so they share one request: a list
 * without filters asks once for all of them.
 */
function useCounts(search: CatalogSearch, key: CountedKey, shown: number): Answer<FacetData> {
  const path = COUNTED[key];
  const isAlone = search[key] !== undefined || shown > ASKED_VALUES;
  const shared = (Object.keys(COUNTED) as CountedKey[]).filter((other) => search[other] === undefined);
  const paths = isAlone ? [path] : shared.map((other) => COUNTED[other]);
  const limit = Math.max(shown, ASKED_VALUES);
  const query = { ...questionOf(search, key), path: paths, absent: true, limit };
  const answer = useResource({
    key: `facets ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/facets', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
  const facet = answer.data?.facets[path];
  // What something is part of may be a domain or another component too.
  const all =
    facet && key === 'system' ? facet.values.filter(({ value }) => value.startsWith('system:')) : facet?.values;
  const data = facet && all && { ...facet, values: all.slice(0, shown), more: facet.more || all.length > shown };
  return { ...answer, data };
}

/** How many entities a search finds; `undefined` until it is known. */
export function useTotal(search: CatalogSearch): number | undefined {
  const query = { ...questionOf(search), limit: 0 };
  return useResource<EntityPageData>({
    key: `total ${JSON.stringify(query)}`,
    load: (signal) => api.call('GET /api/v1/entities', { query, signal }),
    isAffected: isEntityChange,
  }).data?.total;
}
