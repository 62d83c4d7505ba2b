import type { Static } from 'typebox';
import type { EntityPage } from '../../../src/api/entities.ts';
import type { Facet } from '../../../src/api/facets.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { FACETS, filterOf, sortOf, type CatalogSearch, type FacetKey } from './catalog-search.ts';

const PAGE_SIZE = 50;
const FEW_VALUES = 8;
const MANY_VALUES = 200;

/** Values asked for of each facet that shows few: enough to say that there are more, and for all kinds there may be. */
const ASKED_VALUES = 40;

/** What a row of the list shows; the rest of an entity does not travel. */
const FIELDS = [
  'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,metadata.etag,' +
    'spec.type,spec.owner,spec.lifecycle,spec.system,spec.domain,spec.parent,spec.target,spec.profile.displayName',
];

/** One page of entities. */
export type EntityPageData = Static<typeof EntityPage>;
/** The values of one facet. */
export type FacetData = Static<typeof Facet>;

const isEntityChange = (batch: LiveBatch): boolean => batch.changes.length > 0;

function textOf(search: CatalogSearch): { readonly q?: string; readonly where?: string } {
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(search.where ? { where: search.where } : {}),
  };
}

/** The page of the list that the URL asks for. */
export function useEntityPage(search: CatalogSearch): Answer<EntityPageData> {
  const query = {
    ...textOf(search),
    filter: filterOf(search),
    order: sortOf(search).order,
    cursor: search.cursor,
    limit: PAGE_SIZE,
    fields: FIELDS,
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

/**
 * Counts of one facet. Facets without a choice are counted over the same entities, so they share one request: a list
 * without filters asks once for all of them.
 */
function useCounts(search: CatalogSearch, key: FacetKey | 'kind', shown: number): Answer<FacetData> {
  const path = pathOf(key);
  const isChosen = search[key] !== undefined;
  const isAlone = isChosen || shown > ASKED_VALUES;
  const paths = isAlone ? [path] : SHARED.filter((other) => search[other] === undefined).map(pathOf);
  const limit = Math.max(shown, ASKED_VALUES);
  const query = { ...textOf(search), filter: filterOf(search, key), path: paths, limit };
  const answer = useResource({
    key: `facets ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/facets', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
  const facet = answer.data?.facets[path];
  const data = facet && { values: facet.values.slice(0, shown), more: facet.more || facet.values.length > shown };
  return { ...answer, data };
}

const SHARED = ['kind', ...FACETS.map((facet) => facet.key)] as const;

function pathOf(key: FacetKey | 'kind'): string {
  return FACETS.find((facet) => facet.key === key)?.path ?? key;
}
