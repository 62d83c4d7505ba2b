import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Predicate } from '../../model/predicate.ts';
import { chosenBy } from './conditions.ts';
import { facetsByGet, facetsByPost } from './contracts.ts';
import { compatibleError } from './errors.ts';
import { refuseEmptyValues } from './query-values.ts';

function countFacets(view: View, facets: readonly string[], where: Predicate | undefined): Buffer {
  const paths = [...new Set(facets.filter((facet) => facet !== ''))];
  if (paths.length === 0) throw compatibleError('FACETS_MISSING');
  // Clients build their filters from all values, so none is cut off.
  const counted = view.facets(paths, where, Number.MAX_SAFE_INTEGER);
  return Buffer.from(JSON.stringify({ facets: Object.fromEntries(counted) }));
}

const byGet = implementRoute(facetsByGet, ({ view, query }) => {
  refuseEmptyValues(query);
  return countFacets(view, query.facet ?? [], chosenBy(query.filter));
});

const byPost = implementRoute(facetsByPost, ({ view, body }) =>
  countFacets(view, body.facets, chosenBy([], body.query)),
);

/** The routes of facets. */
export const facetRoutes: readonly Route[] = [byGet, byPost];
