import type { Principal } from '../access/principal.ts';
import type { Session } from '../access/session-value.ts';
import type { Sessions } from '../access/sessions.ts';
import { endOwnSession, endSession, listOwnSessions, listSessions, signOut, type SessionItem } from '../api/session.ts';
import type { Route, RouteRequest } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import { administrationError } from './errors.ts';

/** Most sessions that a list shows. */
const MOST_SESSIONS = 1000;

/** What the routes of sessions work on. */
export interface SessionRouteOptions {
  readonly sessions: Sessions;
  /** Where the provider of a session is signed out of, if that is wanted: the browser goes there next. */
  providerSignOut(session: Session): string | undefined | Promise<string | undefined>;
}

/** The routes by which people see and end sessions: their own, and with a permission everybody's. */
export function sessionRoutes({ sessions, providerSignOut }: SessionRouteOptions): readonly Route[] {
  const listOwn = implementRoute(listOwnSessions, ({ principal }) => ({
    items: newestFirst([...sessions.list()].filter((session) => isOwn(session, principal))).map((session) =>
      sessionItem(session, principal),
    ),
  }));
  const endOwn = implementRoute(endOwnSession, async (request) => {
    const session = sessions.get(request.params.id);
    if (session === undefined || !isOwn(session, request.principal)) throw notFound(request.params.id);
    return end(session.id, request, sessions);
  });
  const out = implementRoute(signOut, async (request) => {
    const { principal, body, reply } = request;
    void reply.header('set-cookie', sessions.cookie.cleared);
    const session = principal.credential?.kind === 'session' ? sessions.get(principal.credential.id) : undefined;
    if (session === undefined) {
      request.audit({ action: 'access.session.delete' });
      return {};
    }
    const target = `session:${session.id}`;
    const audit = request.auditEntry({ action: 'access.session.delete', target });
    const isMeant = (other: Session): boolean =>
      other.id === session.id || (body?.everywhere === true && isOwn(other, principal));
    await sessions.endWhere(isMeant, audit);
    // Only now: a provider that is slow keeps nobody signed in here.
    const next = await providerSignOut(session);
    return next === undefined ? {} : { next };
  });
  const listAll = implementRoute(listSessions, ({ principal, query }) => {
    const found = [...sessions.list()].filter(
      (session) => query.principal === undefined || session.principal === query.principal,
    );
    const shown = newestFirst(found).slice(0, MOST_SESSIONS);
    return { total: found.length, items: shown.map((session) => sessionItem(session, principal)) };
  });
  const endAny = implementRoute(endSession, (request) => end(request.params.id, request, sessions));
  return [listOwn, endOwn, out, listAll, endAny];
}

async function end(id: string, request: RouteRequest, sessions: Sessions): Promise<RouteRequest['reply']> {
  const ended = sessions.get(id)?.principal;
  const audit = request.auditEntry({
    action: 'access.session.delete',
    target: `session:${id}`,
    ...(ended !== undefined && { data: { principal: ended } }),
  });
  if (!(await sessions.end(id, audit))) throw notFound(id);
  const { credential } = request.principal;
  if (credential?.kind === 'session' && credential.id === id) {
    void request.reply.header('set-cookie', sessions.cookie.cleared);
  }
  return request.reply.status(204).send();
}

/** Guests share one name, so that what is under it is nobody's own. */
function isOwn(session: Session, { kind, ref }: Principal): boolean {
  return kind === 'user' && session.principal === ref;
}

function notFound(id: string): Error {
  return administrationError('SESSION_NOT_FOUND', { id });
}

function newestFirst(sessions: readonly Session[]): readonly Session[] {
  return sessions.toSorted((left, right) => right.lastSeenAt - left.lastSeenAt);
}

function sessionItem(session: Session, { credential }: Principal): SessionItem {
  const { id, principal, provider, createdAt, lastSeenAt, expiresAt, address, userAgent } = session;
  return {
    id,
    principal,
    provider,
    current: credential?.kind === 'session' && credential.id === id,
    createdAt: new Date(createdAt).toISOString(),
    lastSeenAt: new Date(lastSeenAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(address !== undefined && { address }),
    ...(userAgent !== undefined && { userAgent }),
  };
}
