import type { QueryAnswer } from '../../../src/api/query.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { CatalogSearch } from './catalog-search.ts';
import { questionOf } from './use-catalog.ts';

/** How the question of the list is answered. */
export function useExplain(search: CatalogSearch): Answer<QueryAnswer> {
  const query = { ...questionOf(search), explain: true };
  return useResource<QueryAnswer>({
    key: `explain ${JSON.stringify(query)}`,
    load: (signal) => api.call('GET /api/v1/query', { query, signal }),
    isAffected: () => false,
  });
}
