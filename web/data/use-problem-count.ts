import { api } from './session.ts';
import { useResource } from './use-resource.ts';

/** Number of problems of the whole catalog, once known. */
export function useProblemCount(): number | undefined {
  const { data } = useResource({
    key: 'problem-count',
    load: (signal, minRevision) => api.call('GET /api/v1/problems', { query: { limit: 0, minRevision }, signal }),
    isAffected: (batch) => batch.sources,
  });
  return data?.total;
}
