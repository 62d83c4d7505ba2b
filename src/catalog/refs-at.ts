import type { GraphReader } from '../graph/view.ts';
import { refsWhere, wholeView } from '../graph/whole-view.ts';
import type { Predicate } from '../model/predicate.ts';

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
