import * as client from 'openid-client';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { OidcConfig } from '../config/sign-in-config.ts';
import { signInError } from './errors.ts';
import type { Flow } from './flow-cookie.ts';
import { groupRefs } from './group-claims.ts';
import { pictureUrl, textClaim, type Identity, type ProviderGrant } from './identity.ts';
import { LogoutTokens } from './logout-token.ts';
import { OidcMetadata } from './oidc-metadata.ts';
import type { LogoutSubject, ProviderSession, Recheck, RedirectProvider } from './provider.ts';
import type { Vault } from './vault.ts';

/** Longest id token that a session keeps, characters. */
const KEPT_ID_TOKEN = 4096;

/** What a provider is made of. */
export interface OidcOptions {
  readonly config: OidcConfig;
  readonly baseUrl: string;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;
type Claims = Readonly<Record<string, unknown>>;

/** One provider of OpenID Connect: code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207). */
export class OidcProvider implements RedirectProvider {
  readonly id: string;
  readonly #options: OidcOptions;
  readonly #metadata: OidcMetadata;
  readonly #logoutTokens: LogoutTokens;

  constructor(options: OidcOptions) {
    this.#options = options;
    this.id = options.config.id;
    this.#metadata = new OidcMetadata(options.config, options.vault, options.clock);
    this.#logoutTokens = new LogoutTokens(options.config.clientId, this.#metadata, options.clock);
  }

  async authorizationUrl({ state, nonce, verifier }: Pick<Flow, 'state' | 'nonce' | 'verifier'>): Promise<string> {
    const { config } = this.#options;
    const provider = await this.#provider();
    const scopes = new Set(['openid', ...config.scopes]);
    return client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#callbackUrl,
      scope: [...scopes].join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(config.prompt !== undefined && { prompt: config.prompt }),
    }).href;
  }

  async identify(callback: URL, { state, nonce, verifier }: Flow): Promise<ProviderGrant> {
    const provider = await this.#provider();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    try {
      const tokens = await client.authorizationCodeGrant(provider, callback, checks);
      return await this.#grantOf(provider, tokens);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async recheck({ subject, refreshToken, idToken }: ProviderSession): Promise<Recheck> {
    if (refreshToken === undefined) return { status: 'ended', reason: 'it has no refresh token' };
    const provider = await this.#provider();
    try {
      const tokens = await client.refreshTokenGrant(provider, refreshToken);
      const grant = await this.#grantOf(provider, tokens, subject);
      if (grant.identity.subject !== subject) return { status: 'ended', reason: 'it now names another person' };
      const isTold = tokens.id_token !== undefined || provider.serverMetadata().userinfo_endpoint !== undefined;
      const renewal = {
        refreshToken: grant.refreshToken ?? refreshToken,
        idToken: grant.idToken ?? idToken,
        ...(isTold && { groups: grant.identity.groups }),
      };
      return { status: 'holds', renewal };
    } catch (error) {
      if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') {
        return { status: 'ended', reason: 'the provider refused to renew it' };
      }
      throw this.#failure(error);
    }
  }

  async leave({ refreshToken, idToken }: ProviderSession): Promise<string | undefined> {
    const { config, baseUrl } = this.#options;
    const provider = await this.#provider();
    const metadata = provider.serverMetadata();
    if (refreshToken !== undefined && metadata.revocation_endpoint !== undefined) {
      await client
        .tokenRevocation(provider, refreshToken, { token_type_hint: 'refresh_token' })
        .catch((error: unknown) => {
          this.#options.log.warn({ provider: this.id, error: errorMessage(error) }, 'refresh token was not revoked');
        });
    }
    if (!config.endProviderSession || metadata.end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(provider, {
      post_logout_redirect_uri: `${baseUrl}/sign-in`,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    }).href;
  }

  async logoutOf(token: string): Promise<LogoutSubject> {
    await this.#provider();
    return this.#logoutTokens.accept(token);
  }

  get #callbackUrl(): string {
    return `${this.#options.baseUrl}/api/auth/${this.id}/handler/frame`;
  }

  async #provider(): Promise<client.Configuration> {
    try {
      return await this.#metadata.configuration();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** @param expected the subject where it is known already and no id token says it again */
  async #grantOf(provider: client.Configuration, tokens: Tokens, expected?: string): Promise<ProviderGrant> {
    const fromToken: Claims = tokens.claims() ?? {};
    const subject = textClaim(fromToken, 'sub') ?? expected;
    if (subject === undefined) throw new Error('there is no id token');
    const hasMore = provider.serverMetadata().userinfo_endpoint !== undefined;
    const more: Claims = hasMore ? await client.fetchUserInfo(provider, tokens.access_token, subject) : {};
    const idToken = tokens.id_token;
    return {
      identity: this.#identityOf(subject, { ...more, ...fromToken }),
      session: textClaim(fromToken, 'sid'),
      refreshToken: tokens.refresh_token,
      ...(idToken !== undefined && idToken.length <= KEPT_ID_TOKEN && { idToken }),
    };
  }

  #identityOf(subject: string, claims: Claims): Identity {
    const { config } = this.#options;
    const verified = claims['email_verified'];
    const counts = verified === true || verified === 'true' || (config.trustEmail && verified === undefined);
    return {
      provider: this.id,
      subject,
      email: counts ? textClaim(claims, 'email') : undefined,
      login: textClaim(claims, config.loginClaim),
      name: textClaim(claims, 'name'),
      picture: pictureUrl(textClaim(claims, 'picture')),
      groups: config.groupsClaim === undefined ? [] : groupRefs(claims[config.groupsClaim], config.groups),
      claims,
    };
  }

  /** What went wrong as the person is told it; the reason is for the log. */
  #failure(error: unknown): Error {
    const { config, log } = this.#options;
    const provider = config.title;
    if (error instanceof client.AuthorizationResponseError && refusals.includes(error.error)) {
      return signInError('SIGN_IN_DENIED', { provider }, error);
    }
    const away = [error, error instanceof Error ? error.cause : undefined].find(isAway);
    log.warn({ provider: this.id, reason: reasonOf(error) }, 'sign-in provider gave an answer that is not accepted');
    return away ?? signInError('SIGN_IN_PROVIDER_FAULT', { provider }, error);
  }
}

function isAway(error: unknown): error is CallboardError {
  return error instanceof CallboardError && error.code === 'SIGN_IN_PROVIDER_AWAY';
}

/** What a provider answers where the person, or its own rules, said no. */
const refusals: readonly string[] = ['access_denied', 'interaction_required', 'login_required', 'consent_required'];

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${errorMessage(error)}${cause}`.slice(0, 500);
}
