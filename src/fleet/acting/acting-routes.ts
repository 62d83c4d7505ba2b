import { getActingAbilities, getManifest, getManifestDiff, listRevisions } from '../../api/acting.ts';
import type { Principal } from '../../access/principal.ts';
import { CallboardError } from '../../base/errors.ts';
import type { LiveKind } from '../../live/live-kind.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { fleetError } from '../errors.ts';
import { seesCluster } from '../scope-check.ts';
import type { FleetScopes } from '../scope.ts';
import type { Acting } from './acting.ts';
import type { ActingGate } from './acting-gate.ts';
import type { ActingUsers } from './acting-users.ts';
import type { ObjectPlace } from './object-path.ts';

/** What the routes that read as a person stand on. */
export interface ActingRouteOptions {
  readonly acting: Acting;
  readonly gate: ActingGate;
  readonly kinds: readonly LiveKind[];
  readonly scopes: Pick<FleetScopes, 'of'>;
}

const permission = 'fleet.manifest.read';

/** Routes that read objects of clusters as the person who asks. */
export function actingRoutes({ acting, gate, kinds, scopes }: ActingRouteOptions): readonly Route[] {
  return [
    implementRoute(getActingAbilities, ({ principal }) => {
      const { scope } = scopes.of(principal, 'fleet.cluster.read');
      const seen = gate.users.clusters().filter(({ name }) => seesCluster(scope, name));
      const clusters = seen.map(({ name, isActing = false, isProtected }) => ({
        cluster: name,
        isActing,
        protected: isProtected,
      }));
      const isOpenToGuests = seen.some((cluster) => cluster.isOpenToGuests);
      return { clusters, ...identityOf(gate.users, principal, isOpenToGuests) };
    }),
    implementRoute(getManifest, async ({ principal, params: { cluster, kind, namespace, name }, signal }) => {
      const place = placeOf(kinds, kind, namespace === '_' ? undefined : namespace, name);
      const as = await gate.asFor(principal, permission, { cluster, kind, namespace: place.namespace, name });
      return acting.run('manifest', { cluster, kind, place, as }, { signal });
    }),
    implementRoute(getManifestDiff, async ({ principal, query: { kind, namespace, name, cluster }, signal }) => {
      const place = placeOf(kinds, kind, namespace, name);
      const sides = cluster.map(async (each) => ({
        cluster: each,
        as: await gate.asFor(principal, permission, { cluster: each, kind, namespace, name }),
      }));
      const [left, right] = await Promise.all(sides);
      if (left === undefined || right === undefined) throw new Error('The contract asks for two clusters');
      return acting.run('diff', { kind, place, left, right }, { signal });
    }),
    implementRoute(listRevisions, async ({ principal, query: { cluster, kind, namespace, name }, signal }) => {
      const as = await gate.asFor(principal, permission, { cluster, kind, namespace, name });
      return acting.run('revisions', { cluster, kind, namespace, name, as }, { signal });
    }),
  ];
}

function identityOf(
  users: ActingUsers,
  principal: Principal,
  isOpenToGuests: boolean,
): { readonly user: string } | { readonly reason: string } {
  try {
    return { user: users.identity(principal, isOpenToGuests).user };
  } catch (thrown) {
    if (!(thrown instanceof CallboardError)) throw thrown;
    return { reason: thrown.message };
  }
}

/** Secrets are not read by the fleet; who may see one on the cluster may see that it is there, and its keys. */
const secrets: Pick<LiveKind, 'group' | 'versions' | 'plural' | 'isNamespaced'> = {
  group: '',
  versions: ['v1'],
  plural: 'secrets',
  isNamespaced: true,
};

/** Where an object stands. @throws LIVE_QUERY_INVALID for a kind that is not read, or a namespace that it does not have */
export function placeOf(
  kinds: readonly LiveKind[],
  kind: string,
  namespace: string | undefined,
  name: string,
): ObjectPlace {
  const known = kind === 'Secret' ? secrets : kinds.find(({ id }) => id === kind);
  if (known === undefined) throw fleetError('LIVE_QUERY_INVALID', { problem: `there is no kind ${kind}` });
  const { group, versions, plural, isNamespaced } = known;
  if (isNamespaced !== (namespace !== undefined)) {
    const problem = isNamespaced ? `a ${kind} stands in a namespace` : `a ${kind} stands in no namespace`;
    throw fleetError('LIVE_QUERY_INVALID', { problem });
  }
  return { group, versions, plural, namespace, name };
}
