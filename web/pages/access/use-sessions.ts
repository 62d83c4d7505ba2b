import type { Static } from 'typebox';
import type { listSessions } from '../../../src/api/session.ts';
import type { listTokens } from '../../../src/api/tokens.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';

/** Sessions of everybody, or of one. */
export type SessionsData = Static<typeof listSessions.response>;
/** Tokens of everybody. */
export type TokensData = Static<typeof listTokens.response>;

/** Key of the answer about everybody's tokens. */
export const TOKENS = 'tokens';

/** Sessions, newest use first; `principal` absent: of everybody. */
export function useSessions(principal: string | undefined): Answer<SessionsData> {
  return useResource<SessionsData>({
    key: `sessions ${principal ?? ''}`,
    load: (signal) => api.call('GET /api/v1/access/sessions', { query: { principal }, signal }),
    isAffected: () => false,
  });
}

/** Tokens of people and services. */
export function useTokens(): Answer<TokensData> {
  return useResource<TokensData>({
    key: TOKENS,
    load: (signal) => api.call('GET /api/v1/access/tokens', { signal }),
    isAffected: () => false,
  });
}
