import type { Manifest } from '../manifest/manifest.ts';
import { administrationPermissions } from './permissions.ts';
import { sessionRoutes, type SessionRouteOptions } from './session-routes.ts';
import { tokenRoutes, type TokenRouteOptions } from './token-routes.ts';

/** What looking after access works on. */
export interface AdministrationOptions extends SessionRouteOptions, TokenRouteOptions {}

/** The domain by which people look after access. */
export function createAdministration(options: AdministrationOptions): Manifest {
  return {
    id: 'administration',
    title: 'Access',
    permissions: administrationPermissions,
    routes: [...sessionRoutes(options), ...tokenRoutes(options)],
  };
}
