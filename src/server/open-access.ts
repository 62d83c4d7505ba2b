import type { Logger } from 'pino';
import { createAccess, type Access } from '../access/access.ts';
import { openAccessState, type AccessState } from '../access/access-state.ts';
import { AuditLog } from '../access/audit-log.ts';
import { Authenticator } from '../access/authenticator.ts';
import type { Policy } from '../access/policy.ts';
import { createPolicy } from '../access/policy/create-policy.ts';
import { registerConfiguredSecrets, secretUses } from '../access/configured-secrets.ts';
import { Secrets } from '../access/secrets.ts';
import type { Session } from '../access/session-value.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { Sessions } from '../access/sessions.ts';
import { Tokens } from '../access/tokens.ts';
import { createSignIn } from '../signin/sign-in.ts';
import { createAdministration } from '../administration/manifest.ts';
import type { SignInProvider } from '../api/session.ts';
import type { Clock } from '../base/clock.ts';
import { isAccessConfigured, type Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Store } from '../store/store.ts';
import { externalSubjects } from './backstage/external-verifier.ts';
import { openBackstageIdentity } from './backstage/open-identity.ts';
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
  /** Whether the server can answer. */
  isReady(): boolean;
}

/** The permission layer of a running server. */
export interface OpenAccess {
  readonly access: Access;
  readonly state: AccessState;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
  readonly secrets: Secrets;
  /** Whom to ask for access, one sentence. */
  readonly contact: string;
  /** The ways to sign in. */
  readonly providers: readonly SignInProvider[];
  /** The domains by which people sign in and look after access. */
  readonly manifests: readonly Manifest[];
  /** Writes down what is left, and ends what it follows. */
  close(): Promise<void>;
}

/** Opens the permission layer over an open store and graph. @throws STORE_*, POLICY_INVALID */
export async function openAccess(options: OpenAccessOptions): Promise<OpenAccess> {
  const { config, store, graph, clock, log, guests } = options;
  registerConfiguredSecrets(config);
  const state = await openAccessState({ store: store.access, clock, log });
  const isShared = config.databaseUrl !== undefined;
  const { dataFolder } = config;
  const secrets = new Secrets({ state, keys: config.secrets.keys, dataFolder, isShared, clock, log });
  secrets.warn();
  const ground = policyGround(options.origins);
  const services = externalSubjects(config.backstage.externalAccess);
  // While nothing is configured, guests may do everything.
  const isConfigured = isAccessConfigured(config);
  const roles = await createPolicy({
    config: config.access,
    services,
    state,
    graph,
    ground,
    clock,
    log,
    isConfigured,
  });
  const { idleHours, maxHours } = config.signIn.sessions;
  const lasting = { idleMs: idleHours * HOUR_MS, maxMs: maxHours * HOUR_MS };
  const sessions = new Sessions({ state, clock, log, cookie: sessionCookie(config.baseUrl), ...lasting });
  const tokens = new Tokens({ state, clock, log });
  const audit = new AuditLog({ store: store.access, clock, log });
  const { baseUrl } = config;
  const pages = { signIn: `${baseUrl}/sign-in`, tokensPage: `${baseUrl}/settings` };
  const ways = { config, state, sessions, vault: secrets, graph, clock, log, guests, ...pages };
  const backstage = openBackstageIdentity(ways);
  const signIn = createSignIn({ ...ways, config: config.signIn, baseUrl, audit, popups: backstage.popups });
  const { verifiers, limited } = backstage;
  const { proxy } = signIn;
  const authenticator = new Authenticator({ sessions, tokens, verifiers, limited, proxy, guests, clock, ...pages });
  const contact = config.access.contact ?? `Ask whoever runs Callboard at ${config.organization}.`;
  const permissions = [...ground.permissions.keys()] as `${string}.${string}.${string}`[];
  const policy = options.policy ?? roles.policy;
  const access = createAccess({
    policy,
    graph,
    authenticator,
    sessions,
    tokens,
    state,
    contact,
    ...pages,
    permissions,
  });
  const leave = (session: Session): Promise<string | undefined> => signIn.leave(session);
  const administration = createAdministration({
    store: store.access,
    audit,
    secrets,
    secretUses: secretUses(config),
    sessions,
    tokens,
    clock,
    permissions,
    providerSignOut: leave,
    state,
    contact,
    policy: { ...roles, policy },
    seen: () => [...sessions.list(), ...tokens.list()],
    abilitiesOf: (principal) => access.abilitiesOf(principal),
  });
  const identity = backstage.manifest({ access, permissions, leave, isReady: options.isReady });
  return {
    access,
    state,
    sessions,
    tokens,
    audit,
    secrets,
    contact,
    providers: signIn.providers,
    manifests: [administration, signIn.manifest, identity],
    async close() {
      access.close();
      await Promise.all([sessions.close(), tokens.close(), audit.close(), roles.close()]);
      await state.close();
    },
  };
}
