import type { Access } from '../access/access.ts';
import type { FleetConfig } from '../config/fleet-config.ts';
import type { ClaimTaker } from '../live/claim.ts';
import type { GraphReader } from '../graph/view.ts';
import type { LiveReader } from '../live/live-reader.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { ActingGate } from './acting/acting-gate.ts';
import { type ActingParts, noActing } from './acting/acting-parts.ts';
import { actingRoutes } from './acting/acting-routes.ts';
import { actionRoutes } from './acting/action-routes.ts';
import { changeStreamRoute, type ChangeStreamOptions } from './change-stream.ts';
import type { ClusterProblem } from './cluster-entry.ts';
import { evacuationRoutes } from './evacuation/evacuation-routes.ts';
import { incidentRoutes } from './incidents/incidents-routes.ts';
import { findingsRoutes } from './findings/findings-routes.ts';
import { logRoutes, type LogRouteOptions } from './logs/log-routes.ts';
import { fleetPermissions } from './permissions.ts';
import { claimsCollector } from './matching/claims-collector.ts';
import { fleetRoutes } from './routes.ts';
import { FleetScopes } from './scope.ts';
import { timelineCollector } from './timeline/timeline-collector.ts';
import { TimelineOutbox } from './timeline/timeline-outbox.ts';
import { timelineRoutes } from './timeline/timeline-routes.ts';
import { unclaimedRoutes } from './unclaimed/unclaimed-routes.ts';

/** What the fleet's routes stand on. */
export interface FleetManifestOptions extends Omit<ChangeStreamOptions, 'scopes' | 'access'> {
  readonly live: LiveReader & ClaimTaker;
  /** What keeps clusters from being read, before any of them is asked. */
  readonly problems: () => readonly ClusterProblem[];
  readonly access: Access;
  readonly audit: LogRouteOptions['audit'];
  readonly namespaceOwners: FleetConfig['namespaceOwners'];
  readonly graph: GraphReader;
  /** What happened in the clusters; absent: nothing is read of them. */
  readonly timeline?: TimelineOutbox | undefined;
  /** Absent: there are no clusters to act on. */
  readonly acting?: ActingParts | undefined;
}

/** The domain of the clusters, as the server composes it. */
export function createFleetManifest(options: FleetManifestOptions): Manifest {
  const { live, problems, access, graph, acting = noActing, timeline = new TimelineOutbox() } = options;
  const scopes = new FleetScopes(access, live);
  const gate = new ActingGate(acting, access, graph, live);
  return {
    id: 'fleet',
    title: 'Fleet',
    permissions: fleetPermissions,
    collectors: [claimsCollector(live), timelineCollector(timeline)],
    routes: [
      ...fleetRoutes({ live, problems, scopes }),
      ...evacuationRoutes({ live, scopes }),
      ...findingsRoutes({ live, scopes }),
      ...incidentRoutes({ live, scopes }),
      ...actingRoutes({ ...acting, gate, scopes }),
      ...actionRoutes({ ...acting, gate, live, scopes }),
      ...timelineRoutes({ scopes, regionOf: (cluster) => regionIn(acting, cluster) }),
      ...unclaimedRoutes({ live, scopes, namespaceOwners: options.namespaceOwners }),
      ...logRoutes({ ...options, acting: acting.acting, gate, scopes }),
      changeStreamRoute({ ...options, scopes }),
    ],
  };
}

function regionIn({ clusters }: ActingParts, name: string): string | undefined {
  return clusters.entries().find((cluster) => cluster.name === name)?.labels['region'];
}
