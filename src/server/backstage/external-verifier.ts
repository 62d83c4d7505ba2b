import { hash, timingSafeEqual } from 'node:crypto';
import type * as Jose from 'jose';
import type { Logger } from 'pino';
import type { Principal } from '../../access/principal.ts';
import type { TokenVerifier } from '../../access/token-verifier.ts';
import type { Clock } from '../../base/clock.ts';
import { errorMessage } from '../../base/errors.ts';
import type { ExternalAccess, JwksAccess, LegacyAccess, StaticAccess } from '../../config/backstage-config.ts';
import { createOutbound } from '../../signin/outbound.ts';
import type { SecretText } from '../../config/secret-text.ts';
import { credentialText, type Vault } from '../../signin/vault.ts';
import { scopesOf } from './external-scopes.ts';

/** Subject of the tokens that Backstage's older backends sign. */
const LEGACY_SUBJECT = 'backstage-server';

/** A key set that could not be read is not asked for again for so long, ms. */
const AWAY_MS = 5000;

/** Loaded when the first caller comes whose token it has to read: other servers start without it. */
const loadJose = (): Promise<typeof Jose> => import('jose');

/** What the verifier stands on. */
export interface ExternalVerifierOptions {
  readonly access: readonly ExternalAccess[];
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
  /** The error for a token that does not hold. */
  invalid(reason: string): Error;
}

/** One entry of the configuration. */
interface Entry {
  /** Who sent a token; `undefined`: the token is not of this entry. */
  verify(token: string): Principal | undefined | Promise<Principal | undefined>;
  /** Whether a principal of before is out of date. Absent: none is, until it expires. */
  isStale?(principal: Principal): boolean;
}

/**
 * Knows the callers that the configuration names as Backstage's does. Entries are asked in order; one that fails does not
 * keep out the callers of the others.
 */
export function externalVerifier(options: ExternalVerifierOptions): TokenVerifier {
  const entries = options.access.map((access) => entryOf(access, options));
  return {
    kind: 'external',
    isValid: (principal) => !entries.some((entry) => entry.isStale?.(principal)),
    async verify(token) {
      for (const entry of entries) {
        const principal = await entry.verify(token);
        if (principal !== undefined) return principal;
      }
      return undefined;
    },
  };
}

/** The subjects that the configuration lets in with all rights, but for the limits of their entries. */
export function externalSubjects(access: readonly ExternalAccess[]): readonly string[] {
  return access.map((one) => (one.type === 'jwks' ? keySetRef(one) : refOf(one.subject)));
}

function entryOf(access: ExternalAccess, options: ExternalVerifierOptions): Entry {
  switch (access.type) {
    case 'static':
      return staticEntry(access, options);
    case 'legacy':
      return legacyEntry(access, options);
    case 'jwks':
      return jwksEntry(access, options);
  }
}

function staticEntry(access: StaticAccess, options: ExternalVerifierOptions): Entry {
  const made = new WeakSet<Principal>();
  let current: { readonly text: string; readonly principal: Principal } | undefined;
  /** A kept secret may get another value: who came with the one before is then no longer let in. */
  const settle = (): typeof current => {
    const text = textOf(access.token, options);
    if (text === undefined) current = undefined;
    else if (current?.text !== text) {
      current = { text, principal: principalOf(access, access.subject) };
      made.add(current.principal);
    }
    return current;
  };
  return {
    verify(token) {
      const expected = settle();
      return expected !== undefined && isSame(token, expected.text) ? expected.principal : undefined;
    },
    isStale: (principal) => made.has(principal) && settle()?.principal !== principal,
  };
}

function legacyEntry(access: LegacyAccess, options: ExternalVerifierOptions): Entry {
  const principal = principalOf(access, access.subject);
  const verify = async (token: string): Promise<Principal | undefined> => {
    const jose = await loadJose();
    const said = unverified(token, jose);
    if (said?.alg !== 'HS256' || said.sub !== LEGACY_SUBJECT || said.aud !== undefined) return undefined;
    const secret = textOf(access.secret, options);
    if (secret === undefined) return undefined;
    const key = jose.base64url.decode(secret);
    const currentDate = new Date(options.clock.now());
    try {
      const { payload } = await jose.jwtVerify(token, key, { algorithms: ['HS256'], currentDate });
      return until(principal, payload.exp);
    } catch (error) {
      return notOfThisEntry(error, jose, options);
    }
  };
  return { verify };
}

function jwksEntry(access: JwksAccess, options: ExternalVerifierOptions): Entry {
  const { clock, log } = options;
  const outbound = createOutbound({ home: access.url, title: access.url, clock });
  const fetchKeys = (url: string): Promise<Response> => outbound(url);
  let keys: Jose.JWTVerifyGetKey | undefined;
  const checks = checksOf(access);
  if (access.audiences === undefined) {
    log.warn(
      { url: access.url },
      'external callers of this key set are let in for whatever audience their tokens are made',
    );
  }
  let awayUntil = -Infinity;
  const verify = async (token: string): Promise<Principal | undefined> => {
    const jose = await loadJose();
    const said = unverified(token, jose);
    if (said === undefined || clock.monotonic() < awayUntil) return undefined;
    // Asking for keys is dear; what is plainly not of this entry does not cause it.
    if (access.issuers !== undefined && !access.issuers.includes(said.iss ?? '')) return undefined;
    keys ??= jose.createRemoteJWKSet(new URL(access.url), { [jose.customFetch]: fetchKeys });
    try {
      const { payload } = await jose.jwtVerify(token, keys, { ...checks, currentDate: new Date(clock.now()) });
      const { sub = '', exp } = payload;
      const subject = access.subjectPrefix === undefined ? sub : `${access.subjectPrefix}:${sub}`;
      return until({ ...principalOf(access, subject), groups: [keySetRef(access)] }, exp);
    } catch (error) {
      if (isAboutToken(error, jose)) return notOfThisEntry(error, jose, options);
      awayUntil = clock.monotonic() + AWAY_MS;
      log.warn({ url: access.url, error: errorMessage(error) }, 'the key set of external callers cannot be read');
      return undefined;
    }
  };
  return { verify };
}

function checksOf({ issuers, audiences, algorithms }: JwksAccess): Jose.JWTVerifyOptions {
  return {
    // Others may let their tokens hold for long, but not for ever.
    requiredClaims: ['sub', 'exp'],
    ...(issuers && { issuer: [...issuers] }),
    ...(audiences && { audience: [...audiences] }),
    ...(algorithms && { algorithms: [...algorithms] }),
  };
}

/** One that has run out was genuine, and is of nobody else. */
function notOfThisEntry(
  error: unknown,
  { errors }: Pick<typeof Jose, 'errors'>,
  { invalid }: ExternalVerifierOptions,
): undefined {
  if (error instanceof errors.JWTExpired) throw invalid('it has run out');
  if (!(error instanceof errors.JOSEError)) throw error;
  return undefined;
}

/** False where the fault lies with the key set, or with the way there. */
function isAboutToken(error: unknown, { errors }: Pick<typeof Jose, 'errors'>): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'].includes(error.code);
}

/** What a token says of itself, before anything is checked; `undefined` where it is no JWT. */
function unverified(
  token: string,
  { decodeJwt, decodeProtectedHeader }: Pick<typeof Jose, 'decodeJwt' | 'decodeProtectedHeader'>,
):
  | { readonly alg?: string | undefined; readonly iss?: string; readonly sub?: string; readonly aud?: unknown }
  | undefined {
  try {
    return { ...decodeJwt(token), alg: decodeProtectedHeader(token).alg };
  } catch {
    // Any other text.
    return undefined;
  }
}

function textOf(credential: SecretText, { vault, log }: ExternalVerifierOptions): string | undefined {
  try {
    return credentialText(credential, vault);
  } catch (error) {
    log.debug({ error: errorMessage(error) }, 'a credential of an external caller is missing');
    return undefined;
  }
}

/** Compares in a time that says nothing of how much of it is right. */
function isSame(text: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', text, 'buffer'), hash('sha256', expected, 'buffer'));
}

function principalOf({ restrictions }: ExternalAccess, subject: string): Principal {
  const ref = refOf(subject);
  return {
    kind: 'service',
    ref,
    credential: { kind: 'external', subject: ref },
    ...(restrictions !== undefined && { scopes: scopesOf(restrictions) }),
  };
}

function until(principal: Principal, expSeconds: number | undefined): Principal {
  return expSeconds === undefined ? principal : { ...principal, expiresAt: expSeconds * 1000 };
}

function refOf(subject: string): string {
  return subject.startsWith('external:') ? subject : `external:${subject}`;
}

/** All callers of a key set together, which roles can be bound to. */
function keySetRef({ url }: JwksAccess): string {
  return `external:${url}`;
}
