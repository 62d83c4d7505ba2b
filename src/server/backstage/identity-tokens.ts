import type { CryptoKey, JWTPayload } from 'jose';
import type { Clock } from '../../base/clock.ts';
import { ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Types of the tokens, as they stand in their headers. */
export const tokenTypes = { user: 'vnd.backstage.user', limited: 'vnd.backstage.limited-user' } as const;

/** Audience of every identity token. */
const AUDIENCE = 'backstage';

/** Most characters of JSON that the groups may take of a token: it is sent with each request, in a header of limited size. */
const GROUPS_LENGTH = 4096;

/** Whom a token is for. */
export interface IdentityStart {
  /** Canonical ref. */
  readonly ref: string;
  /** Canonical refs that it owns things through. Left out of the token where they are many: `/v1/userinfo` has them. */
  readonly claims: readonly string[];
  /** Session that it ends with. */
  readonly session?: string | undefined;
  /** Proxy that named its bearer, and the groups that it named. */
  readonly proxy?: { readonly provider: string; readonly groups: readonly string[] } | undefined;
  /** It holds no longer than this, ms since the epoch. */
  readonly endsAt?: number | undefined;
}

/** A token that was made. */
export interface IdentityToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** What a token that holds says. */
export interface IdentityClaims {
  readonly ref: string;
  readonly session?: string | undefined;
  readonly proxy?: IdentityStart['proxy'];
  /** ms since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What the tokens are made of. */
export interface IdentityTokensOptions {
  readonly keys: SigningKeys;
  readonly clock: Clock;
  /** `<baseUrl>/api/auth` */
  readonly issuer: string;
  readonly tokenSeconds: number;
}

/** Tokens by which Backstage's clients and backends know a person: ES256, with its types and claims. */
export class IdentityTokens {
  readonly #options: IdentityTokensOptions;

  constructor(options: IdentityTokensOptions) {
    this.#options = options;
  }

  /** Makes a token. */
  async issue({ ref, claims, session, proxy, endsAt }: IdentityStart): Promise<IdentityToken> {
    const { keys, clock, issuer, tokenSeconds } = this.#options;
    const { kid, key } = await keys.current();
    const now = clock.now();
    const iat = Math.floor(now / 1000);
    const exp = Math.min(iat + tokenSeconds, Math.floor((endsAt ?? Infinity) / 1000));
    const limited = await signLimited({ sub: ref, iat, exp }, { kid, key });
    const payload = {
      iss: issuer,
      sub: ref,
      ...(JSON.stringify(claims).length <= GROUPS_LENGTH && { ent: [...claims] }),
      aud: AUDIENCE,
      iat,
      exp,
      // The signature of the limited token, which whoever has this one can put together from it.
      uip: limited.slice(limited.lastIndexOf('.') + 1),
      ...(session !== undefined && { sid: session }),
      ...(proxy !== undefined && { idp: proxy.provider, groups: [...proxy.groups] }),
    };
    const header = { typ: tokenTypes.user, alg: ALGORITHM, kid };
    const { SignJWT } = await import('jose');
    const token = await new SignJWT(payload).setProtectedHeader(header).sign(key);
    return { token, expiresInSeconds: exp - iat };
  }

  /** What kind of token a text is; `undefined`: none of ours. */
  kindOf(token: string): keyof typeof tokenTypes | undefined {
    const typ = headerOf(token)?.typ;
    return typ === tokenTypes.user ? 'user' : typ === tokenTypes.limited ? 'limited' : undefined;
  }

  /**
   * What a token says, if it holds.
   * @returns undefined where it was changed, has run out, or its key is gone
   * @throws STORE_* where the keys cannot be caught up with
   */
  async verify(token: string, kind: keyof typeof tokenTypes): Promise<IdentityClaims | undefined> {
    const key = await this.#keyOf(token);
    if (key === undefined) return undefined;
    const { clock, issuer } = this.#options;
    const own = kind === 'user' ? { issuer, audience: AUDIENCE } : {};
    const options = { ...own, typ: tokenTypes[kind], algorithms: [ALGORITHM], requiredClaims: ['sub', 'iat', 'exp'] };
    const { errors, jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, key, { ...options, currentDate: new Date(clock.now()) });
      return claimsOf(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** The limited token that stands in a user's token. @param token one that holds */
  limitedOf(token: string): string {
    const [header = '', payload = ''] = token.split('.');
    const { alg, kid } = parsePart(header);
    const { sub, iat, exp, uip } = parsePart(payload);
    const parts = [
      { typ: tokenTypes.limited, alg, kid },
      { sub, iat, exp },
    ];
    const encoded = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return [...encoded, String(uip)].join('.');
  }

  async #keyOf(token: string): Promise<CryptoKey | undefined> {
    const kid = headerOf(token)?.kid;
    return kid === undefined ? undefined : this.#options.keys.verifying(kid);
  }
}

async function signLimited(
  payload: { readonly sub: string; readonly iat: number; readonly exp: number },
  { kid, key }: { readonly kid: string; readonly key: CryptoKey },
): Promise<string> {
  const { CompactSign } = await import('jose');
  const signed = new CompactSign(new TextEncoder().encode(JSON.stringify(payload)));
  return signed.setProtectedHeader({ typ: tokenTypes.limited, alg: ALGORITHM, kid }).sign(key);
}

/** What a token's header says, unproven. Read here: every foreign bearer token is looked at, and the library is large. */
function headerOf(token: string): { readonly typ?: string; readonly kid?: string } | undefined {
  const [header = ''] = token.split('.', 1);
  try {
    const { typ, kid } = parsePart(header);
    return { ...(typeof typ === 'string' && { typ }), ...(typeof kid === 'string' && { kid }) };
  } catch {
    // Any other token: it has no header.
    return undefined;
  }
}

function parsePart(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
}

function claimsOf({ sub = '', iat = 0, exp = 0, sid, idp, groups }: JWTPayload): IdentityClaims {
  return {
    ref: sub,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    ...(typeof sid === 'string' && { session: sid }),
    ...(typeof idp === 'string' && Array.isArray(groups) && { proxy: { provider: idp, groups: groups as string[] } }),
  };
}
