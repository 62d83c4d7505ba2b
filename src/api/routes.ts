import {
  getActingAbilities,
  getManifest,
  getManifestDiff,
  listRevisions,
  previewAction,
  takeAction,
} from './acting.ts';
import { bulkEntities, getEntity, getOrigin, listEntities, listFacts, listHistory, listRelations } from './entities.ts';
import { getEvacuation, listSingleEntities } from './evacuation.ts';
import { streamEvents } from './events.ts';
import { getCompletions } from './completions.ts';
import { exportEntities } from './export.ts';
import { getFacets } from './facets.ts';
import { listChanges } from './changes.ts';
import { getHome } from './home.ts';
import { listOwned } from './owned.ts';
import { listFindings } from './findings.ts';
import { getIncident, listIncidents } from './incidents.ts';
import { findEntities } from './find.ts';
import {
  getCluster,
  listClusterProblems,
  listClusters,
  listFleetEvents,
  listLiveObjects,
  searchLiveObjects,
} from './fleet.ts';
import { streamFleetChanges } from './fleet-changes.ts';
import {
  changeSharedView,
  changeView,
  deleteSharedView,
  deleteStar,
  deleteView,
  getPreferences,
  listViews,
  putStar,
  putTeam,
  saveView,
  shareView,
} from './preferences.ts';
import { getNeighbourhood, getPath, listDependents } from './neighbourhood.ts';
import { listProblems } from './problems.ts';
import { queryByGet, queryByPost } from './query.ts';
import { listRegistrations, registerLocation, unregisterLocation } from './registrations.ts';
import { getRunning, getVerdict, listVerdicts } from './running.ts';
import { exportAudit, listAudit, verifyAudit } from './audit.ts';
import { checkAccess, deleteBinding, deleteRole, getPolicy, previewPolicy, putBinding, putRole } from './roles.ts';
import { deleteSecret, listSecrets, putSecret, rotateSecrets } from './secrets.ts';
import { endOwnSession, endSession, listOwnSessions, listSessions, signOut } from './session.ts';
import { readLogs } from './logs.ts';
import { listLocations, listSources, refreshSources } from './sources.ts';
import { getChanged, listTimeline } from './timeline.ts';
import { endOwnToken, endToken, listOwnTokens, listTokens, makeOwnToken, makeServiceToken } from './tokens.ts';
import { listMissing, listUnclaimed, writeProposals } from './unclaimed.ts';
import { getUi } from './ui.ts';

/**
 * The contracts of `/api/v1` by method and path. The client takes its types from here; it needs nothing of it at run
 * time, since the key itself says how to call the route.
 */
export const apiRoutes = {
  'GET /api/v1/entities': listEntities,
  'GET /api/v1/entities/export': exportEntities,
  'POST /api/v1/entities/bulk': bulkEntities,
  'GET /api/v1/entities/:kind/:namespace/:name': getEntity,
  'GET /api/v1/entities/:kind/:namespace/:name/origin': getOrigin,
  'GET /api/v1/entities/:kind/:namespace/:name/relations': listRelations,
  'GET /api/v1/entities/:kind/:namespace/:name/facts': listFacts,
  'GET /api/v1/entities/:kind/:namespace/:name/history': listHistory,
  'GET /api/v1/facets': getFacets,
  'GET /api/v1/home': getHome,
  'GET /api/v1/owned': listOwned,
  'GET /api/v1/changes': listChanges,
  'GET /api/v1/find': findEntities,
  'GET /api/v1/graph/neighbourhood': getNeighbourhood,
  'GET /api/v1/graph/path': getPath,
  'GET /api/v1/graph/dependents': listDependents,
  'GET /api/v1/problems': listProblems,
  'GET /api/v1/locations': listLocations,
  'POST /api/v1/locations': registerLocation,
  'GET /api/v1/locations/registered': listRegistrations,
  'DELETE /api/v1/locations/registered/:id': unregisterLocation,
  'GET /api/v1/sources': listSources,
  'POST /api/v1/sources/refresh': refreshSources,
  'GET /api/v1/query/completions': getCompletions,
  'GET /api/v1/query': queryByGet,
  'POST /api/v1/query': queryByPost,
  'GET /api/v1/events': streamEvents,
  'GET /api/v1/fleet/clusters': listClusters,
  'GET /api/v1/fleet/clusters/:name': getCluster,
  'GET /api/v1/fleet/problems': listClusterProblems,
  'GET /api/v1/fleet/objects': listLiveObjects,
  'GET /api/v1/fleet/search': searchLiveObjects,
  'GET /api/v1/fleet/events': listFleetEvents,
  'GET /api/v1/fleet/changes': streamFleetChanges,
  'GET /api/v1/fleet/logs': readLogs,
  'GET /api/v1/fleet/acting': getActingAbilities,
  'GET /api/v1/fleet/clusters/:cluster/objects/:kind/:namespace/:name': getManifest,
  'GET /api/v1/fleet/diff': getManifestDiff,
  'GET /api/v1/fleet/revisions': listRevisions,
  'POST /api/v1/fleet/actions/preview': previewAction,
  'POST /api/v1/fleet/actions': takeAction,
  'GET /api/v1/entities/:kind/:namespace/:name/running': getRunning,
  'GET /api/v1/entities/:kind/:namespace/:name/verdict': getVerdict,
  'POST /api/v1/fleet/verdicts': listVerdicts,
  'GET /api/v1/fleet/findings': listFindings,
  'GET /api/v1/fleet/incidents': listIncidents,
  'GET /api/v1/fleet/incidents/:id': getIncident,
  'GET /api/v1/fleet/timeline': listTimeline,
  'GET /api/v1/fleet/changed': getChanged,
  'GET /api/v1/fleet/evacuation': getEvacuation,
  'GET /api/v1/fleet/single': listSingleEntities,
  'GET /api/v1/fleet/unclaimed': listUnclaimed,
  'GET /api/v1/fleet/missing': listMissing,
  'POST /api/v1/fleet/proposals': writeProposals,
  'GET /api/v1/ui': getUi,
  'GET /api/v1/account/sessions': listOwnSessions,
  'DELETE /api/v1/account/sessions/:id': endOwnSession,
  'POST /api/v1/account/sign-out': signOut,
  'GET /api/v1/account/tokens': listOwnTokens,
  'POST /api/v1/account/tokens': makeOwnToken,
  'DELETE /api/v1/account/tokens/:id': endOwnToken,
  'GET /api/v1/account/preferences': getPreferences,
  'PUT /api/v1/account/team': putTeam,
  'PUT /api/v1/account/stars/:kind/:namespace/:name': putStar,
  'DELETE /api/v1/account/stars/:kind/:namespace/:name': deleteStar,
  'GET /api/v1/account/views': listViews,
  'POST /api/v1/account/views': saveView,
  'PUT /api/v1/account/views/:id': changeView,
  'DELETE /api/v1/account/views/:id': deleteView,
  'POST /api/v1/groups/:namespace/:group/views': shareView,
  'PUT /api/v1/groups/:namespace/:group/views/:id': changeSharedView,
  'DELETE /api/v1/groups/:namespace/:group/views/:id': deleteSharedView,
  'GET /api/v1/access/policy': getPolicy,
  'PUT /api/v1/access/roles/:name': putRole,
  'DELETE /api/v1/access/roles/:name': deleteRole,
  'PUT /api/v1/access/bindings/:name': putBinding,
  'DELETE /api/v1/access/bindings/:name': deleteBinding,
  'POST /api/v1/access/preview': previewPolicy,
  'POST /api/v1/access/check': checkAccess,
  'GET /api/v1/access/sessions': listSessions,
  'DELETE /api/v1/access/sessions/:id': endSession,
  'GET /api/v1/access/tokens': listTokens,
  'POST /api/v1/access/tokens': makeServiceToken,
  'DELETE /api/v1/access/tokens/:id': endToken,
  'GET /api/v1/audit': listAudit,
  'GET /api/v1/audit/export': exportAudit,
  'GET /api/v1/audit/verification': verifyAudit,
  'GET /api/v1/secrets': listSecrets,
  'PUT /api/v1/secrets/:name': putSecret,
  'DELETE /api/v1/secrets/:name': deleteSecret,
  'POST /api/v1/secrets/rotation': rotateSecrets,
} as const;

/** Type of the table, for `import type`. */
export type ApiRoutes = typeof apiRoutes;
