import type { View } from '../../graph/view.ts';
import type { Predicate } from '../../model/predicate.ts';
import type { Problem } from '../../model/problem.ts';

/** Entities of one location that are asked who owns them. */
const MOST_NEIGHBOURS = 100;

/**
 * Makes what tells who has to mend a problem: the owners of its entity; where the catalog does not have that, which is
 * usual for what keeps it out, the owners of what else stands at the same location. Refs, sorted; empty: nobody is known.
 */
export function ownersOfProblems(view: View): (problem: Problem) => readonly string[] {
  const byLocation = new Map<string, readonly string[]>();
  return ({ entityRef, location }) => {
    const id = entityRef === undefined ? undefined : view.find(entityRef);
    const own = id === undefined ? [] : ownersOf(view, id);
    if (own.length > 0) return own;
    const known = byLocation.get(location) ?? ownersAt(view, location);
    byLocation.set(location, known);
    return known;
  };
}

function ownersOf(view: View, id: number): readonly string[] {
  return view
    .relations(id)
    .filter(({ type }) => type === 'ownedBy')
    .map(({ targetRef }) => targetRef)
    .sort();
}

function ownersAt(view: View, location: string): readonly string[] {
  const where: Predicate = {
    op: 'compare',
    path: ['metadata', 'annotations', 'backstage.io/managed-by-location'],
    cmp: '==',
    value: location,
    evaluate: ({ entity }) => entity.metadata.annotations?.['backstage.io/managed-by-location'] === location,
  };
  const { ids } = view.list({ where, limit: MOST_NEIGHBOURS });
  return [...new Set(ids.flatMap((id) => ownersOf(view, id)))].sort();
}
