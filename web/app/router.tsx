import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { CatalogPage } from '../pages/catalog/catalog-page.tsx';
import { readCatalogSearch } from '../pages/catalog/catalog-search.ts';
import { EntityPage } from '../pages/entity/entity-page.tsx';
import { readEntitySearch } from '../pages/entity/entity-search.ts';
import { ProblemsPage } from '../pages/problems/problems-page.tsx';
import { readProblemsSearch } from '../pages/problems/problems-search.ts';
import { SourcesPage } from '../pages/sources/sources-page.tsx';
import { readSourcesSearch } from '../pages/sources/sources-search.ts';
import { parseSearch, stringifySearch } from '../url/search-codec.ts';
import { FailedPage } from './failed-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PluginPage } from './plugin-page.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's way to redirect
    throw redirect({ to: '/catalog', replace: true });
  },
});

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  validateSearch: readCatalogSearch,
  component: CatalogPage,
});

const entity = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$kind/$namespace/$name',
  validateSearch: readEntitySearch,
  component: EntityPage,
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: readProblemsSearch,
  component: ProblemsPage,
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  validateSearch: readSourcesSearch,
  component: SourcesPage,
});

/** Any other path may be a plugin's page; which ones there are is known only when the server has told. */
const plugin = createRoute({ getParentRoute: () => root, path: '$', component: PluginPage });

/** The places of the web interface. All state of a view stands in its URL. */
export const router = createRouter({
  routeTree: root.addChildren([home, catalog, entity, problems, sources, plugin]),
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
