import type { CatalogConfig } from '../../config/config.ts';
import type { Route } from '../../manifest/manifest.ts';
import type { CatalogControl } from '../control.ts';
import { changeRoutes } from './changes.ts';
import { entityRoutes } from './entities.ts';
import { completionRoutes } from './completions.ts';
import { exportRoutes } from './export.ts';
import { facetRoutes } from './facets.ts';
import { graphRoutes } from './neighbourhood.ts';
import { findRoutes } from './find.ts';
import { ownedRoutes } from './owned.ts';
import { problemRoutes } from './problems.ts';
import { queryRoutes } from './query.ts';
import { refreshRoutes } from './refresh.ts';
import { registrationRoutes } from './registrations.ts';
import { sourceRoutes } from './sources.ts';

/**
 * Every route of the catalog under `/api/v1`.
 * @param control what works the catalog's sources
 */
export function catalogRoutes(control: CatalogControl, settings: CatalogConfig): readonly Route[] {
  return [
    ...entityRoutes,
    ...ownedRoutes,
    ...changeRoutes,
    ...completionRoutes,
    ...exportRoutes,
    ...facetRoutes,
    ...findRoutes,
    ...graphRoutes,
    ...problemRoutes(settings),
    ...queryRoutes,
    ...sourceRoutes(control, settings),
    ...refreshRoutes(control),
    ...registrationRoutes(control, settings),
  ];
}
