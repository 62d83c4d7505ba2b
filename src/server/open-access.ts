import type { Logger } from 'pino';
import { createAccess, type Access } from '../access/access.ts';
import { openAccessState, type AccessState } from '../access/access-state.ts';
import { AuditLog } from '../access/audit-log.ts';
import { Authenticator } from '../access/authenticator.ts';
import type { Policy } from '../access/policy.ts';
import { createPolicy } from '../access/policy/create-policy.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { Sessions } from '../access/sessions.ts';
import { Tokens } from '../access/tokens.ts';
import { createAdministration } from '../administration/manifest.ts';
import type { Clock } from '../base/clock.ts';
import { isAccessConfigured, type Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Store } from '../store/store.ts';
import type { ManifestOrigin } from './compose.ts';
import { policyGround } from './policy-ground.ts';

const HOUR_MS = 3_600_000;

/** What the permission layer of a server stands on. */
export interface OpenAccessOptions {
  readonly config: Config;
  readonly store: Store;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Logger;
  /** Manifests that stand on nothing of access. */
  readonly origins: readonly ManifestOrigin[];
  /** Decides instead of roles and bindings. */
  readonly policy?: Policy | undefined;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
}

/** The permission layer of a running server. */
export interface OpenAccess {
  readonly access: Access;
  readonly state: AccessState;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
  /** Whom to ask for access, one sentence. */
  readonly contact: string;
  /** The domains by which people sign in and look after access. */
  readonly manifests: readonly Manifest[];
  /** Writes down what is left, and ends what it follows. */
  close(): Promise<void>;
}

/** Opens the permission layer over an open store and graph. @throws STORE_*, POLICY_INVALID */
export async function openAccess(options: OpenAccessOptions): Promise<OpenAccess> {
  const { config, store, graph, clock, log, guests } = options;
  const state = await openAccessState({ store: store.access, clock, log });
  const ground = policyGround(options.origins);
  // While nothing is configured, guests may do everything.
  const isConfigured = isAccessConfigured(config);
  const policy = await createPolicy({ config: config.access, state, graph, ground, clock, log, isConfigured });
  const { idleHours, maxHours } = config.signIn.sessions;
  const lasting = { idleMs: idleHours * HOUR_MS, maxMs: maxHours * HOUR_MS };
  const sessions = new Sessions({ state, clock, log, cookie: sessionCookie(config.baseUrl), ...lasting });
  const tokens = new Tokens({ state, clock, log });
  const pages = { signIn: `${config.baseUrl}/sign-in`, tokensPage: `${config.baseUrl}/settings` };
  const authenticator = new Authenticator({ sessions, tokens, verifiers: [], guests, clock, ...pages });
  const contact = config.access.contact ?? `Ask whoever runs Callboard at ${config.organization}.`;
  const permissions = [...ground.permissions.keys()] as `${string}.${string}.${string}`[];
  const access = createAccess({
    policy: options.policy ?? policy.policy,
    graph,
    authenticator,
    sessions,
    tokens,
    state,
    contact,
    ...pages,
    permissions,
  });
  const audit = new AuditLog({ store: store.access, clock, log });
  const administration = createAdministration({
    sessions,
    tokens,
    clock,
    permissions,
    providerSignOut: () => undefined,
  });
  return {
    access,
    state,
    sessions,
    tokens,
    audit,
    contact,
    manifests: [administration],
    async close() {
      access.close();
      await Promise.all([sessions.close(), tokens.close(), audit.close(), policy.close()]);
      await state.close();
    },
  };
}
