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

/** What a row of the list shows; the rest of an entity does not travel. */
const FIELDS = [
  'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,metadata.etag,' +
    'spec.type,spec.owner,spec.lifecycle,spec.system,spec.domain,spec.parent,spec.profile.displayName',
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
  const query = { ...textOf(search), filter: filterOf(search, 'kind'), path: ['kind'], limit: MANY_VALUES };
  return useResource<FacetData>({
    key: `kinds ${JSON.stringify(query)}`,
    load: async (signal, minRevision) => {
      const answer = await api.call('GET /api/v1/facets', { query: { ...query, minRevision }, signal });
      return answer.facets['kind'] ?? { values: [], more: false };
    },
    isAffected: isEntityChange,
  });
}

/** The values of one facet, counted over everything but its own choice, so that more of it can be chosen. */
export function useFacet(search: CatalogSearch, key: FacetKey): Answer<FacetData> {
  const path = FACETS.find((facet) => facet.key === key)?.path ?? key;
  const limit = search.more === key ? MANY_VALUES : FEW_VALUES;
  const query = { ...textOf(search), filter: filterOf(search, key), path: [path], limit };
  return useResource<FacetData>({
    key: `facet ${JSON.stringify(query)}`,
    load: async (signal, minRevision) => {
      const answer = await api.call('GET /api/v1/facets', { query: { ...query, minRevision }, signal });
      return answer.facets[path] ?? { values: [], more: false };
    },
    isAffected: isEntityChange,
  });
}
