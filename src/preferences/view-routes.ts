import * as contracts from '../api/preferences.ts';
import type { NewView, SavedView } from '../api/preferences.ts';
import type { DomainContext, Route, RouteRequest } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import { MOST_VIEWS } from '../model/preference.ts';
import { formatEntityRef } from '../model/ref.ts';
import type { PreferenceRecord } from '../store/preferences.ts';
import { preferenceError } from './errors.ts';
import { groupsOf, keeperOf } from './keeper.ts';

/** A view as it is kept; who it belongs to and its id are the record's. */
interface KeptView extends NewView {
  readonly savedBy: string;
}

const list = implementRoute(contracts.listViews, async ({ principal, query }, { store, graph }) => {
  const keeper = keeperOf(principal);
  const groups = groupsOf(principal, graph);
  const records = await store.preferences.list([keeper, ...groups], 'view');
  const items = records.map(savedView).filter(({ page }) => query.page === undefined || page === query.page);
  return { items: items.toSorted((left, right) => compare(left.title, right.title)), groups: [...groups] };
});

const save = implementRoute(contracts.saveView, (request, context) => {
  void request.reply.status(201);
  return keep(keeperOf(request.principal), context.clock.uuid(), request, context);
});
const change = implementRoute(contracts.changeView, (request, context) =>
  replace(keeperOf(request.principal), request.params.id, request, context),
);
const remove = implementRoute(contracts.deleteView, async ({ principal, params, reply }, context) => {
  await forget(keeperOf(principal), params.id, context);
  return reply.status(204).send();
});

const share = implementRoute(contracts.shareView, (request, context) => {
  const id = context.clock.uuid();
  const group = ownGroup(request, context);
  noteShared(request, group, id);
  void request.reply.status(201);
  return keep(group, id, request, context);
});
const changeShared = implementRoute(contracts.changeSharedView, (request, context) => {
  const group = ownGroup(request, context);
  noteShared(request, group, request.params.id);
  return replace(group, request.params.id, request, context);
});
const removeShared = implementRoute(contracts.deleteSharedView, async (request, context) => {
  const group = ownGroup(request, context);
  noteShared(request, group, request.params.id);
  await forget(group, request.params.id, context);
  return request.reply.status(204).send();
});

/** The routes of saved views: one's own, and those of one's groups. */
export const viewRoutes: readonly Route[] = [list, save, change, remove, share, changeShared, removeShared];

type ViewRequest = Pick<RouteRequest, 'principal'> & { readonly body: NewView };

async function keep(
  owner: string,
  id: string,
  { principal, body }: ViewRequest,
  { store, clock }: DomainContext,
): Promise<SavedView> {
  const { page, title, search } = body;
  const value = { page, title, search, savedBy: principal.ref };
  const record = { owner, type: 'view', key: id, value } as const;
  const outcome = await store.preferences.write({ op: 'put', ...record, most: MOST_VIEWS });
  if (outcome === 'full') throw preferenceError('VIEWS_FULL', { owner, limit: MOST_VIEWS });
  return savedView({ ...record, updatedAt: clock.now() });
}

async function replace(owner: string, id: string, request: ViewRequest, context: DomainContext): Promise<SavedView> {
  const records = await context.store.preferences.list([owner], 'view');
  if (!records.some(({ key }) => key === id)) throw preferenceError('VIEW_NOT_FOUND', { id, owner });
  return keep(owner, id, request, context);
}

async function forget(owner: string, id: string, { store }: DomainContext): Promise<void> {
  const outcome = await store.preferences.write({ op: 'delete', owner, type: 'view', key: id });
  if (outcome === 'absent') throw preferenceError('VIEW_NOT_FOUND', { id, owner });
}

type GroupRequest = Pick<RouteRequest<{ readonly namespace: string; readonly group: string }>, 'principal' | 'params'>;

/**
 * The group that a path names, where who asks is a member of it.
 * @throws PREFERENCES_NOT_KEPT, GROUP_NOT_YOURS
 */
function ownGroup({ principal, params }: GroupRequest, { graph }: DomainContext): string {
  keeperOf(principal);
  const { namespace, group: name } = params;
  const group = formatEntityRef({ kind: 'group', namespace, name });
  if (!groupsOf(principal, graph).includes(group)) throw preferenceError('GROUP_NOT_YOURS', { group });
  return group;
}

function noteShared(request: Pick<RouteRequest, 'audit'>, group: string, id: string): void {
  request.audit({ target: group, data: { view: id } });
}

function savedView({ owner, key, value, updatedAt }: PreferenceRecord): SavedView {
  const { page, title, search, savedBy } = value as unknown as KeptView;
  const savedAt = new Date(updatedAt).toISOString();
  return { id: key, page, title, search, savedBy, savedAt, ...(owner.startsWith('group:') && { group: owner }) };
}

function compare(left: string, right: string): number {
  return left.localeCompare(right, 'en');
}
