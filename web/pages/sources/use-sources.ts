import type { Static } from 'typebox';
import type { LocationItem, SourceItem } from '../../../src/api/sources.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { PageOf } from '../entity/use-entity.ts';
import { SOURCES } from './use-refresh.ts';

/** One collector at one source. */
export type SourceData = Static<typeof SourceItem>;
/** One location. */
export type LocationData = Static<typeof LocationItem>;

const MOST_SOURCES = 1000;
const LOCATIONS = 100;

/** All collectors and sources with their freshness. */
export function useSources(): Answer<PageOf<SourceData>> {
  return useResource<PageOf<SourceData>>({
    key: SOURCES,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/sources', { query: { limit: MOST_SOURCES, minRevision }, signal }),
    isAffected: (batch) => batch.sources,
  });
}

/** One page of the locations. */
export function useLocations(choice: {
  readonly source?: string | undefined;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
}): Answer<PageOf<LocationData>> {
  const query = { source: choice.source, q: choice.q, cursor: choice.cursor, limit: LOCATIONS };
  return useResource<PageOf<LocationData>>({
    key: `locations ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/locations', { query: { ...query, minRevision }, signal }),
    isAffected: (batch) => batch.sources || batch.changes.length > 0,
  });
}
