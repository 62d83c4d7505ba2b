import type { FastifyReply } from 'fastify';
import { CallboardError } from '../base/errors.ts';
import type { RouteRequest, Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import type { JsonValue } from '../model/json.ts';
import { backchannelLogout, finishSignIn, startSignIn } from './contracts.ts';
import { signInError } from './errors.ts';
import type { Flow } from './flow-cookie.ts';
import type { SignInFlow } from './flow.ts';
import type { Identity, ProviderGrant } from './identity.ts';
import type { TrustedProxy } from './proxy.ts';
import type { Refusals } from './refusals.ts';
import type { Resolution } from './resolve.ts';
import { startOf } from './session-grant.ts';
import type { ProviderRegistry } from './provider-registry.ts';
import type { SignInOptions } from './sign-in.ts';

/** What the routes work on. */
export interface SignInRoutesOptions extends SignInOptions {
  readonly registry: ProviderRegistry;
  readonly flow: SignInFlow;
  readonly refusals: Refusals;
}

type Wish = Pick<Flow, 'form' | 'redirectPath' | 'origin'>;

const BEGIN = 'access.session.create';
const END = 'access.session.delete';

/** The routes by which browsers and providers sign people in and out. */
export function signInRoutes(options: SignInRoutesOptions): readonly Route[] {
  return [
    implementRoute(startSignIn, (request) => start(request.params.provider, request, options)),
    implementRoute(finishSignIn, (request) => finish(request.params.provider, request, options)),
    implementRoute(backchannelLogout, async (request) => {
      const { provider } = request.params;
      const ended = await endSessions(provider, request.body.logout_token, request, options);
      return { ended };
    }),
  ];
}

async function start(id: string, request: RouteRequest, options: SignInRoutesOptions): Promise<FastifyReply> {
  const { registry, flow, guests, popups } = options;
  const query = queryOf(request);
  const wish = flow.wishOf(query);
  if (wish.form === 'popup' && popups?.allows(wish.origin ?? '') !== true) {
    throw signInError('SIGN_IN_ORIGIN_REFUSED', { origin: wish.origin ?? 'no origin' });
  }
  try {
    // Guests and proxies need no window: their clients ask without one.
    const isDirect = wish.form === 'redirect';
    if (isDirect && id === 'guest' && guests) return request.reply.redirect(wish.redirectPath, 302);
    const proxy = isDirect ? registry.proxyOf(id) : undefined;
    if (proxy !== undefined) return await byProxy(proxy, wish, request, options);
    const provider = registry.redirecting(id);
    const elsewhere = publicStart(request, options.baseUrl, query);
    if (elsewhere !== undefined) return request.reply.redirect(elsewhere, 302);
    const { location, cookies } = await flow.begin(provider, { query, cookie: request.raw.headers.cookie });
    return request.reply.header('set-cookie', cookies).redirect(location, 302);
  } catch (error) {
    return explain(error, id, wish, request, options);
  }
}

/** The cookie has to be of the host that the provider sends the browser back to. `hop`: a proxy may hide that host. */
function publicStart({ raw }: RouteRequest, baseUrl: string, query: URLSearchParams): string | undefined {
  const base = new URL(baseUrl);
  if (raw.headers.host?.toLowerCase() === base.host || query.has('hop')) return undefined;
  const target = new URL(`${base.origin}${raw.url}`);
  target.searchParams.set('hop', '1');
  return target.href;
}

async function byProxy(
  proxy: TrustedProxy,
  wish: Wish,
  request: RouteRequest,
  options: SignInRoutesOptions,
): Promise<FastifyReply> {
  const person = await proxy.personOf(request.raw.raw);
  const provider = options.registry.titleOf(proxy.id);
  if (person === undefined) throw signInError('SIGN_IN_PROXY_ABSENT', { provider });
  await assertResolved(person.identity, person.resolution, request, options);
  return request.reply.redirect(wish.redirectPath, 302);
}

async function finish(id: string, request: RouteRequest, options: SignInRoutesOptions): Promise<FastifyReply> {
  const { registry, flow } = options;
  const query = queryOf(request);
  let wish: Wish = { form: 'redirect', redirectPath: '/' };
  try {
    const provider = registry.redirecting(id);
    const begun = flow.resume(provider, { query, cookie: request.raw.headers.cookie });
    wish = begun;
    void request.reply.header('set-cookie', flow.cleared(begun));
    const grant = await identified(() => flow.identify(provider, begun, query), id, request, options);
    const sessionId = await beginSession(grant, request, options);
    if (begun.form === 'redirect') return request.reply.redirect(begun.redirectPath, 302);
    return await answerPopup({ ok: true, sessionId }, begun, request, options);
  } catch (error) {
    return explain(error, id, wish, request, options);
  }
}

/** What a provider refuses is written down: its answer was to a sign-in of this browser. */
async function identified(
  identify: () => Promise<ProviderGrant>,
  provider: string,
  request: RouteRequest,
  { refusals }: SignInRoutesOptions,
): Promise<ProviderGrant> {
  try {
    return await identify();
  } catch (error) {
    if (error instanceof CallboardError) {
      const outcome = error.status === 403 ? 'denied' : 'failure';
      const data = { provider, reason: error.code };
      await refusals.record(request.auditEntry({ actor: 'anonymous', action: BEGIN, outcome, data }));
    }
    throw error;
  }
}

async function beginSession(
  grant: ProviderGrant,
  request: RouteRequest,
  options: SignInRoutesOptions,
): Promise<string> {
  const { sessions, registry, vault } = options;
  const { identity } = grant;
  const resolution = registry.resolve(identity);
  const { ref, by, name } = await assertResolved(identity, resolution, request, options);
  const userAgent = request.raw.headers['user-agent'];
  const start = {
    ...startOf(grant, { ref, name }, vault),
    address: request.raw.ip,
    ...(userAgent !== undefined && { userAgent }),
  };
  const data = { provider: identity.provider, by };
  const { id, cookie } = await sessions.begin(
    start,
    request.auditEntry({ actor: ref, action: BEGIN, target: ref, data }),
  );
  void request.reply.header('set-cookie', cookie);
  const before = request.principal.credential;
  if (before?.kind === 'session') {
    const target = `session:${before.id}`;
    await sessions.end(before.id, request.auditEntry({ action: END, target, data: { reason: 'signed in again' } }));
  }
  return id;
}

/** @throws SIGN_IN_UNRESOLVED, SIGN_IN_AMBIGUOUS; who it was stands in the audit log only */
async function assertResolved(
  identity: Identity,
  resolution: Resolution,
  request: RouteRequest,
  { refusals, registry }: SignInRoutesOptions,
): Promise<Extract<Resolution, { status: 'resolved' }>> {
  if (resolution.status === 'resolved') return resolution;
  const { provider, subject, email, login } = identity;
  const found =
    resolution.status === 'ambiguous'
      ? { by: resolution.by, refs: [...resolution.refs] }
      : { tried: [...resolution.tried] };
  const code = resolution.status === 'ambiguous' ? 'SIGN_IN_AMBIGUOUS' : 'SIGN_IN_UNRESOLVED';
  const data: { readonly [key: string]: JsonValue } = {
    provider,
    subject,
    ...(email !== undefined && { email }),
    ...(login !== undefined && { login }),
    ...found,
    reason: code,
  };
  await refusals.record(request.auditEntry({ actor: 'anonymous', action: BEGIN, outcome: 'denied', data }));
  throw signInError(code, { provider: registry.titleOf(provider) });
}

/** Takes the person to the page that explains what went wrong. Faults that are none of sign-in are not explained there. */
async function explain(
  error: unknown,
  id: string,
  wish: Wish,
  request: RouteRequest,
  options: SignInRoutesOptions,
): Promise<FastifyReply> {
  if (!(error instanceof CallboardError) || !error.code.startsWith('SIGN_IN_')) throw error;
  const { code, message } = error;
  if (wish.form === 'popup') return answerPopup({ ok: false, code, message }, wish, request, options);
  const query = new URLSearchParams({ problem: code, provider: id.slice(0, 40) });
  if (wish.redirectPath !== '/') query.set('redirectUrl', wish.redirectPath);
  return request.reply.redirect(`/sign-in?${query.toString()}`, 302);
}

async function answerPopup(
  outcome: Parameters<NonNullable<SignInOptions['popups']>['answer']>[0],
  { origin }: Wish,
  request: RouteRequest,
  { popups }: SignInRoutesOptions,
): Promise<FastifyReply> {
  if (origin === undefined || popups?.allows(origin) !== true) {
    throw signInError('SIGN_IN_ORIGIN_REFUSED', { origin: origin ?? 'no origin' });
  }
  return popups.answer(outcome, origin, request.reply);
}

async function endSessions(
  id: string,
  token: string,
  request: RouteRequest,
  { registry, sessions }: SignInRoutesOptions,
): Promise<number> {
  const provider = registry.redirecting(id);
  if (provider.logoutOf === undefined) throw signInError('SIGN_IN_PROVIDER_UNKNOWN', { provider: id });
  const { session, subject } = await provider.logoutOf(token);
  const data = { provider: id, reason: 'ended at the provider' };
  const entry = request.auditEntry({
    actor: `provider:${id}`,
    action: END,
    ...(subject !== undefined && { target: subject }),
    data,
  });
  return sessions.endWhere(
    (held) =>
      held.provider === id &&
      (session === undefined || held.providerSession === session) &&
      (subject === undefined || held.providerSubject === subject),
    entry,
  );
}

function queryOf({ raw }: RouteRequest): URLSearchParams {
  return new URL(raw.url, 'http://local').searchParams;
}
