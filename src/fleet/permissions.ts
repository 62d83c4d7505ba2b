import type { PermissionDeclaration } from '../manifest/manifest.ts';

/** The permissions of reading clusters; rules can narrow both by cluster and namespace. */
export const fleetPermissions: readonly PermissionDeclaration[] = [
  { name: 'fleet.cluster.read', description: 'See clusters, and how they are read.', resource: 'live' },
  {
    name: 'fleet.object.read',
    description: 'See the objects of clusters as they are kept: no secrets, no logs.',
    resource: 'live',
  },
  {
    name: 'fleet.log.read',
    description: 'Read logs of pods, as oneself: the cluster decides too.',
    resource: 'live',
  },
  {
    name: 'fleet.manifest.read',
    description: 'Read objects of clusters whole, as oneself: the cluster decides too.',
    resource: 'live',
  },
  {
    name: 'fleet.workload.act',
    description: 'Restart, scale, pause, resume and undo workloads, as oneself: the cluster decides too.',
    resource: 'live',
  },
  {
    name: 'fleet.pod.delete',
    description: 'Delete pods, beside fleet.workload.act, as oneself: the cluster decides too.',
    resource: 'live',
  },
];
