import { createRemoteJWKSet, customFetch, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { signInError } from './errors.ts';
import { textClaim } from './identity.ts';
import type { OidcMetadata } from './oidc-metadata.ts';
import type { LogoutSubject } from './provider.ts';
import { SpentValues } from './spent-values.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Longest logout token that is looked at, characters. */
const LONGEST_TOKEN = 16_384;

/** How old a logout token may be, seconds. */
const MAX_AGE = 300;

/** How far clocks may differ, seconds. */
const TOLERANCE = 30;

/** Signatures with a public key; never `none`, never a shared secret. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** The logout tokens of one provider (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
export class LogoutTokens {
  readonly #clientId: string;
  readonly #metadata: OidcMetadata;
  readonly #clock: Clock;
  readonly #used: SpentValues;
  #keys: { readonly url: string; readonly keyOf: JWTVerifyGetKey } | undefined;

  constructor(clientId: string, metadata: OidcMetadata, clock: Clock) {
    this.#clientId = clientId;
    this.#metadata = metadata;
    this.#clock = clock;
    this.#used = new SpentValues(clock);
  }

  /** Checks a token and uses it up. @throws LOGOUT_TOKEN_INVALID; SIGN_IN_PROVIDER_AWAY where its keys cannot be had */
  async accept(token: string): Promise<LogoutSubject> {
    if (token.length > LONGEST_TOKEN) throw signInError('LOGOUT_TOKEN_INVALID', { reason: 'it is too long' });
    try {
      return await this.#accept(token);
    } catch (error) {
      if (error instanceof CallboardError) throw error;
      throw signInError('LOGOUT_TOKEN_INVALID', { reason: errorMessage(error).slice(0, 200) }, error);
    }
  }

  async #accept(token: string): Promise<LogoutSubject> {
    const { issuer, jwks_uri: url } = (await this.#metadata.configuration()).serverMetadata();
    if (url === undefined) throw new Error('the provider names no keys');
    const { payload } = await jwtVerify(token, this.#keyOf(url), {
      issuer,
      audience: this.#clientId,
      algorithms,
      requiredClaims: ['iat', 'jti', 'exp', 'events'],
      maxTokenAge: MAX_AGE,
      clockTolerance: TOLERANCE,
      currentDate: new Date(this.#clock.now()),
    });
    assertTyp(token);
    const { events, nonce, exp = 0, jti = '' } = payload;
    if (typeof events !== 'object' || events === null || !Object.hasOwn(events, EVENT)) {
      throw new Error('it is no logout event');
    }
    if (nonce !== undefined) throw new Error('it has a nonce, as id tokens have');
    const session = textClaim(payload, 'sid');
    const subject = textClaim(payload, 'sub');
    if (session === undefined && subject === undefined) throw new Error('it names neither session nor person');
    if (!this.#used.spend(jti, (exp + TOLERANCE) * 1000)) throw new Error('it was used before');
    return { session, subject };
  }

  #keyOf(url: string): JWTVerifyGetKey {
    if (this.#keys?.url !== url) {
      const fetch = (at: string): Promise<Response> => this.#metadata.outbound(at);
      this.#keys = { url, keyOf: createRemoteJWKSet(new URL(url), { [customFetch]: fetch }) };
    }
    return this.#keys.keyOf;
  }
}

/** `logout+jwt` is recommended; providers that name no more than `JWT` are many; an `at+jwt` is something else. */
function assertTyp(token: string): void {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as { typ?: unknown };
  const typ = typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : 'jwt';
  if (typ !== 'logout+jwt' && typ !== 'jwt') throw new Error(`its type is ${typ.slice(0, 40)}`);
}
