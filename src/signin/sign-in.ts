import type { Logger } from 'pino';
import type { Session } from '../access/session-value.ts';
import type { Sessions } from '../access/sessions.ts';
import type { ProxyVerifier } from '../access/token-verifier.ts';
import type { SignInProvider } from '../api/session.ts';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { SignInConfig } from '../config/sign-in-config.ts';
import type { GraphReader } from '../graph/view.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { FlowCookies } from './flow-cookie.ts';
import { SignInFlow } from './flow.ts';
import type { PopupAnswers } from './popup.ts';
import { ProviderRegistry } from './provider-registry.ts';
import { recheckCollector, type RecheckOptions } from './recheck.ts';
import { Refusals, type RecordSink } from './refusals.ts';
import { signInRoutes } from './routes.ts';
import { providerSessionOf } from './session-grant.ts';
import type { Vault } from './vault.ts';

/** How long signing out waits for the provider, ms. */
const LEAVE_MS = 3_000;

/** What sign-in is made of. */
export interface SignInOptions {
  readonly config: SignInConfig;
  /** Public URL of the server, without a slash at its end. */
  readonly baseUrl: string;
  readonly graph: GraphReader;
  readonly sessions: Sessions;
  readonly vault: Vault;
  readonly audit: RecordSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** True: whoever is not signed in is a guest. */
  readonly guests: boolean;
  /** Answers windows that clients of Backstage opened; absent: there is only the flow of redirects. */
  readonly popups?: PopupAnswers | undefined;
}

/** How people sign in to one server. */
export interface SignIn {
  readonly manifest: Manifest;
  /** The ways to sign in, for pages. */
  readonly providers: readonly SignInProvider[];
  /** Knows whom the trusted proxies name; absent where there is none. */
  readonly proxy: ProxyVerifier | undefined;
  /**
   * Tells the provider of a session that it has ended; never rejects.
   * @returns URL where the browser signs out there too, if the configuration wants that
   */
  leave(session: Session): Promise<string | undefined>;
}

/** Makes sign-in. No provider is asked before somebody signs in. */
export function createSignIn(options: SignInOptions): SignIn {
  const { config, baseUrl, vault, clock, log, sessions } = options;
  const registry = new ProviderRegistry(options);
  const cookies = new FlowCookies({ baseUrl, vault, clock });
  const flow = new SignInFlow({ baseUrl, cookies, clock });
  const refusals = new Refusals(options.audit, clock);
  const routes = signInRoutes({ ...options, registry, flow, refusals });
  const rechecked = config.providers.some(({ type }) => type === 'oidc');
  const providerOf: RecheckOptions['providerOf'] = (id) => registry.rechecked(id);
  return {
    manifest: {
      id: 'signin',
      title: 'Sign-in',
      routes,
      collectors: rechecked ? [recheckCollector({ sessions, vault, clock, log, providerOf })] : [],
    },
    providers: registry.shown(options.guests),
    proxy: registry.proxy,
    leave: (session) => leave(session, registry, options),
  };
}

/** A provider that is slow or away keeps nobody signed in here. */
async function leave(
  session: Session,
  registry: ProviderRegistry,
  options: SignInOptions,
): Promise<string | undefined> {
  const { vault, clock, log } = options;
  const late = Promise.withResolvers<undefined>();
  const timer = clock.after(LEAVE_MS, () => late.resolve(undefined));
  const provider = registry.rechecked(session.provider)?.provider;
  try {
    return await Promise.race([provider?.leave?.(providerSessionOf(session, vault)), late.promise]);
  } catch (error) {
    log.warn({ provider: session.provider, reason: errorMessage(error) }, 'a provider was not told of a sign-out');
    return undefined;
  } finally {
    timer.cancel();
  }
}
