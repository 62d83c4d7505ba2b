import { getFacets, type Facet } from '../../api/facets.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { readView } from './read.ts';
import { selectionPredicate } from './selection.ts';

const VALUES = 100;

const facets = implementRoute(getFacets, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { path, limit = VALUES, ...selection } = request.query;
    // One value more than asked shows whether there are more.
    const counted = view.facets(path, selectionPredicate(selection), limit + 1);
    const entries = path.map((asked): [string, Facet] => {
      const values = counted.get(asked) ?? [];
      return [asked, { values: values.slice(0, limit).map((value) => ({ ...value })), more: values.length > limit }];
    });
    return { revision: view.revision, facets: Object.fromEntries(entries) };
  }),
);

/** The routes of facets. */
export const facetRoutes: readonly Route[] = [facets];
