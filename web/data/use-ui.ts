import type { Ui } from '../../src/api/ui.ts';
import type { Resource } from './resource-cache.ts';
import { api, signIn } from './session.ts';
import { useResource } from './use-resource.ts';

/** What the server says of itself: organisation, principal and abilities, ways to sign in, pages of plugins. */
export function useUi(): Resource<Ui> {
  return useResource<Ui>({
    key: 'ui',
    load: async (signal) => signIn.settle(await api.call('GET /api/v1/ui', { signal })),
    isAffected: () => false,
  });
}

/**
 * True where the principal may do this, at least for some entities; false too while it is not known yet.
 * @param permission e.g. `access.audit.read`
 */
export function isAble(ui: Ui | undefined, permission: string): boolean {
  if (!ui) return false;
  const { allowed, conditional } = ui.abilities;
  return allowed.includes('*') || allowed.includes(permission) || conditional.includes(permission);
}
