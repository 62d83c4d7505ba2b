import type { PermissionName } from '../../api/route.ts';
import type { PermissionAction } from '../../config/backstage-config.ts';

/** Type of the resources that conditions on entities are about. */
export const RESOURCE_TYPE = 'catalog-entity';

/** A permission as Backstage's clients describe it. */
export interface BackstagePermission {
  readonly type: 'basic' | 'resource';
  readonly name: PermissionName;
  readonly attributes: { readonly action?: PermissionAction };
  readonly resourceType?: typeof RESOURCE_TYPE;
}

const onEntities = (name: PermissionName, action: PermissionAction): BackstagePermission => ({
  type: 'resource',
  name,
  attributes: { action },
  resourceType: RESOURCE_TYPE,
});

const basic = (name: PermissionName, action?: PermissionAction): BackstagePermission => ({
  type: 'basic',
  name,
  attributes: action === undefined ? {} : { action },
});

/** The permissions of Backstage's catalog that mean something here, where they have the same names. */
export const catalogPermissions: readonly BackstagePermission[] = [
  onEntities('catalog.entity.read', 'read'),
  onEntities('catalog.entity.delete', 'delete'),
  onEntities('catalog.entity.refresh', 'update'),
  basic('catalog.entity.validate'),
  basic('catalog.location.read', 'read'),
  basic('catalog.location.create', 'create'),
  basic('catalog.location.delete', 'delete'),
  basic('catalog.location.analyze'),
];
