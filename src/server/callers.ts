import type { Logger } from 'pino';
import type { AccessState } from '../access/access-state.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { Authenticator } from '../access/authenticator.ts';
import type { Secrets } from '../access/secrets.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { Sessions } from '../access/sessions.ts';
import { Tokens } from '../access/tokens.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { GraphReader } from '../graph/view.ts';
import { createSignIn, type SignIn } from '../signin/sign-in.ts';
import { openBackstageIdentity, type BackstageIdentity } from './backstage/open-identity.ts';

const HOUR_MS = 3_600_000;

/** What callers are known by. */
export interface CallersOptions {
  readonly config: Config;
  readonly state: AccessState;
  readonly secrets: Secrets;
  readonly audit: AuditLog;
  readonly graph: GraphReader;
  readonly clock: Clock;
  readonly log: Logger;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
  /** Where one signs in and makes tokens, for messages. */
  readonly signIn: string;
  readonly tokensPage: string;
}

/** Everything by which a server knows who asks. */
export interface Callers {
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly backstage: BackstageIdentity;
  readonly signIn: SignIn;
  readonly authenticator: Authenticator;
}

/** Makes it over the records of access. */
export function openCallers(options: CallersOptions): Callers {
  const { config, state, secrets: vault, clock, log } = options;
  const { baseUrl, signIn: settings } = config;
  const { idleHours, maxHours } = settings.sessions;
  const lasting = { idleMs: idleHours * HOUR_MS, maxMs: maxHours * HOUR_MS };
  const sessions = new Sessions({ state, clock, log, cookie: sessionCookie(baseUrl), ...lasting });
  const tokens = new Tokens({ state, clock, log });
  const backstage = openBackstageIdentity({ ...options, sessions, vault });
  const { verifiers, limited, popups } = backstage;
  const signIn = createSignIn({ ...options, config: settings, baseUrl, sessions, vault, popups });
  const { proxy } = signIn;
  const known = settings.allowUnknownUsers ? {} : { isKnown: knownTo(options.graph) };
  const authenticator = new Authenticator({ ...options, ...known, sessions, tokens, verifiers, limited, proxy });
  return { sessions, tokens, backstage, signIn, authenticator };
}

/** Whether the catalog has an entity, whoever may see it. */
function knownTo(graph: GraphReader): (ref: string) => boolean {
  const everything = graph.view({ kind: 'all', key: 'all', principal: { ref: 'system:access', claims: new Set() } });
  return (ref) => everything.find(ref) !== undefined;
}
