import type { Principal } from '../../access/principal.ts';
import {
  getChanged,
  listTimeline,
  type ChangedQuery,
  type TimelineItem,
  type TimelinePiece,
  type TimelineQuery,
} from '../../api/timeline.ts';
import type { View } from '../../graph/view.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { DomainContext, Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { TimelineEntry, TimelineRequest } from '../../store/timeline.ts';
import { fleetError } from '../errors.ts';
import { visibleRef } from '../findings/findings-routes.ts';
import { refsOf } from '../routes.ts';
import type { FleetScopes } from '../scope.ts';
import { seesCluster, seesObject } from '../scope-check.ts';
import { likelyCauses } from './likely-causes.ts';
import { timelineItem } from './timeline-item.ts';

const MINUTE_MS = 60_000;
/** How far a moment that is asked for reaches, ms. */
const AROUND_MS = { before: 60 * MINUTE_MS, after: 15 * MINUTE_MS };
/** Entries that are read at once, and how often it is read on where few of them may be seen. */
const READ = { rows: 1_000, rounds: 20 };
/** Entities of which the newest is told, and entries of one that are read at once. */
const NEWEST = { entities: 200, rows: 20 };
const MOST_CHANGED = 500;
const MOST_DEPENDENCIES = 20;

/** What the routes read from, beside the store. */
export interface TimelineRouteOptions {
  readonly scopes: Pick<FleetScopes, 'of'>;
  /** Region of a cluster, where it has one. */
  readonly regionOf: (cluster: string) => string | undefined;
}

/** What one may see of the timeline. */
interface Sight {
  readonly objects: LiveScope;
  readonly clusters: LiveScope;
  readonly view: View;
}

/** The routes of what happened in the fleet. */
export function timelineRoutes({ scopes, regionOf }: TimelineRouteOptions): readonly Route[] {
  const sightOf = (principal: Principal, view: View): Sight => ({
    objects: scopes.of(principal, 'fleet.object.read').scope,
    clusters: scopes.of(principal, 'fleet.cluster.read').scope,
    view,
  });
  return [
    implementRoute(listTimeline, async ({ principal, view, query }, context) => {
      const sight = sightOf(principal, view);
      const request = requestOf(query, view, context.clock.now());
      const { limit = 100 } = query;
      const { newestOf } = query;
      const { entries, next } =
        newestOf === undefined
          ? await readVisible(context, sight, { ...request, limit })
          : await readNewest(context, sight, request, refsOf(view, { ownedBy: newestOf }));
      const items = entries.map((entry) => itemOf(entry, sight));
      const pieces =
        query.pieces === undefined ? undefined : await piecesOf(context, sight, { ...request, pieces: query.pieces });
      return {
        items,
        ...(next !== undefined && { nextCursor: next }),
        coverage: await coverageOf(context),
        ...(pieces !== undefined && { pieces }),
      };
    }),
    implementRoute(getChanged, async ({ principal, view, query }, context) => {
      const sight = sightOf(principal, view);
      const { at, from, entity, items } = await changedItems(context, sight, query);
      const dependencies = entity === undefined ? new Set<string>() : dependenciesOf(view, entity);
      const likely = likelyCauses(items, { at, entity, dependencies, regionOf });
      const instants = { at: new Date(at).toISOString(), from: new Date(from).toISOString() };
      return { ...instants, likely, items: items.slice(0, MOST_CHANGED), coverage: await coverageOf(context) };
    }),
  ];
}

type Asked = Omit<TimelineRequest, 'limit'>;

function requestOf(query: TimelineQuery, view: View, now: number): Asked {
  const at = query.at === undefined ? undefined : Date.parse(query.at);
  const from = query.from === undefined ? at && at - AROUND_MS.before : Date.parse(query.from);
  const to = query.to === undefined ? at && at + AROUND_MS.after : Date.parse(query.to);
  if (from !== undefined && to !== undefined && from > to) {
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'from is later than to' });
  }
  if (query.pieces !== undefined && from === undefined) {
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'pieces need a time: say from, or at' });
  }
  if (query.newestOf !== undefined && (query.entity ?? query.cursor) !== undefined) {
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'newestOf chooses the entities, and is one page' });
  }
  return {
    entityRef: query.entity === undefined ? undefined : visibleRef(view, query.entity),
    cluster: query.cluster,
    kinds: query.kind,
    from,
    to: to ?? (query.pieces === undefined ? undefined : now),
    after: query.cursor === undefined ? undefined : placeOf(query.cursor),
  };
}

/** @throws LIVE_QUERY_INVALID */
function placeOf(cursor: string): { readonly at: number; readonly id: string } {
  const [at = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const id = rest.join(' ');
  if (!/^\d{1,15}$/.test(at) || id === '')
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'the cursor is none of ours' });
  return { at: Number(at), id };
}

function cursorOf({ at, id }: TimelineEntry): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

function isSeen({ objects, clusters }: Sight, place: Pick<TimelineEntry, 'cluster' | 'namespace' | 'kind'>): boolean {
  const { cluster, namespace, kind } = place;
  if (cluster === undefined) return objects === 'all';
  return kind === 'cluster' ? seesCluster(clusters, cluster) : seesObject(objects, { cluster, namespace });
}

function itemOf(entry: TimelineEntry, { view }: Sight): TimelineItem {
  return timelineItem(entry, (ref) => view.find(ref) !== undefined);
}

/** Entries that may be seen, and the cursor of those after them. */
interface ReadEntries {
  readonly entries: readonly TimelineEntry[];
  readonly next: string | undefined;
}

/** The newest entry of each entity, newest first. Each is found by the index of its entity, however many there are of others. */
async function readNewest(
  context: DomainContext,
  sight: Sight,
  asked: Asked,
  refs: readonly string[],
): Promise<ReadEntries> {
  const found = await Promise.all(
    refs
      .slice(0, NEWEST.entities)
      .map((entityRef) => readVisible(context, sight, { ...asked, entityRef, limit: 1 }, NEWEST.rows)),
  );
  const entries = found.flatMap((each) => each.entries).sort((left, right) => right.at - left.at);
  return { entries, next: undefined };
}

/** Reads on until there are as many as are asked for that may be seen. */
async function readVisible(
  { store }: DomainContext,
  sight: Sight,
  { limit, ...asked }: TimelineRequest,
  rowsAtOnce = READ.rows,
): Promise<ReadEntries> {
  const entries: TimelineEntry[] = [];
  let { after } = asked;
  const isAll = sight.objects === 'all' && sight.clusters === 'all';
  const rows = isAll ? limit + 1 : rowsAtOnce;
  for (let round = 0; round < READ.rounds; round += 1) {
    const read = await store.timeline.page({ ...asked, after, limit: rows });
    for (const entry of read) {
      if (!isSeen(sight, entry)) continue;
      const last = entries.at(-1);
      if (entries.length === limit && last !== undefined) return { entries, next: cursorOf(last) };
      entries.push(entry);
    }
    const last = read.at(-1);
    if (read.length < rows || last === undefined) return { entries, next: undefined };
    after = { at: last.at, id: last.id };
  }
  // So little of it may be seen that it is read on with the next page.
  return {
    entries,
    next: after === undefined ? undefined : Buffer.from(`${after.at} ${after.id}`).toString('base64url'),
  };
}

async function piecesOf(
  { store }: DomainContext,
  sight: Sight,
  { pieces, from = 0, to = 0, entityRef, cluster, kinds }: Asked & { readonly pieces: number },
): Promise<TimelinePiece[]> {
  const pieceMs = Math.max(1, Math.ceil((Math.max(to - from, 1) + 1) / pieces));
  const counts = await store.timeline.counts({ entityRef, cluster, kinds, from, to, pieceMs });
  const byPiece = new Map<number, Record<string, number>>();
  for (const { at, kind, entries, ...place } of counts) {
    if (!isSeen(sight, { ...place, kind })) continue;
    const piece = byPiece.get(at) ?? {};
    byPiece.set(at, piece);
    piece[kind] = (piece[kind] ?? 0) + entries;
  }
  return [...byPiece].map(([at, each]) => ({ from: new Date(at).toISOString(), counts: each }));
}

async function coverageOf({ store, clock }: DomainContext): Promise<{ readonly from: string }> {
  return { from: new Date((await store.timeline.oldest()) ?? clock.now()).toISOString() };
}

/** What happened before a moment, of the fleet and, whatever the fleet does, of the entity and of what it depends on. */
async function changedItems(
  context: DomainContext,
  sight: Sight,
  { at: asked, entity: named, cluster, window = 60 }: ChangedQuery,
): Promise<{
  readonly at: number;
  readonly from: number;
  readonly entity?: string;
  readonly items: readonly TimelineItem[];
}> {
  const at = asked === undefined ? context.clock.now() : Date.parse(asked);
  const from = at - window * MINUTE_MS;
  const range = { cluster, from, to: at + AROUND_MS.after };
  const entity = named === undefined ? undefined : visibleRef(sight.view, named);
  const found = new Map<string, TimelineEntry>();
  const refs = entity === undefined ? [] : [entity, ...dependenciesOf(sight.view, entity)];
  for (const entityRef of [...refs, undefined]) {
    const { entries } = await readVisible(context, sight, { ...range, entityRef, limit: READ.rows - 1 });
    for (const entry of entries) found.set(entry.id, entry);
  }
  const entries = [...found.values()].sort((left, right) => right.at - left.at || (left.id < right.id ? 1 : -1));
  return { at, from, ...(entity !== undefined && { entity }), items: entries.map((entry) => itemOf(entry, sight)) };
}

/** What an entity depends on, as far as one may see it. */
function dependenciesOf(view: View, ref: string): ReadonlySet<string> {
  const id = view.find(ref);
  if (id === undefined) return new Set();
  const refs = view
    .relations(id)
    .flatMap(({ type, targetRef }) => (type === 'dependsOn' || type === 'consumesApi' ? targetRef : []));
  return new Set(refs.filter((each) => view.find(each) !== undefined).slice(0, MOST_DEPENDENCIES));
}
