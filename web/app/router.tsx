import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import {
  readAccessSearch,
  readCheckSearch,
  readNewBindingSearch,
  readSessionsSearch,
} from '../pages/access/access-search.ts';
import { readAuditSearch } from '../pages/audit/audit-search.ts';
import { CatalogPage } from '../pages/catalog/catalog-page.tsx';
import { readCatalogSearch } from '../pages/catalog/catalog-search.ts';
import { readClustersSearch } from '../pages/clusters/clusters-search.ts';
import { EntityPage } from '../pages/entity/entity-page.tsx';
import { readEntitySearch } from '../pages/entity/entity-search.ts';
import { HomePage } from '../pages/home/home-page.tsx';
import { readFleetSearch } from '../pages/fleet-search/fleet-search.ts';
import { readHomeSearch } from '../pages/home/home-search.ts';
import { readGraphSearch } from '../pages/graph/graph-search.ts';
import { readEvacuationSearch } from '../pages/evacuation/evacuation-search.ts';
import { readIncidentsSearch } from '../pages/incidents/incidents-search.ts';
import { readProblemsSearch } from '../pages/problems/problems-search.ts';
import { readSignInSearch } from '../pages/sign-in/sign-in-search.ts';
import { readRegisterSearch, readSourcesSearch } from '../pages/sources/sources-search.ts';
import { readUnownedSearch } from '../pages/unowned/unowned-search.ts';
import { readTimelineSearch } from '../pages/timeline/timeline-search.ts';
import { parseSearch, stringifySearch } from '../url/search-codec.ts';
import { FailedPage } from './failed-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { oldPathTarget } from './old-path.ts';
import { PluginPage } from './plugin-page.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readHomeSearch,
  component: HomePage,
});

/** Sends on who comes with a path of Backstage's catalog, which could be one of ours. */
function sendOn(): void {
  // As the browser has it: a parsed query keeps only the last value of a repeated key.
  const { pathname, search } = router.history.location;
  const href = oldPathTarget(pathname, search);
  // oxlint-disable-next-line typescript/only-throw-error -- the router's way to redirect
  if (href !== undefined) throw redirect({ href, replace: true });
}

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  beforeLoad: sendOn,
  validateSearch: readCatalogSearch,
  component: CatalogPage,
});

const entity = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$kind/$namespace/$name',
  beforeLoad: sendOn,
  validateSearch: readEntitySearch,
  component: EntityPage,
});

const graph = createRoute({
  getParentRoute: () => root,
  path: '/graph',
  validateSearch: readGraphSearch,
  component: lazyRouteComponent(() => import('../pages/graph/graph-page.tsx'), 'GraphPage'),
});

const clusters = createRoute({
  getParentRoute: () => root,
  path: '/clusters',
  validateSearch: readClustersSearch,
  component: lazyRouteComponent(() => import('../pages/clusters/clusters-page.tsx'), 'ClustersPage'),
});
const cluster = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$name',
  component: lazyRouteComponent(() => import('../pages/clusters/cluster-page.tsx'), 'ClusterPage'),
});

const evacuation = createRoute({
  getParentRoute: () => root,
  path: '/fleet/evacuation',
  validateSearch: readEvacuationSearch,
  component: lazyRouteComponent(() => import('../pages/evacuation/evacuation-page.tsx'), 'EvacuationPage'),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/fleet/incidents',
  validateSearch: readIncidentsSearch,
  component: lazyRouteComponent(() => import('../pages/incidents/incidents-page.tsx'), 'IncidentsPage'),
});

const timeline = createRoute({
  getParentRoute: () => root,
  path: '/fleet/timeline',
  validateSearch: readTimelineSearch,
  component: lazyRouteComponent(() => import('../pages/timeline/timeline-page.tsx'), 'TimelinePage'),
});

const fleetSearch = createRoute({
  getParentRoute: () => root,
  path: '/fleet/search',
  validateSearch: readFleetSearch,
  component: lazyRouteComponent(() => import('../pages/fleet-search/fleet-search-page.tsx'), 'FleetSearchPage'),
});

const unowned = createRoute({
  getParentRoute: () => root,
  path: '/fleet/unowned',
  validateSearch: readUnownedSearch,
  component: lazyRouteComponent(() => import('../pages/unowned/unowned-page.tsx'), 'UnownedPage'),
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: readProblemsSearch,
  component: lazyRouteComponent(() => import('../pages/problems/problems-page.tsx'), 'ProblemsPage'),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  validateSearch: readSourcesSearch,
  component: lazyRouteComponent(() => import('../pages/sources/sources-page.tsx'), 'SourcesPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: '/sources/register',
  validateSearch: readRegisterSearch,
  component: lazyRouteComponent(() => import('../pages/sources/register-page.tsx'), 'RegisterPage'),
});
const unregister = createRoute({
  getParentRoute: () => root,
  path: '/sources/registered/$id',
  component: lazyRouteComponent(() => import('../pages/sources/unregister-page.tsx'), 'UnregisterPage'),
});

// Pages of who manages access, or signs in, are fetched when somebody goes there: most never do.
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  validateSearch: readAccessSearch,
  component: lazyRouteComponent(() => import('../pages/access/access-page.tsx'), 'AccessPage'),
});
const role = createRoute({
  getParentRoute: () => root,
  path: '/access/roles/$name',
  component: lazyRouteComponent(() => import('../pages/access/role-page.tsx'), 'RolePage'),
});
const newRole = createRoute({
  getParentRoute: () => root,
  path: '/access/new-role',
  component: lazyRouteComponent(() => import('../pages/access/role-page.tsx'), 'NewRolePage'),
});
const binding = createRoute({
  getParentRoute: () => root,
  path: '/access/bindings/$name',
  component: lazyRouteComponent(() => import('../pages/access/binding-page.tsx'), 'BindingPage'),
});
const newBinding = createRoute({
  getParentRoute: () => root,
  path: '/access/new-binding',
  validateSearch: readNewBindingSearch,
  component: lazyRouteComponent(() => import('../pages/access/binding-page.tsx'), 'NewBindingPage'),
});
const check = createRoute({
  getParentRoute: () => root,
  path: '/access/check',
  validateSearch: readCheckSearch,
  component: lazyRouteComponent(() => import('../pages/access/check-page.tsx'), 'CheckPage'),
});
const sessions = createRoute({
  getParentRoute: () => root,
  path: '/access/sessions',
  validateSearch: readSessionsSearch,
  component: lazyRouteComponent(() => import('../pages/access/sessions-page.tsx'), 'SessionsPage'),
});
const tokens = createRoute({
  getParentRoute: () => root,
  path: '/access/tokens',
  component: lazyRouteComponent(() => import('../pages/access/tokens-page.tsx'), 'TokensPage'),
});
const secrets = createRoute({
  getParentRoute: () => root,
  path: '/secrets',
  component: lazyRouteComponent(() => import('../pages/secrets/secrets-page.tsx'), 'SecretsPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
});
/** Any other path may be a plugin's page; which ones there are is known only when the server has told. */
const plugin = createRoute({ getParentRoute: () => root, path: '$', component: PluginPage });

/** The places of the web interface. All state of a view stands in its URL. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    catalog,
    entity,
    clusters,
    cluster,
    fleetSearch,
    timeline,
    unowned,
    evacuation,
    incidents,
    graph,
    problems,
    sources,
    register,
    unregister,
    signIn,
    settings,
    access,
    role,
    newRole,
    binding,
    newBinding,
    check,
    sessions,
    tokens,
    secrets,
    audit,
    plugin,
  ]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultErrorComponent: FailedPage,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
