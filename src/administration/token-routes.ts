import { coversPermission, isPermissionPattern } from '../access/policy/permission-pattern.ts';
import type { Principal } from '../access/principal.ts';
import type { Token, TokenStart } from '../access/token-value.ts';
import type { Tokens } from '../access/tokens.ts';
import {
  endOwnToken,
  endToken,
  listOwnTokens,
  listTokens,
  makeOwnToken,
  makeServiceToken,
  type MadeToken,
  type TokenItem,
} from '../api/tokens.ts';
import type { Clock } from '../base/clock.ts';
import type { Route, RouteRequest } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import { administrationError } from './errors.ts';

const DAY_MS = 86_400_000;

/** What the routes of tokens work on. */
export interface TokenRouteOptions {
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Names of all permissions. */
  readonly permissions: readonly string[];
}

/** The routes by which people make, see and end tokens: their own, and with permissions those of services. */
export function tokenRoutes(options: TokenRouteOptions): readonly Route[] {
  const { tokens } = options;
  const listOwn = implementRoute(listOwnTokens, ({ principal }) => ({
    items: shown([...tokens.list()].filter((token) => isOwn(token, principal))),
  }));
  const makeOwn = implementRoute(makeOwnToken, (request) => {
    const { principal, body } = request;
    assertPerson(principal);
    return make({ ...body, kind: 'personal', principal: principal.ref }, request, options);
  });
  const endOwn = implementRoute(endOwnToken, (request) => {
    const token = tokens.get(request.params.id);
    if (token === undefined || !isOwn(token, request.principal)) throw notFound(request.params.id);
    return end(token.id, request, tokens);
  });
  const listAll = implementRoute(listTokens, () => ({ items: shown([...tokens.list()]) }));
  const makeService = implementRoute(makeServiceToken, (request) => {
    const { principal, body } = request;
    assertWithin(body.scopes, principal);
    return make({ ...body, kind: 'service', principal: `service:default/${body.service}` }, request, options);
  });
  const endAny = implementRoute(endToken, (request) => end(request.params.id, request, tokens));
  return [listOwn, makeOwn, endOwn, listAll, makeService, endAny];
}

interface Order extends Pick<TokenStart, 'kind' | 'principal' | 'name' | 'scopes'> {
  readonly expiresInDays: number;
}

async function make(
  { kind, principal, name, scopes, expiresInDays }: Order,
  request: RouteRequest,
  { tokens, clock, permissions }: TokenRouteOptions,
): Promise<MadeToken> {
  for (const scope of scopes ?? []) assertScope(scope, permissions);
  const audit = request.auditEntry({
    action: 'access.token.create',
    data: { name, principal, expiresInDays, ...(scopes !== undefined && { scopes }) },
  });
  const expiresAt = clock.now() + expiresInDays * DAY_MS;
  const start = { kind, principal, name, createdBy: request.principal.ref, expiresAt };
  const made = await tokens.make({ ...start, ...(scopes !== undefined && { scopes }) }, audit);
  return { token: made.text, item: tokenItem(made.token) };
}

async function end(id: string, request: RouteRequest, tokens: Tokens): Promise<RouteRequest['reply']> {
  const token = tokens.get(id);
  const audit = request.auditEntry({
    action: 'access.token.delete',
    target: `token:${id}`,
    ...(token !== undefined && { data: { name: token.name, principal: token.principal } }),
  });
  if (!(await tokens.end(id, audit))) throw notFound(id);
  return request.reply.status(204).send();
}

/** A token that could make others would outlive its own end. @throws TOKEN_MAKER_REFUSED */
function assertPerson({ kind, ref, credential }: Principal): void {
  const isPerson = kind === 'user' && (credential?.kind === 'session' || credential?.kind === 'proxy');
  if (isPerson) return;
  const proof =
    credential === undefined ? 'without having signed in' : `with a credential of the kind ${credential.kind}`;
  throw administrationError('TOKEN_MAKER_REFUSED', { principal: ref, proof });
}

/** @throws SCOPE_EXCEEDED where who asks is limited and the new token would be less so */
function assertWithin(scopes: readonly string[] | undefined, { scopes: own }: Principal): void {
  if (own === undefined || scopes?.every((scope) => coversPermission(own, scope)) === true) return;
  throw administrationError('SCOPE_EXCEEDED', { scopes: [...own] });
}

/** @throws SCOPE_INVALID for a pattern that no permission has: it would be a token that opens nothing, by a slip */
function assertScope(scope: string, permissions: readonly string[]): void {
  if (scope === 'signed-in') return;
  if (isPermissionPattern(scope) && permissions.some((permission) => coversPermission([scope], permission))) return;
  throw administrationError('SCOPE_INVALID', { scope });
}

function isOwn(token: Token, { kind, ref }: Principal): boolean {
  return token.kind === 'personal' && kind === 'user' && token.principal === ref;
}

function notFound(id: string): Error {
  return administrationError('TOKEN_NOT_FOUND', { id });
}

function shown(tokens: readonly Token[]): TokenItem[] {
  return tokens.toSorted((left, right) => right.createdAt - left.createdAt).map(tokenItem);
}

function tokenItem(token: Token): TokenItem {
  const { id, kind, name, principal, hint, scopes, createdAt, createdBy, expiresAt, lastUsedAt, lastUsedFrom } = token;
  return {
    id,
    kind,
    name,
    principal,
    hint,
    ...(scopes !== undefined && { scopes }),
    createdAt: new Date(createdAt).toISOString(),
    createdBy,
    expiresAt: new Date(expiresAt).toISOString(),
    ...(lastUsedAt !== undefined && { lastUsedAt: new Date(lastUsedAt).toISOString() }),
    ...(lastUsedFrom !== undefined && { lastUsedFrom }),
  };
}
