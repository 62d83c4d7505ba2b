import type { Ui } from '../../src/api/ui.ts';
import type { Resource } from './resource-cache.ts';
import { api } from './session.ts';
import { useResource } from './use-resource.ts';

/** What the server says of itself: organisation, principal, pages of plugins. */
export function useUi(): Resource<Ui> {
  return useResource<Ui>({
    key: 'ui',
    load: (signal) => api.call('GET /api/v1/ui', { signal }),
    isAffected: () => false,
  });
}
