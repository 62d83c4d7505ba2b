import type { Manifest, PermissionDeclaration } from '../manifest/manifest.ts';
import { accountRoutes } from './account-routes.ts';
import { homeRoute } from './home-route.ts';
import { viewRoutes } from './view-routes.ts';

/** The permissions of what people keep; what is one's own needs none. */
const permissions: readonly PermissionDeclaration[] = [
  { name: 'preferences.view.share', description: 'Share saved views with groups that one is in.', resource: 'none' },
];

/** The domain of what people keep for themselves and with their groups. */
export const preferencesManifest: Manifest = {
  id: 'preferences',
  title: 'Preferences',
  permissions,
  routes: [...accountRoutes, ...viewRoutes, homeRoute],
};
