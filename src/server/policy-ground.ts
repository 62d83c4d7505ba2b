import type { PolicyGround } from '../access/policy/role-check.ts';
import { administrationPermissions } from '../administration/permissions.ts';
import { fleetPermissions } from '../fleet/permissions.ts';
import type { PermissionDeclaration } from '../manifest/manifest.ts';
import { kubernetesPermissions } from './backstage/kubernetes-permissions.ts';
import { composeManifests, type ManifestOrigin } from './compose.ts';

/** The permissions of the server's own routes. */
export const serverPermissions: readonly PermissionDeclaration[] = [
  { name: 'server.metrics.read', description: 'Read the metrics of the server.', resource: 'none' },
];

/**
 * What a policy is checked against: all permissions and facts. The policy is made before the manifests that show it, so
 * that these are here by what they declare alone.
 *
 * @param origins all manifests that stand on nothing of access
 */
export function policyGround(origins: readonly ManifestOrigin[]): PolicyGround {
  const declaring = [
    { id: 'server', title: 'Server', permissions: serverPermissions },
    { id: 'administration', title: 'Access', permissions: administrationPermissions },
    { id: 'fleet', title: 'Fleet', permissions: fleetPermissions },
    {
      id: 'kubernetes',
      title: 'Kubernetes',
      permissions: kubernetesPermissions.map(({ declaration }) => declaration),
    },
  ];
  const { permissions, collectors } = composeManifests([...origins, ...declaring.map((manifest) => ({ manifest }))]);
  const stored = new Map<string, string[]>();
  for (const { collector } of collectors) {
    const lasting = collector.facts.filter(({ volatile }) => volatile !== true);
    stored.set(
      collector.id,
      lasting.map(({ path }) => path),
    );
  }
  return {
    permissions: new Map(permissions.map((item) => [item.name, item])),
    storedFacts: (collector, path) =>
      stored.get(collector)?.some((known) => path === known || path.startsWith(`${known}.`)) === true,
  };
}
