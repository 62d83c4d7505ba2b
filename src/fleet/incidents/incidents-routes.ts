import type { Principal } from '../../access/principal.ts';
import { getIncident, type IncidentList, listIncidents } from '../../api/incidents.ts';
import type { View } from '../../graph/view.ts';
import type { IncidentsQuery } from '../../live/incidents.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { Route } from '../../manifest/manifest.ts';
import type { TimelineStore } from '../../store/timeline.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { fleetError } from '../errors.ts';
import { visibleRef } from '../findings/findings-routes.ts';
import type { FleetScopes } from '../scope.ts';
import { changesBefore } from './changes-before.ts';

/** Incidents for which what changed before is looked up where many are asked for; of one it always is. */
const MOST_EXPLAINED = 20;

/** What these routes read from. */
export interface IncidentRouteOptions {
  readonly live: Pick<LiveReader, 'incidents'>;
  readonly scopes: Pick<FleetScopes, 'of'>;
}

/** The routes of `/api/v1/fleet/incidents`. */
export function incidentRoutes({ live, scopes }: IncidentRouteOptions): readonly Route[] {
  const scopeOf = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.object.read').scope;
  const ask = async (
    query: IncidentsQuery,
    scope: LiveScope,
    view: View,
    timeline: TimelineStore,
  ): Promise<IncidentList> => {
    const answer = JSON.parse(Buffer.from(await live.incidents(query, scope)).toString()) as IncidentList;
    const items = await Promise.all(
      answer.items.map(async (item, at) => {
        const seen = item.entities.filter((ref) => view.find(ref) !== undefined);
        const before =
          at < MOST_EXPLAINED ? await changesBefore(timeline, { ...item, entities: seen }, { scope, view }) : [];
        return { ...item, ...(seen[0] !== undefined && { entity: seen[0] }), entities: seen, before: [...before] };
      }),
    );
    return { ...answer, items };
  };
  return [
    implementRoute(
      listIncidents,
      async ({ principal, view, query: { state, entity, cluster, limit = 50 } }, { store }) => {
        const ref = entity === undefined ? undefined : visibleRef(view, entity);
        return ask({ state, entity: ref, clusters: cluster, limit }, scopeOf(principal), view, store.timeline);
      },
    ),
    implementRoute(getIncident, async ({ principal, view, params: { id } }, { store }) => {
      const [incident] = (await ask({ id, limit: 1 }, scopeOf(principal), view, store.timeline)).items;
      if (incident === undefined) throw fleetError('INCIDENT_UNKNOWN', { id });
      return incident;
    }),
  ];
}
