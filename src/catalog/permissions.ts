import type { PermissionDeclaration } from '../manifest/manifest.ts';

/** The permissions of the catalog. */
export const catalogPermissions: readonly PermissionDeclaration[] = [
  { name: 'catalog.entity.read', description: 'See entities, and what is known of them.', resource: 'entity' },
  { name: 'catalog.entity.refresh', description: 'Have an entity’s source looked at again.', resource: 'entity' },
  { name: 'catalog.entity.delete', description: 'Remove an entity.', resource: 'entity' },
  {
    name: 'catalog.entity.validate',
    description: 'Have an entity checked that is not in the catalog.',
    resource: 'none',
  },
  { name: 'catalog.location.read', description: 'See which locations the catalog reads.', resource: 'none' },
  { name: 'catalog.location.create', description: 'Register locations.', resource: 'none' },
  { name: 'catalog.location.delete', description: 'Take registered locations back.', resource: 'none' },
  { name: 'catalog.location.analyze', description: 'Ask what a location would bring.', resource: 'none' },
  { name: 'catalog.problem.read', description: 'See what is wrong in descriptors.', resource: 'none' },
  { name: 'catalog.source.read', description: 'See how fresh sources are.', resource: 'none' },
];
