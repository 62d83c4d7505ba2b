import { stringifySetCookie } from 'cookie';
import type { Principal } from '../../access/principal.ts';
import type { Session } from '../../access/session-value.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { Route, RouteRequest } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import {
  deleteCookie,
  getBackstageReadiness,
  getCookie,
  getKeySet,
  getLiveness,
  getOpenIdConfiguration,
  getPluginKeySet,
  getUserInfo,
  logout,
  refreshByGet,
  refreshByPost,
  type SessionAnswer,
} from './auth-contracts.ts';
import { compatibleError } from './errors.ts';
import type { IdentityAnswers } from './identity-answers.ts';
import type { IdentityTokens } from './identity-tokens.ts';
import { ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Name of the cookie with a limited token. */
export const LIMITED_COOKIE = 'backstage-auth';

/** What the routes work on. */
export interface AuthRoutesOptions {
  readonly answers: IdentityAnswers;
  readonly tokens: IdentityTokens;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  /** Ids of the ways to sign in. */
  readonly providers: ReadonlySet<string>;
  readonly guests: boolean;
  /** `<baseUrl>/api/auth` */
  readonly issuer: string;
  /** True where pages of other origins may use the server: their browsers send cookies across sites only if told so. */
  readonly hasForeignPages: boolean;
  /** Tells a session's provider that it has ended. @returns URL that ends the provider's own */
  leave(session: Session): Promise<string | undefined>;
  isReady(): boolean;
}

/** The routes by which Backstage's clients learn whom they act for. */
export function authRoutes(options: AuthRoutesOptions): readonly Route[] {
  return [
    implementRoute(refreshByGet, (request) => refresh(request.params.provider, request, options)),
    implementRoute(refreshByPost, (request) => refresh(request.params.provider, request, options)),
    implementRoute(logout, (request) => signOut(request.params.provider, request, options)),
    implementRoute(getUserInfo, ({ principal, raw }) => {
      if (raw.headers.authorization === undefined) throw compatibleError('TOKEN_MISSING');
      if (principal.kind === 'service') throw compatibleError('USER_INFO_OF_SERVICE');
      return { claims: { sub: principal.ref, ent: [...options.answers.ownership(principal)] } };
    }),
    ...keyRoutes(options),
    ...cookieRoutes(options),
    ...healthRoutes(options),
  ];
}

async function refresh(provider: string, request: RouteRequest, options: AuthRoutesOptions): Promise<SessionAnswer> {
  const { answers, guests } = options;
  if (provider === 'guest') {
    if (!guests) throw compatibleError('GUESTS_NOT_LET_IN');
    return answers.ofGuest();
  }
  assertFromScript(provider, request, options);
  const { principal } = request;
  const { credential } = principal;
  if (credential?.kind === 'proxy' && credential.provider === provider) return answers.ofProxy(principal, provider);
  const session = sessionOf(principal, provider, options);
  if (session === undefined) throw compatibleError('SESSION_MISSING');
  return answers.ofSession(session);
}

async function signOut(
  provider: string,
  request: RouteRequest,
  options: AuthRoutesOptions,
): Promise<{ readonly logoutUrl?: string }> {
  assertFromScript(provider, request, options);
  const session = sessionOf(request.principal, provider, options);
  if (session === undefined) return {};
  const note = { action: 'access.session.delete', target: session.principal, data: { provider } };
  await options.sessions.end(session.id, request.auditEntry(note));
  void request.reply.header('set-cookie', options.sessions.cookie.cleared);
  const logoutUrl = await options.leave(session);
  return logoutUrl === undefined ? {} : { logoutUrl };
}

/** No other site's form or link can send this header. @throws PROVIDER_UNKNOWN, REQUEST_NOT_BY_SCRIPT */
function assertFromScript(provider: string, { raw }: RouteRequest, { providers }: AuthRoutesOptions): void {
  if (!providers.has(provider)) throw compatibleError('PROVIDER_UNKNOWN', { provider });
  if (raw.headers['x-requested-with'] !== 'XMLHttpRequest') throw compatibleError('REQUEST_NOT_BY_SCRIPT');
}

/** The session that a request's cookie opened, if it is of this provider. */
function sessionOf({ credential }: Principal, provider: string, { sessions }: AuthRoutesOptions): Session | undefined {
  if (credential?.kind !== 'session' || credential.provider !== provider) return undefined;
  return sessions.get(credential.id);
}

function keyRoutes({ keys, issuer }: AuthRoutesOptions): readonly Route[] {
  return [
    implementRoute(getKeySet, async () => ({ keys: [...(await keys.published())] })),
    // Backend plugins ask each other with tokens of their own; here all are one process.
    implementRoute(getPluginKeySet, () => ({ keys: [] })),
    implementRoute(getOpenIdConfiguration, () => ({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      userinfo_endpoint: `${issuer}/v1/userinfo`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
      scopes_supported: ['openid'],
      claims_supported: ['sub', 'ent'],
    })),
  ];
}

function cookieRoutes({ tokens, issuer, hasForeignPages }: AuthRoutesOptions): readonly Route[] {
  const { protocol, hostname } = new URL(issuer);
  const secure = protocol === 'https:' || hostname === 'localhost';
  const sameSite = secure && hasForeignPages ? 'none' : 'lax';
  const form = { name: LIMITED_COOKIE, path: '/', httpOnly: true, secure, sameSite, priority: 'high' } as const;
  const put = implementRoute(getCookie, async ({ principal, raw, reply }) => {
    const { authorization = '' } = raw.headers;
    if (principal.kind === 'service') throw compatibleError('SERVICE_HAS_NO_COOKIE');
    const token = /^Bearer +(\S+)/i.exec(authorization)?.[1];
    if (token === undefined || tokens.kindOf(token) !== 'user') throw compatibleError('CREDENTIALS_MISSING');
    const value = tokens.limitedOf(token);
    const expires = new Date((await tokens.verify(value, 'limited'))?.expiresAt ?? 0);
    void reply.header('set-cookie', stringifySetCookie({ ...form, value, expires }));
    return { expiresAt: expires.toISOString() };
  });
  const take = implementRoute(deleteCookie, ({ reply }) => {
    const cleared = stringifySetCookie({ ...form, value: '', expires: new Date(0) });
    return reply.header('set-cookie', cleared).status(204).send();
  });
  return [put, take];
}

function healthRoutes({ isReady }: AuthRoutesOptions): readonly Route[] {
  return [
    implementRoute(getLiveness, () => ({ status: 'ok' })),
    implementRoute(getBackstageReadiness, ({ reply }) => {
      if (isReady()) return { status: 'ok' };
      void reply.status(503);
      return { status: 'error', message: 'The server is not ready; /readyz says why' };
    }),
  ];
}
