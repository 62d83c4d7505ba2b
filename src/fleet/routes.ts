import type { ClusterWithKinds, FoundObjects, Position } from '../api/fleet.ts';
import {
  getCluster,
  listClusterProblems,
  listClusters,
  listFleetEvents,
  listLiveObjects,
  searchLiveObjects,
} from '../api/fleet.ts';
import { getRunning, getVerdict, listVerdicts } from '../api/running.ts';
import type { LiveReader, LiveScope, ObjectQuery } from '../live/live-reader.ts';
import type { Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import type { Static } from 'typebox';
import type { Principal } from '../access/principal.ts';
import type { View } from '../graph/view.ts';
import type { Predicate } from '../model/predicate.ts';
import { formatEntityRef } from '../model/ref.ts';
import type { ClusterProblem } from './cluster-entry.ts';
import { fleetError } from './errors.ts';
import { withVisibleEntities } from './findings/findings-routes.ts';
import { narrowScope, type FleetScopes } from './scope.ts';

/** What the routes read from. */
export interface FleetRouteOptions {
  readonly live: LiveReader;
  readonly problems: () => readonly ClusterProblem[];
  readonly scopes: Pick<FleetScopes, 'of'>;
}

/** The routes of `/api/v1/fleet` that answer once. Bytes of the fleet's thread are sent as they are. */
export function fleetRoutes({ live, problems, scopes }: FleetRouteOptions): readonly Route[] {
  const clusterScope = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.cluster.read').scope;
  const objectScope = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.object.read').scope;
  return [
    implementRoute(listClusters, ({ principal }) => live.clusters(clusterScope(principal))),
    implementRoute(getCluster, async ({ principal, params: { name } }) => {
      const bytes = await live.clusters(narrowScope(clusterScope(principal), name), true);
      const { items, position } = JSON.parse(Buffer.from(bytes).toString()) as {
        readonly items: readonly ClusterWithKinds[];
        readonly position: Position;
      };
      const [cluster] = items;
      if (cluster === undefined) throw fleetError('CLUSTER_UNKNOWN', { cluster: name });
      return { cluster, position };
    }),
    implementRoute(listClusterProblems, ({ principal }) => ({
      items: clusterScope(principal) === 'all' ? [...problems()] : [],
    })),
    implementRoute(listLiveObjects, ({ principal, query }) => live.objects(questionOf(query), objectScope(principal))),
    implementRoute(searchLiveObjects, async ({ principal, view, query: { q, kind, cluster, limit = 50 } }) => {
      const bytes = await live.search({ text: q, kinds: kind, clusters: cluster, limit }, objectScope(principal));
      return withVisibleEntities<FoundObjects>(bytes, view);
    }),
    implementRoute(getRunning, ({ principal, view, params: { kind, namespace, name } }) => {
      const ref = formatEntityRef({ kind, namespace, name });
      const id = view.find(ref);
      if (id === undefined) throw fleetError('LIVE_ENTITY_UNKNOWN', { ref });
      return live.running(ref, objectScope(principal));
    }),
    implementRoute(getVerdict, async ({ principal, view, params: { kind, namespace, name } }) => {
      const ref = formatEntityRef({ kind, namespace, name });
      if (view.find(ref) === undefined) throw fleetError('LIVE_ENTITY_UNKNOWN', { ref });
      return live.verdicts([ref], objectScope(principal));
    }),
    implementRoute(listVerdicts, ({ principal, view, body }) =>
      live.verdicts(refsOf(view, body), objectScope(principal)),
    ),
    implementRoute(listFleetEvents, ({ principal, query }) => live.events(questionOf(query), objectScope(principal))),
  ];
}

/** Entities of one question for verdicts. */
const MOST_VERDICTS = 500;

/** The entities that are asked about, as far as they may be seen: named, or chosen by what they belong to. */
export function refsOf(
  view: View,
  { refs = [], ownedBy = [], partOf = [] }: Static<typeof listVerdicts.body>,
): readonly string[] {
  const named = refs.filter((ref) => view.find(ref) !== undefined);
  if (ownedBy.length + partOf.length === 0) return named;
  const where: Predicate = {
    op: 'and',
    args: [
      { op: 'field', key: 'kind', values: ['component', 'resource'] },
      {
        op: 'or',
        args: [
          { op: 'field', key: 'relations.ownedby', values: ownedBy },
          { op: 'field', key: 'relations.partof', values: partOf },
        ],
      },
    ],
  };
  const { ids } = view.list({ where, limit: MOST_VERDICTS });
  return [...new Set([...named, ...ids.map((id) => view.refOf(id))])].slice(0, MOST_VERDICTS);
}

interface Asked extends Omit<ObjectQuery, 'kinds' | 'clusters' | 'namespaces' | 'limit'> {
  readonly kind?: readonly string[];
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
  readonly limit?: number;
}

function questionOf({ kind, cluster, namespace, limit = 100, ...rest }: Asked): ObjectQuery {
  return { ...rest, kinds: kind, clusters: cluster, namespaces: namespace, limit };
}
