import type { Ui } from '../../src/api/ui.ts';
import type { Resource, ResourceRequest } from './resource-cache.ts';
import { askUi, resources } from './session.ts';
import { useResource } from './use-resource.ts';

const uiRequest: ResourceRequest<Ui> = {
  key: 'ui',
  load: askUi,
  isAffected: () => false,
};

/** What the server says of itself: organisation, principal and abilities, ways to sign in, pages of plugins. */
export function useUi(): Resource<Ui> {
  return useResource(uiRequest);
}

/** Calls once with what the server says of itself: now, or when it is known. */
export function whenUiIsKnown(act: (ui: Ui) => void): void {
  const known = resources.read<Ui>(uiRequest.key).data;
  if (known) {
    act(known);
    return;
  }
  const stop = resources.watch(uiRequest, () => {
    const { data } = resources.read<Ui>(uiRequest.key);
    if (!data) return;
    stop();
    act(data);
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
