import { Readable } from 'node:stream';
import { entityBodies } from '../../catalog/routes/entity-page.ts';
import { joinJsonValues } from '../../base/json-bytes.ts';
import type { ListRequest, View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { parseFields, type Projection } from '../../model/projection.ts';
import { allOf, chosenBy, hasField } from './conditions.ts';
import { listEntities } from './contracts.ts';
import { compatibleError } from './errors.ts';
import { decodeOffset, nextLink, type OffsetPage } from './offset-page.ts';
import { parseOrders, sortedIds } from './orders.ts';
import { refuseEmptyValues } from './query-values.ts';

/** Entities that are sent in one piece; more go out as the client reads them. */
const CHUNK = 500;

const list = implementRoute(listEntities, (request, context) => {
  const { query, reply, raw } = request;
  refuseEmptyValues(query);
  const page = pageOf(query);
  const orders = parseOrders(query.order ?? []);
  const [order] = orders;
  const projection = parseFields(query.fields ?? []);
  // Without paging a list ordered by a field holds only entities that have it; with paging the others come last.
  const present = page === undefined && order !== undefined ? hasField(order.path) : undefined;
  const where = allOf([chosenBy(query.filter), present]);
  const { view } = request;
  if (page !== undefined) {
    const { total } = view.list({ where, limit: 0 });
    const end = page.offset + (page.limit ?? total);
    if (page.limit !== undefined && end < total)
      void reply.header('link', nextLink(raw.url, { limit: page.limit, offset: end }));
    if (orders.length > 1)
      return joinJsonValues('[', entityBodies(view, sortedIds(view, where, orders, page), projection), ']');
  }
  const wanted = { where, order, offset: page?.offset, limit: page?.limit ?? Number.MAX_SAFE_INTEGER };
  const first = readChunk(view, wanted);
  if (first.rest === undefined) return joinJsonValues('[', entityBodies(view, first.ids, projection), ']');
  // The view of a later moment: pages are joined by cursors, so what stays put is sent once.
  const pages = chunks(() => context.graph.view(view.visibility), wanted, projection);
  return reply.type('application/json; charset=utf-8').send(Readable.from(pages));
});

function pageOf(query: {
  readonly limit?: number;
  readonly offset?: number;
  readonly after?: string;
}): OffsetPage | undefined {
  if (query.after !== undefined) return decodeOffset(query.after);
  if (query.limit === 0) throw compatibleError('QUERY_LIMIT_INVALID');
  if (query.limit === undefined && query.offset === undefined) return undefined;
  return { limit: query.limit, offset: query.offset ?? 0 };
}

/** The next entities of a list, and what is left to ask after them. */
function readChunk(
  view: View,
  wanted: ListRequest,
): { readonly ids: readonly number[]; readonly rest: ListRequest | undefined } {
  const { ids, next } = view.list({ ...wanted, limit: Math.min(CHUNK, wanted.limit) });
  const left = wanted.limit - ids.length;
  const rest =
    next === undefined || left <= 0 ? undefined : { ...wanted, offset: undefined, cursor: next, limit: left };
  return { ids, rest };
}

async function* chunks(
  viewNow: () => View,
  wanted: ListRequest,
  projection: Projection | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let rest: ListRequest | undefined = wanted;
  let head = '[';
  while (rest !== undefined) {
    const view = viewNow();
    const chunk = readChunk(view, rest);
    rest = chunk.rest;
    const bodies = entityBodies(view, chunk.ids, projection);
    if (bodies.length > 0) {
      yield joinJsonValues(head, bodies, '');
      head = ',';
    }
  }
  yield Buffer.from(head === '[' ? '[]' : ']');
}

/** The routes of lists. */
export const listRoutes: readonly Route[] = [list];
