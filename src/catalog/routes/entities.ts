import * as contracts from '../../api/entities.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Route } from '../../manifest/manifest.ts';
import { joinJsonValues } from '../../base/json-bytes.ts';
import { parseFields } from '../../model/projection.ts';
import { formatEntityRef } from '../../model/ref.ts';
import { ancestryOf } from '../ancestry.ts';
import { entityBodies, entityPage } from './entity-page.ts';
import { routeError } from './errors.ts';
import { factItems } from './fact-items.ts';
import { readHistory } from './history.ts';
import { keysetPage } from './keyset.ts';
import { canonicalRef, namedEntity } from './named-entity.ts';
import { readView } from './read.ts';
import { parseOrder, selectionPredicate } from './selection.ts';

const PAGE = 50;
const PARTS_PAGE = 200;
const NOTHING = Buffer.from('null');

const list = implementRoute(contracts.listEntities, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { order, fields, limit = PAGE, cursor, ...selection } = request.query;
    const where = selectionPredicate(selection);
    return entityPage(
      view,
      { where, order: order === undefined ? undefined : parseOrder(order), limit, cursor },
      fields,
    );
  }),
);

const get = implementRoute(contracts.getEntity, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => view.bytes(namedEntity(view, request.params).id)),
);

const bulk = implementRoute(contracts.bulkEntities, (request, context) =>
  readView(request, request.body.minRevision, context, (view) => {
    const { refs, fields = [] } = request.body;
    const ids = refs.map((ref) => view.find(canonicalRef(ref)));
    const found = ids.filter((id) => id !== undefined);
    const bodies = entityBodies(view, found, parseFields(fields));
    let next = 0;
    const items = ids.map((id) => bytesOf(id === undefined ? undefined : bodies[next++]));
    return joinJsonValues(`{"revision":${view.revision},"items":[`, items, ']}');
  }),
);

function bytesOf(body: Uint8Array | string = NOTHING): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

const origin = implementRoute(contracts.getOrigin, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { ref, id } = namedEntity(view, request.params);
    const { location, source, line, commit } = view.declaration(id);
    const [, ...above] = ancestryOf(view, ref) ?? [];
    const ancestry = above.map((ancestor) => ({ ref: ancestor.ref }));
    const broken = view.isPlaceBroken(id);
    return {
      revision: view.revision,
      location,
      source,
      line,
      broken,
      ancestry,
      ...(commit !== undefined && { commit }),
    };
  }),
);

const relations = implementRoute(contracts.listRelations, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { type, ...page } = request.query;
    const all = view.relations(namedEntity(view, request.params).id);
    const wanted = type === undefined ? all : all.filter((relation) => type.includes(relation.type));
    const items = wanted.map((relation) => ({ ...relation }));
    return {
      revision: view.revision,
      ...keysetPage(items, (item) => `${item.type}\n${item.targetRef}`, page, PARTS_PAGE),
    };
  }),
);

const facts = implementRoute(contracts.listFacts, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { collector, ...page } = request.query;
    const { id } = namedEntity(view, request.params);
    const wanted = view.facts(id).filter((fact) => collector === undefined || fact.collector === collector);
    const items = factItems(wanted, view.leases(), context.clock.now());
    return {
      revision: view.revision,
      ...keysetPage(items, (item) => `${item.collector}\n${item.path}`, page, PARTS_PAGE),
    };
  }),
);

const history = implementRoute(contracts.listHistory, (request, context) =>
  readView(request, request.query.minRevision, context, async (view) => {
    const ref = formatEntityRef(request.params);
    if (view.find(ref) !== undefined) return readHistory(context.store, ref, view.revision, request.query);
    // Whether one may see what is gone can no longer be decided; who sees all could see it.
    if (view.visibility.kind !== 'all') throw routeError('ENTITY_NOT_FOUND', { ref });
    const [last] = await context.store.entityHistory(ref, { limit: 1 });
    if (last === undefined) throw routeError('ENTITY_NOT_FOUND', { ref });
    return readHistory(context.store, ref, view.revision, request.query);
  }),
);

/** The routes of entities. */
export const entityRoutes: readonly Route[] = [list, bulk, get, origin, relations, facts, history];
