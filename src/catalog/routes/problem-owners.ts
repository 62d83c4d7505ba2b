import type { Edges } from '../../graph/edges.ts';
import type { View } from '../../graph/view.ts';
import type { Predicate } from '../../model/predicate.ts';
import type { Problem } from '../../model/problem.ts';

/** Entities of one location that are asked who owns them. */
const MOST_NEIGHBOURS = 100;

/**
 * Makes what tells who has to mend a problem: the owners of its entity; where the catalog does not have that, which is
 * usual for what keeps it out, the owners of what else stands at the same location. Refs, sorted; empty: nobody is known.
 * What it makes is valid until the next await.
 */
export function ownersOfProblems(view: View): (problem: Problem) => readonly string[] {
  const edges = view.edges();
  const byEntity = new Map<string, readonly string[]>();
  const byLocation = new Map<string, readonly string[]>();
  const ownersOfEntity = (ref: string): readonly string[] => {
    const id = view.find(ref);
    return id === undefined ? [] : ownersOf(edges, id);
  };
  return ({ entityRef, location }) => {
    const own = entityRef === undefined ? [] : known(byEntity, entityRef, ownersOfEntity);
    return own.length > 0 ? own : known(byLocation, location, (at) => ownersAt(view, edges, at));
  };
}

/** Problems are asked about several times: to choose, count and sort them. */
function known<Owners>(owners: Map<string, Owners>, key: string, find: (key: string) => Owners): Owners {
  const found = owners.get(key) ?? find(key);
  owners.set(key, found);
  return found;
}

function ownersOf(edges: Edges, id: number): readonly string[] {
  return edges
    .ends(id, 'ownedBy', 'out')
    .map((end) => edges.refOf(end))
    .sort();
}

function ownersAt(view: View, edges: Edges, location: string): readonly string[] {
  const where: Predicate = {
    op: 'compare',
    path: ['metadata', 'annotations', 'backstage.io/managed-by-location'],
    cmp: '==',
    value: location,
    evaluate: ({ entity }) => entity.metadata.annotations?.['backstage.io/managed-by-location'] === location,
  };
  const { ids } = view.list({ where, limit: MOST_NEIGHBOURS });
  return [...new Set(ids.flatMap((id) => ownersOf(edges, id)))].sort();
}
