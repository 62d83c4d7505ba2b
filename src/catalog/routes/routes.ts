import type { Route } from '../../manifest/manifest.ts';
import { entityRoutes } from './entities.ts';
import { facetRoutes } from './facets.ts';
import { problemRoutes } from './problems.ts';
import { queryRoutes } from './query.ts';
import { sourceRoutes } from './sources.ts';

/** Every read route of the catalog under `/api/v1`. */
export const catalogRoutes: readonly Route[] = [
  ...entityRoutes,
  ...facetRoutes,
  ...problemRoutes,
  ...queryRoutes,
  ...sourceRoutes,
];
