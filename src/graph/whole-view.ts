import type { GraphReader, View } from './view.ts';
import type { Predicate } from '../model/predicate.ts';

/** Entities taken from a list at a time. */
const PAGE = 500;

/** The graph as the server's own machinery sees it: all of it. Never for answering a request. */
export function wholeView(graph: GraphReader): View {
  const principal = { ref: 'service:default/server', claims: new Set<string>() };
  return graph.view({ kind: 'all', key: 'all', principal });
}

/** Refs of the entities for which a condition is true, page by page; the graph may change between pages. */
export function* refsWhere(graph: GraphReader, where: Predicate | undefined): Generator<readonly string[]> {
  let cursor: string | undefined;
  do {
    const view = wholeView(graph);
    const page = view.list({ where, limit: PAGE, cursor });
    yield page.ids.map((id) => view.refOf(id));
    cursor = page.next;
  } while (cursor !== undefined);
}
