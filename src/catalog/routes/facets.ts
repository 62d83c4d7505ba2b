import { getFacets, type Facet } from '../../api/facets.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { EVERYTHING, type Predicate } from '../../model/predicate.ts';
import { readView } from './read.ts';
import { selectionPredicate } from './selection.ts';

const VALUES = 100;

const facets = implementRoute(getFacets, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { path, limit = VALUES, absent = false, ...selection } = request.query;
    const where = selectionPredicate(selection);
    // One value more than asked shows whether there are more.
    const counted = view.facets(path, where, limit + 1);
    const entries = path.map((asked): [string, Facet] => {
      const values = counted.get(asked) ?? [];
      const facet = { values: values.slice(0, limit).map((value) => ({ ...value })), more: values.length > limit };
      return [asked, absent ? { ...facet, absent: countAbsent(view, asked, where) } : facet];
    });
    return { revision: view.revision, facets: Object.fromEntries(entries) };
  }),
);

function countAbsent(view: View, path: string, where: Predicate = EVERYTHING): number {
  const missing: Predicate = { op: 'not', arg: { op: 'field', key: path.toLowerCase() } };
  return view.list({ where: { op: 'and', args: [where, missing] }, limit: 0 }).total;
}

/** The routes of facets. */
export const facetRoutes: readonly Route[] = [facets];
