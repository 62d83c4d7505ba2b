import { bulkEntities, getEntity, getOrigin, listEntities, listFacts, listHistory, listRelations } from './entities.ts';
import { streamEvents } from './events.ts';
import { getFacets } from './facets.ts';
import { listProblems } from './problems.ts';
import { queryByGet, queryByPost } from './query.ts';
import { listRegistrations, registerLocation, unregisterLocation } from './registrations.ts';
import { listLocations, listSources, refreshSources } from './sources.ts';
import { getUi } from './ui.ts';

/**
 * The contracts of `/api/v1` by method and path. The client takes its types from here; it needs nothing of it at run
 * time, since the key itself says how to call the route.
 */
export const apiRoutes = {
  'GET /api/v1/entities': listEntities,
  'POST /api/v1/entities/bulk': bulkEntities,
  'GET /api/v1/entities/:kind/:namespace/:name': getEntity,
  'GET /api/v1/entities/:kind/:namespace/:name/origin': getOrigin,
  'GET /api/v1/entities/:kind/:namespace/:name/relations': listRelations,
  'GET /api/v1/entities/:kind/:namespace/:name/facts': listFacts,
  'GET /api/v1/entities/:kind/:namespace/:name/history': listHistory,
  'GET /api/v1/facets': getFacets,
  'GET /api/v1/problems': listProblems,
  'GET /api/v1/locations': listLocations,
  'POST /api/v1/locations': registerLocation,
  'GET /api/v1/locations/registered': listRegistrations,
  'DELETE /api/v1/locations/registered/:id': unregisterLocation,
  'GET /api/v1/sources': listSources,
  'POST /api/v1/sources/refresh': refreshSources,
  'GET /api/v1/query': queryByGet,
  'POST /api/v1/query': queryByPost,
  'GET /api/v1/events': streamEvents,
  'GET /api/v1/ui': getUi,
} as const;

/** Type of the table, for `import type`. */
export type ApiRoutes = typeof apiRoutes;
