import { createAccess, type Access } from '../../src/access/access.ts';
import { openAccessState, type AccessState } from '../../src/access/access-state.ts';
import { Authenticator, GUEST } from '../../src/access/authenticator.ts';
import type { Policy } from '../../src/access/policy.ts';
import { sessionCookie } from '../../src/access/session-cookie.ts';
import { Sessions } from '../../src/access/sessions.ts';
import type { ProxyVerifier, TokenVerifier } from '../../src/access/token-verifier.ts';
import { Tokens } from '../../src/access/tokens.ts';
import type { PermissionName } from '../../src/api/route.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import type { GraphReader } from '../../src/graph/view.ts';
import type { AuditEntry } from '../../src/store/access-records.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { MemoryAccessStore } from './memory-access-store.ts';

/** How a permission layer for a test differs from one that lets guests do everything. */
export interface TestAccessOptions {
  readonly graph: GraphReader;
  readonly policy?: Policy | undefined;
  readonly guests?: boolean | undefined;
  readonly verifiers?: readonly TokenVerifier[] | undefined;
  readonly proxy?: ProxyVerifier | undefined;
  readonly permissions?: readonly PermissionName[] | undefined;
  readonly clock?: Clock | undefined;
  /** Records that another server has too. */
  readonly store?: MemoryAccessStore | undefined;
  readonly baseUrl?: string | undefined;
}

/** A permission layer of real parts over records in memory. */
export interface TestAccess {
  readonly access: Access;
  readonly store: MemoryAccessStore;
  readonly state: AccessState;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  close(): Promise<void>;
}

export const testContact = 'Ask the platform team.';

/** Opens one; sessions end after an hour without use, and after a day. */
export async function openTestAccess(options: TestAccessOptions): Promise<TestAccess> {
  const { graph, clock = systemClock, store = new MemoryAccessStore() } = options;
  const log = createLog({ level: 'fatal', format: 'json' });
  const state = await openAccessState({ store, clock, log });
  const cookie = sessionCookie(options.baseUrl ?? 'http://localhost:7007');
  const sessions = new Sessions({ state, cookie, clock, log, idleMs: 3_600_000, maxMs: 86_400_000 });
  const tokens = new Tokens({ state, clock, log });
  const pages = { signIn: '/sign-in', tokensPage: '/settings' };
  const authenticator = new Authenticator({
    sessions,
    tokens,
    verifiers: options.verifiers ?? [],
    proxy: options.proxy,
    guests: options.guests ?? true,
    clock,
    ...pages,
  });
  const access = createAccess({
    policy: options.policy ?? { decide: () => ({ result: 'allow' }) },
    graph,
    authenticator,
    sessions,
    tokens,
    state,
    contact: testContact,
    ...pages,
    permissions: options.permissions ?? [],
  });
  const close = async (): Promise<void> => {
    access.close();
    await Promise.all([sessions.close(), tokens.close()]);
    await state.close();
  };
  return { access, store, state, sessions, tokens, close };
}

/** An audit entry, as much of it as a write needs. */
export function auditOf(action: string, actor = 'user:default/test'): AuditEntry {
  return { at: 0, actor, action, outcome: 'success' };
}

/** A permission layer that knows nobody but the guest and lets it do everything; the test says the rest. */
export function guestsMay(parts: Pick<Access, 'viewOf'> & Partial<Access>): Access {
  return {
    authenticate: () => GUEST,
    authorize: () => undefined,
    authorizeEntity: () => undefined,
    decide: () => ({ result: 'allow' }),
    decideLive: () => ({ result: 'allow' }),
    visibilityOf: () => ({ kind: 'all', key: 'all', principal: { ref: GUEST.ref, claims: new Set() } }),
    prepare: () => undefined,
    abilitiesOf: () => ({ allowed: ['*'], conditional: [] }),
    currentOf: (principal) => principal,
    onChange: () => () => undefined,
    close: () => undefined,
    ...parts,
  };
}

/** A graph without entities, in which everybody is in no group. */
export const emptyGraph: GraphReader = {
  revision: 0,
  principalContext: (ref) => ({ ref, claims: new Set([ref]) }),
  view: (visibility) => ({ visibility }) as ReturnType<GraphReader['view']>,
  waitFor: () => Promise.resolve(),
  setVolatileFacts: () => undefined,
};
