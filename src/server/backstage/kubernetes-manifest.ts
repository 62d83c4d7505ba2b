import type { Access } from '../../access/access.ts';
import type { Clock } from '../../base/clock.ts';
import { ActingGate } from '../../fleet/acting/acting-gate.ts';
import type { ActingParts } from '../../fleet/acting/acting-parts.ts';
import { seesCluster } from '../../fleet/scope-check.ts';
import { FleetScopes } from '../../fleet/scope.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { LiveReader } from '../../live/live-reader.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { getKubernetesPermissionMetadata, listKubernetesClusters } from './kubernetes-contracts.ts';
import { objectsRoutes } from './kubernetes-objects.ts';
import { kubernetesPermissions } from './kubernetes-permissions.ts';
import { proxyRoutes } from './kubernetes-proxy.ts';

/** What the compatible Kubernetes API stands on. */
export interface KubernetesManifestOptions {
  readonly access: Access;
  readonly graph: GraphReader;
  readonly live: LiveReader;
  readonly acting: ActingParts;
  readonly clock: Clock;
  /** How long a cluster may take to answer for an entity, ms. */
  readonly clusterMs: number;
}

/** The clusters as Backstage's Kubernetes plugin asks for them: over what is held of them, under `/api/kubernetes`. */
export function createKubernetesManifest(options: KubernetesManifestOptions): Manifest {
  const { access, graph, live, acting: parts, clock, clusterMs } = options;
  const scopes = new FleetScopes(access, live);
  const gate = new ActingGate(parts, access, graph, live);
  const { acting } = parts;
  return {
    id: 'kubernetes',
    title: 'Backstage-compatible Kubernetes API',
    permissions: kubernetesPermissions.map(({ declaration }) => declaration),
    routes: [
      implementRoute(listKubernetesClusters, ({ principal }) => {
        const { scope } = scopes.of(principal, 'fleet.cluster.read');
        const seen = gate.users.clusters().filter(({ name }) => seesCluster(scope, name));
        return {
          items: seen.map(({ name, title, dashboardUrl }) => ({
            name,
            ...(title !== undefined && { title }),
            ...(dashboardUrl !== undefined && { dashboardUrl }),
            authProvider: 'serviceAccount',
          })),
        };
      }),
      implementRoute(getKubernetesPermissionMetadata, () => ({
        permissions: kubernetesPermissions.map(({ name, action }) => {
          return { type: 'basic', name, attributes: action === undefined ? {} : { action } };
        }),
        rules: [],
      })),
      ...objectsRoutes({ live, scopes, acting, users: gate.users, clusterMs }),
      ...proxyRoutes({ scopes, acting, gate, clock }),
    ],
  };
}
