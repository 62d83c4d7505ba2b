import { queryByGet, queryByPost } from '../../api/query.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { entityPage, pageCounts } from './entity-page.ts';
import { EVERYTHING, type Predicate } from '../../model/predicate.ts';
import { readView } from './read.ts';
import { parseOrder, selectionPredicate } from './selection.ts';

const PAGE = 50;

interface Question {
  readonly where?: string;
  readonly search?: string;
  readonly order?: string;
  readonly fields?: readonly string[];
  readonly explain?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

function answer(view: View, question: Question): Buffer {
  const where = selectionPredicate({ where: question.where, search: question.search }) ?? EVERYTHING;
  if (question.explain === true) return explain(view, where);
  const { order, limit = PAGE, cursor, fields } = question;
  return entityPage(view, { where, order: order === undefined ? undefined : parseOrder(order), limit, cursor }, fields);
}

function explain(view: View, where: Predicate): Buffer {
  const result = view.list({ where, limit: 0 });
  return Buffer.from(
    JSON.stringify({ revision: result.revision, ...pageCounts(result), items: [], plan: view.explain(where) }),
  );
}

const byGet = implementRoute(queryByGet, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => answer(view, request.query)),
);

const byPost = implementRoute(queryByPost, (request, context) =>
  readView(request, request.body.minRevision, context, (view) => answer(view, request.body)),
);

/** The routes of queries. */
export const queryRoutes: readonly Route[] = [byGet, byPost];
