import type { PermissionAction } from '../../config/backstage-config.ts';
import type { PermissionDeclaration } from '../../manifest/manifest.ts';

/** A permission of Backstage's Kubernetes plugin with the one that stands for it here. */
export interface KubernetesPermission {
  /** Its name for Backstage's clients. */
  readonly name: string;
  readonly action: PermissionAction | undefined;
  readonly declaration: PermissionDeclaration;
}

/** The permissions of Backstage's Kubernetes plugin. Names here have three words, so one of them is another. */
export const kubernetesPermissions: readonly KubernetesPermission[] = [
  {
    name: 'kubernetes.clusters.read',
    action: 'read',
    declaration: {
      name: 'kubernetes.clusters.read',
      description:
        'List clusters over the API of Backstage’s Kubernetes plugin, as far as fleet.cluster.read shows them.',
      resource: 'none',
    },
  },
  {
    name: 'kubernetes.resources.read',
    action: 'read',
    declaration: {
      name: 'kubernetes.resources.read',
      description: 'Read whole objects of an entity over that API, as far as fleet.object.read shows them.',
      resource: 'none',
    },
  },
  {
    name: 'kubernetes.proxy',
    action: undefined,
    declaration: {
      name: 'kubernetes.proxy.use',
      description: 'Ask clusters anything over that API, as oneself, with one’s own rights there.',
      resource: 'live',
    },
  },
];

const namesHere: ReadonlyMap<string, string> = new Map(
  kubernetesPermissions.map(({ name, declaration }) => [name, declaration.name]),
);

/** The name here of a permission that Backstage's clients ask about. */
export function nameHere(name: string): string {
  return namesHere.get(name) ?? name;
}

/** Whether a permission is one of Backstage's Kubernetes plugin, by its name there. */
export function isOfKubernetes(name: string): boolean {
  return namesHere.has(name);
}
