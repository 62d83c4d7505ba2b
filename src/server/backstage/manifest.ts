import type { CatalogControl } from '../../catalog/control.ts';
import type { CatalogConfig } from '../../config/config.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { ancestryRoute } from './ancestry.ts';
import { nameRoutes } from './by-name.ts';
import { queryRoutes } from './by-query.ts';
import { listRoutes } from './entities.ts';
import { facetRoutes } from './facets.ts';
import { locationRoutes } from './locations.ts';
import { openApiRoute } from './openapi-document.ts';
import { upkeepRoutes } from './upkeep.ts';

/**
 * The catalog as Backstage's clients ask for it: thin adapters over the same graph, under `/api/catalog`.
 * @param control what works the catalog's sources
 * @param settings what registering a location does that is registered already
 */
export function createBackstageManifest(
  control: CatalogControl,
  settings: Pick<CatalogConfig, 'onLocationConflict'>,
): Manifest {
  return {
    id: 'backstage',
    title: 'Backstage-compatible API',
    routes: [
      ...listRoutes,
      ...queryRoutes,
      ...nameRoutes,
      ...facetRoutes,
      ancestryRoute,
      ...upkeepRoutes(control),
      ...locationRoutes(control, settings.onLocationConflict),
      openApiRoute(),
    ],
  };
}
