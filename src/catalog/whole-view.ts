import type { GraphReader, View } from '../graph/view.ts';
import type { Predicate } from '../model/predicate.ts';

/** Entities taken from a list at a time. */
const PAGE = 500;

/** The graph as the catalog's own machinery sees it: all of it. Never for answering a request. */
export function wholeView(graph: GraphReader): View {
  const principal = { ref: 'service:default/catalog', claims: new Set<string>() };
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

/** Refs of the entities that the catalog holds from a location. */
export function refsAt(graph: GraphReader, location: string): readonly string[] {
  const path = ['metadata', 'annotations', 'backstage.io/managed-by-location'];
  const where: Predicate = {
    op: 'compare',
    path,
    cmp: '==',
    value: location,
    evaluate: ({ entity }) => entity.metadata.annotations?.['backstage.io/managed-by-location'] === location,
  };
  const refs = [...refsWhere(graph, where)].flat();
  const view = wholeView(graph);
  // A generated Location says the same of itself as the entities of the location that it leads to.
  return refs.filter((ref) => {
    const id = view.find(ref);
    return id !== undefined && view.declaration(id).location === location;
  });
}
