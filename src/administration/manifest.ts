import type { Manifest } from '../manifest/manifest.ts';
import { auditRoutes, type AuditRouteOptions } from './audit-routes.ts';
import { checkRoutes, type CheckRouteOptions } from './check-routes.ts';
import { administrationPermissions } from './permissions.ts';
import { policyRoutes, type PolicyRouteOptions } from './policy-routes.ts';
import { secretRoutes, type SecretRouteOptions } from './secret-routes.ts';
import { sessionRoutes, type SessionRouteOptions } from './session-routes.ts';
import { tokenRoutes, type TokenRouteOptions } from './token-routes.ts';

/** What looking after access works on. */
export interface AdministrationOptions
  extends
    SessionRouteOptions,
    TokenRouteOptions,
    PolicyRouteOptions,
    CheckRouteOptions,
    AuditRouteOptions,
    SecretRouteOptions {}

/** The domain by which people look after access. */
export function createAdministration(options: AdministrationOptions): Manifest {
  return {
    id: 'administration',
    title: 'Access',
    permissions: administrationPermissions,
    routes: [
      ...sessionRoutes(options),
      ...tokenRoutes(options),
      ...policyRoutes(options),
      ...checkRoutes(options),
      ...auditRoutes(options),
      ...secretRoutes(options),
    ],
  };
}
