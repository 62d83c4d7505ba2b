import type { Logger } from 'pino';
import { createAccess, type Access } from '../access/access.ts';
import { openAccessState, type AccessState } from '../access/access-state.ts';
import { AuditIntents } from '../access/audit-intents.ts';
import { AuditLog } from '../access/audit-log.ts';
import { AuditSink } from '../access/audit-sink.ts';
import type { Policy } from '../access/policy.ts';
import { createPolicy } from '../access/policy/create-policy.ts';
import { registerConfiguredSecrets, secretUses } from '../access/configured-secrets.ts';
import { Secrets } from '../access/secrets.ts';
import type { Session } from '../access/session-value.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Tokens } from '../access/tokens.ts';
import { createAdministration } from '../administration/manifest.ts';
import type { SignInProvider } from '../api/session.ts';
import type { Clock } from '../base/clock.ts';
import { isAccessConfigured, type Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Store } from '../store/store.ts';
import { externalSubjects } from './backstage/external-verifier.ts';
import { openCallers } from './callers.ts';
import type { ManifestOrigin } from './compose.ts';
import { policyGround } from './policy-ground.ts';

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
  readonly intents: AuditIntents;
  readonly sinks: readonly AuditSink[];
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
  const { config, store, clock, log } = options;
  registerConfiguredSecrets(config);
  // A folder of SQLite belongs to this process alone, and its own commits are told at once.
  const pollMs = store.engine === 'sqlite' ? 5_000 : undefined;
  const state = await openAccessState({ store: store.access, clock, log, pollMs });
  try {
    return await openOver(state, options);
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function openOver(state: AccessState, options: OpenAccessOptions): Promise<OpenAccess> {
  const { config, store, graph, clock, log } = options;
  const secrets = openSecrets(state, options);
  const audit = new AuditLog({ store: store.access, clock, log });
  const intents = new AuditIntents({ state, isAlone: store.engine === 'sqlite', clock, log });
  const sinks = openSinks(state, secrets, options);
  const ground = policyGround(options.origins);
  const roles = await createPolicy({
    config: config.access,
    services: externalSubjects(config.backstage.externalAccess),
    state,
    graph,
    ground,
    clock,
    log,
    audit,
    // While nothing is configured, guests may do everything.
    isConfigured: isAccessConfigured(config),
  });
  const pages = { signIn: `${config.baseUrl}/sign-in`, tokensPage: `${config.baseUrl}/settings` };
  const callers = openCallers({ ...options, ...pages, state, secrets, audit });
  const { sessions, tokens, backstage, signIn, authenticator } = callers;
  const contact = config.access.contact ?? `Ask whoever runs Callboard at ${config.organization}.`;
  const permissions = [...ground.permissions.keys()] as `${string}.${string}.${string}`[];
  const policy = options.policy ?? roles.policy;
  const deciding = { policy, graph, authenticator, sessions, tokens, state, contact, permissions, ...pages };
  const access = createAccess(deciding);
  const leave = (session: Session): Promise<string | undefined> => signIn.leave(session);
  intents.start();
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
    intents,
    sinks,
    secrets,
    contact,
    providers: signIn.providers,
    manifests: [administration, signIn.manifest, identity],
    async close() {
      access.close();
      await Promise.all([sessions.close(), tokens.close(), audit.close(), intents.close(), roles.close()]);
      await Promise.all(sinks.map((sink) => sink.close()));
      await state.close();
    },
  };
}

function openSinks(state: AccessState, secrets: Secrets, options: OpenAccessOptions): readonly AuditSink[] {
  const { config, store, clock, log } = options;
  const { baseUrl } = config;
  const sinks = config.audit.sinks.map(
    (sink) => new AuditSink({ sink, store: store.access, state, secrets, baseUrl, clock, log }),
  );
  for (const sink of sinks) sink.start();
  return sinks;
}

function openSecrets(state: AccessState, { config, clock, log }: OpenAccessOptions): Secrets {
  const { dataFolder } = config;
  const isShared = config.databaseUrl !== undefined;
  const secrets = new Secrets({ state, keys: config.secrets.keys, dataFolder, isShared, clock, log });
  secrets.warn();
  return secrets;
}
