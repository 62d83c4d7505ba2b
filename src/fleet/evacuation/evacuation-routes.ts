import type { Principal } from '../../access/principal.ts';
import { getEvacuation, listSingleEntities, type EvacuationQuery } from '../../api/evacuation.ts';
import type { View } from '../../graph/view.ts';
import type { EvacuationQuestion } from '../../live/evacuation.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { fleetError } from '../errors.ts';
import type { FleetScopes } from '../scope.ts';

/** What the routes read from. */
export interface EvacuationRouteOptions {
  readonly live: LiveReader;
  readonly scopes: Pick<FleetScopes, 'of'>;
}

/** The routes about the loss of clusters. Bytes of the fleet's thread are sent as they are. */
export function evacuationRoutes({ live, scopes }: EvacuationRouteOptions): readonly Route[] {
  const scopeOf = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.object.read').scope;
  return [
    implementRoute(getEvacuation, async ({ principal, view, query }) => {
      const scope = scopeOf(principal);
      const question = { view: 'losses', ...clustersOf(query) } as const;
      return live.evacuation({ ...question, hidden: await hiddenFrom(view, { live, question, scope }) }, scope);
    }),
    implementRoute(listSingleEntities, async ({ principal, view }) => {
      const scope = scopeOf(principal);
      const question = { view: 'single' } as const;
      return live.evacuation({ ...question, hidden: await hiddenFrom(view, { live, question, scope }) }, scope);
    }),
  ];
}

/** @throws LIVE_QUERY_INVALID where no cluster is said */
function clustersOf({ cluster, label }: EvacuationQuery): Pick<EvacuationQuestion, 'clusters' | 'clusterSelector'> {
  if (cluster === undefined && label === undefined) {
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'say which clusters vanish: by cluster, or by label' });
  }
  return { clusters: cluster, clusterSelector: label };
}

interface Asked {
  readonly live: LiveReader;
  readonly question: Omit<EvacuationQuestion, 'hidden'>;
  readonly scope: LiveScope;
}

/** Entities that an answer would name and that one may not see. Who sees all is not asked about. */
async function hiddenFrom(view: View, { live, question, scope }: Asked): Promise<readonly string[]> {
  if (view.visibility.kind === 'all') return [];
  const bytes = await live.evacuation({ ...question, view: 'refs', hidden: [] }, scope);
  const refs = JSON.parse(Buffer.from(bytes).toString()) as readonly string[];
  return refs.filter((ref) => view.find(ref) === undefined);
}
