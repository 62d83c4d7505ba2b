import type { Static } from 'typebox';
import type { checkAccess } from '../../../src/api/roles.ts';
import type { SessionItem } from '../../../src/api/session.ts';
import type { TokenItem } from '../../../src/api/tokens.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';

/** Keys of the answers that change when something is made or ended. */
export const OWN_SESSIONS = 'own-sessions';
export const OWN_TOKENS = 'own-tokens';

const isNever = (): boolean => false;

/** The sessions of who asks. */
export function useOwnSessions(): Answer<{ readonly items: readonly SessionItem[] }> {
  return useResource<{ readonly items: readonly SessionItem[] }>({
    key: OWN_SESSIONS,
    load: (signal) => api.call('GET /api/v1/account/sessions', { signal }),
    isAffected: isNever,
  });
}

/** The tokens of who asks. */
export function useOwnTokens(): Answer<{ readonly items: readonly TokenItem[] }> {
  return useResource<{ readonly items: readonly TokenItem[] }>({
    key: OWN_TOKENS,
    load: (signal) => api.call('GET /api/v1/account/tokens', { signal }),
    isAffected: isNever,
  });
}

/** Through which groups the one who asks has what it has. */
export function useOwnClaims(): Answer<Static<typeof checkAccess.response>> {
  return useResource<Static<typeof checkAccess.response>>({
    key: 'own-claims',
    load: (signal) => api.call('POST /api/v1/access/check', { body: { permission: 'catalog.entity.read' }, signal }),
    isAffected: (batch) => batch.changes.some(({ ref }) => /^(user|group):/.test(ref)),
  });
}
