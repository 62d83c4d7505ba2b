import type { Logger } from 'pino';
import type { Access } from '../../access/access.ts';
import type { AccessState } from '../../access/access-state.ts';
import { accessError } from '../../access/errors.ts';
import type { Session } from '../../access/session-value.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { LimitedVerifier, TokenVerifier } from '../../access/token-verifier.ts';
import type { Clock } from '../../base/clock.ts';
import type { Config } from '../../config/config.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { PopupAnswers } from '../../signin/popup.ts';
import type { Vault } from '../../signin/vault.ts';
import { authRoutes, LIMITED_COOKIE } from './auth.ts';
import { externalVerifier } from './external-verifier.ts';
import { IdentityAnswers } from './identity-answers.ts';
import { IdentityTokens } from './identity-tokens.ts';
import { IdentityVerifier } from './identity-verifier.ts';
import { permissionRoutes } from './permission.ts';
import { SigningKeys } from './signing-keys.ts';

/** What identity for Backstage's clients stands on. */
export interface BackstageIdentityOptions {
  readonly config: Config;
  readonly state: AccessState;
  readonly sessions: Sessions;
  readonly vault: Vault;
  readonly graph: GraphReader;
  readonly clock: Clock;
  readonly log: Logger;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
  /** Where one signs in and makes tokens, for messages. */
  readonly signIn: string;
  readonly tokensPage: string;
}

/** What the routes need beside, which stands on the verifiers. */
export interface BackstageRoutesOptions {
  readonly access: Pick<Access, 'decide' | 'prepare'>;
  readonly permissions: readonly string[];
  /** Tells a session's provider that it has ended. @returns URL that ends the provider's own */
  leave(session: Session): Promise<string | undefined>;
  isReady(): boolean;
}

/** Identity tokens, external callers and decisions, as Backstage's clients and backends know them. */
export interface BackstageIdentity {
  /** For `Authenticator`, in this order. */
  readonly verifiers: readonly TokenVerifier[];
  readonly limited: LimitedVerifier;
  /** Answers windows in which somebody signed in. */
  readonly popups: PopupAnswers;
  manifest(options: BackstageRoutesOptions): Manifest;
}

/** Makes it. Nothing is read or written before somebody asks. */
export function openBackstageIdentity(options: BackstageIdentityOptions): BackstageIdentity {
  const { config, sessions, graph, clock, guests, vault, log, signIn, tokensPage } = options;
  const { externalAccess, tokenSeconds, appOrigins } = config.backstage;
  const issuer = `${config.baseUrl}/api/auth`;
  const ownOrigin = new URL(config.baseUrl).origin;
  const invalid = (reason: string): Error => accessError('TOKEN_INVALID', { reason, signIn, tokens: tokensPage });
  const keys = new SigningKeys(options);
  const tokens = new IdentityTokens({ keys, clock, issuer, tokenSeconds });
  const { providers } = config.signIn;
  const proxies = new Set(providers.filter(({ type }) => type === 'proxy').map(({ id }) => id));
  const identity = new IdentityVerifier({ ...options, tokens, proxies, invalid });
  const answers = new IdentityAnswers({ tokens, graph, sessions, origins: new Set([ownOrigin, ...appOrigins]) });
  return {
    verifiers: [identity, externalVerifier({ access: externalAccess, vault, clock, log, invalid })],
    limited: { cookie: LIMITED_COOKIE, limited: (token) => identity.limited(token) },
    popups: answers,
    manifest: ({ access, permissions, leave, isReady }) => ({
      id: 'backstageauth',
      title: 'Backstage-compatible sign-in and permissions',
      routes: [
        ...authRoutes({
          answers,
          tokens,
          keys,
          sessions,
          providers: new Set(providers.map(({ id }) => id)),
          guests,
          issuer,
          hasForeignPages: appOrigins.some((origin) => origin !== ownOrigin),
          leave,
          isReady,
        }),
        ...permissionRoutes({ access, permissions: new Set(permissions) }),
      ],
    }),
  };
}
