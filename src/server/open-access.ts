import type { Logger } from 'pino';
import { createAccess, type Access } from '../access/access.ts';
import { openAccessState, type AccessState } from '../access/access-state.ts';
import { Authenticator } from '../access/authenticator.ts';
import type { Policy } from '../access/policy.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { Sessions } from '../access/sessions.ts';
import { Tokens } from '../access/tokens.ts';
import type { PermissionItem } from '../api/roles.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { Store } from '../store/store.ts';
import type { AuditSink } from './request-audit.ts';

const HOUR_MS = 3_600_000;

/** What the permission layer of a server stands on. */
export interface OpenAccessOptions {
  readonly config: Config;
  readonly store: Store;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Logger;
  readonly policy: Policy;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
  /** Every permission that a route takes; known once all manifests are composed. */
  permissions(): readonly PermissionItem[];
}

/** The permission layer of a running server. */
export interface OpenAccess {
  readonly access: Access;
  readonly state: AccessState;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: AuditSink;
  /** Whom to ask for access, one sentence. */
  readonly contact: string;
  close(): Promise<void>;
}

/** Opens the permission layer over an open store and graph. @throws STORE_* */
export async function openAccess(options: OpenAccessOptions): Promise<OpenAccess> {
  const { config, store, graph, clock, log, policy, guests } = options;
  const state = await openAccessState({ store: store.access, clock, log });
  const { idleHours, maxHours } = config.signIn.sessions;
  const lasting = { idleMs: idleHours * HOUR_MS, maxMs: maxHours * HOUR_MS };
  const sessions = new Sessions({ state, clock, log, cookie: sessionCookie(config.baseUrl), ...lasting });
  const tokens = new Tokens({ state, clock, log });
  const pages = { signIn: `${config.baseUrl}/sign-in`, tokensPage: `${config.baseUrl}/settings` };
  const authenticator = new Authenticator({ sessions, tokens, verifiers: [], guests, clock, ...pages });
  const contact = config.access.contact ?? `Ask whoever runs Callboard at ${config.organization}.`;
  const access = createAccess({
    policy,
    graph,
    authenticator,
    sessions,
    tokens,
    state,
    contact,
    ...pages,
    permissions: () => options.permissions().map(({ name }) => name as `${string}.${string}.${string}`),
  });
  const audit: AuditSink = {
    record: async (entry) => {
      await state.commit([], [entry]);
    },
  };
  return {
    access,
    state,
    sessions,
    tokens,
    audit,
    contact,
    async close() {
      access.close();
      await Promise.all([sessions.close(), tokens.close()]);
      await state.close();
    },
  };
}
