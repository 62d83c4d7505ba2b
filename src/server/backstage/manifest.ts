import type { Manifest } from '../../manifest/manifest.ts';
import { nameRoutes } from './by-name.ts';
import { queryRoutes } from './by-query.ts';
import { listRoutes } from './entities.ts';
import { facetRoutes } from './facets.ts';
import { locationRoutes } from './locations.ts';

/** The catalog as Backstage's clients ask for it: thin adapters over the same graph, under `/api/catalog`. */
export const backstageManifest: Manifest = {
  id: 'backstage',
  title: 'Backstage-compatible API',
  routes: [...listRoutes, ...queryRoutes, ...nameRoutes, ...facetRoutes, ...locationRoutes],
};
