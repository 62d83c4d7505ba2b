import type { Static } from 'typebox';
import { joinJsonValues } from '../../base/json-bytes.ts';
import { entityBodies } from '../../catalog/routes/entity-page.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { parseFields } from '../../model/projection.ts';
import { questionPredicate, splitList } from './conditions.ts';
import { queryByGet, queryByPost } from './contracts.ts';
import { decodeCursor, encodeCursor, type CursorContent, type Question } from './cursor.ts';
import { compatibleError } from './errors.ts';
import { refuseEmptyValues } from './query-values.ts';

const PAGE = 200;

/** Most entities on one page; a client that asks for more gets the rest through the cursor. */
const MAX_PAGE = 10_000;

interface PageRequest {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly fields?: readonly string[] | undefined;
}

type GetQuery = Static<(typeof queryByGet)['query']>;
type PostBody = NonNullable<Static<(typeof queryByPost)['body']>>;

function questionOfGet(query: GetQuery): Question {
  const term = query.fullTextFilterTerm?.trim() ?? '';
  const [order] = query.orderField ?? [];
  return {
    filter: query.filter ?? [],
    query: undefined,
    orderField: order === undefined ? undefined : parseOrderField(order),
    fullText: term === '' ? undefined : { term, fields: splitList(query.fullTextFilterFields) },
    countTotal: query.totalItems !== 'exclude',
  };
}

function questionOfPost(body: PostBody): Question {
  const term = body.fullTextFilter?.term?.trim() ?? '';
  const [order] = body.orderBy ?? [];
  return {
    filter: [],
    query: body.query,
    orderField: order && { field: order.field, direction: order.order },
    fullText: term === '' ? undefined : { term, fields: body.fullTextFilter?.fields ?? [] },
    countTotal: body.totalItems !== 'exclude',
  };
}

function parseOrderField(text: string): Question['orderField'] {
  const comma = text.indexOf(',');
  if (comma === -1) return { field: text.trim(), direction: 'asc' };
  const direction = text.slice(comma + 1).trim();
  if (direction !== 'asc' && direction !== 'desc') throw compatibleError('QUERY_ORDER_FIELD_INVALID');
  return { field: text.slice(0, comma).trim(), direction };
}

/** One page of a question, from its start or from where a cursor stands. */
function answer(view: View, question: Question, from: CursorContent | undefined, page: PageRequest): Buffer {
  const projection = parseFields(page.fields ?? []);
  const { orderField } = question;
  const result = view.list({
    where: questionPredicate(question),
    order: orderField && { path: orderField.field, direction: orderField.direction, as: 'text' },
    limit: Math.min(page.limit ?? PAGE, MAX_PAGE),
    ...(from === undefined ? { offset: page.offset } : { cursor: from.place }),
  });
  const [begin] = result.ids.slice(0, 1).map((id) => view.refOf(id));
  const first = from === undefined ? (page.offset ? begin : undefined) : from.first;
  const cursor = (place: string | undefined): string | undefined =>
    place === undefined || page.limit === 0 ? undefined : encodeCursor({ question, place, first });
  // The first page has none before it, also where an offset left entities out, and also on the way back.
  const isFirst = from === undefined || (first !== undefined && begin === first);
  const pageInfo = { nextCursor: cursor(result.next), prevCursor: isFirst ? undefined : cursor(result.previous) };
  const totalItems = question.countTotal ? result.total : 0;
  return joinJsonValues(
    '{"items":[',
    entityBodies(view, result.ids, projection),
    `],"totalItems":${totalItems},"pageInfo":${JSON.stringify(pageInfo)}}`,
  );
}

function answerCursor(view: View, cursor: string, page: PageRequest): Buffer {
  const content = decodeCursor(cursor);
  return answer(view, content.question, content, page);
}

const byGet = implementRoute(queryByGet, ({ view, query }) => {
  refuseEmptyValues(query);
  if (query.cursor !== undefined) return answerCursor(view, query.cursor, query);
  return answer(view, questionOfGet(query), undefined, query);
});

const byPost = implementRoute(queryByPost, ({ view, body }) => {
  const asked = body ?? {};
  if (asked.cursor !== undefined) return answerCursor(view, asked.cursor, asked);
  return answer(view, questionOfPost(asked), undefined, asked);
});

/** The routes of queries. */
export const queryRoutes: readonly Route[] = [byGet, byPost];
