/** What a page can be seen in: with content, on an empty catalog, with answers that fail, by one who may not see it. */
export const pageStates = ['full', 'empty', 'error', 'denied'] as const;
export type PageState = (typeof pageStates)[number];

/** One page of the web interface, as the tests of looks and sizes open it. */
export interface PageCase {
  /** Path of its route, as `web/app/router.tsx` writes it; the first case of a route stands for the route. */
  readonly route: string;
  /** What is opened; `{registration}` is the id of a registered location. */
  readonly path: string;
  /** `theatre`: a catalog of files that guests read. `house`: people, roles, tokens; opened as the administrator. */
  readonly stage: 'theatre' | 'house';
  /** A text that is there once the page is drawn, by state; states that are not named are not looked at. */
  readonly shows: Partial<Readonly<Record<PageState, string>>>;
}

const error = 'The server could not answer.';
const denied = 'You may not see this.';
const emptyCatalog = 'The catalog is empty';

function inTheatre(route: string, path: string, shows: PageCase['shows']): PageCase {
  return { route, path, stage: 'theatre', shows };
}

function inHouse(route: string, path: string, shows: PageCase['shows']): PageCase {
  return { route, path, stage: 'house', shows };
}

const entity = '/catalog/$kind/$namespace/$name';
const noEntity = 'The catalog has no such entity';

/** Every page; a route of the router that has none here fails `looks.test.ts`. */
export const pages: readonly PageCase[] = [
  inTheatre('/', '/?team=*', { full: 'Needs somebody', empty: 'The catalog is empty', error }),
  inTheatre('/', '/?team=group:default/stage', { full: 'desk' }),
  inTheatre('/catalog', '/catalog', { full: 'desk', empty: emptyCatalog, error }),
  inTheatre('/catalog', '/catalog?kind=component&type=service&more=owner', { full: 'desk' }),
  inTheatre('/catalog', '/catalog?where=spec.lifecycle+%3D%3D+"production"', { full: 'could not be decided' }),
  inTheatre('/catalog', '/catalog?where=spec.', { full: 'Invalid expression' }),
  inTheatre('/catalog', '/catalog?q=nothing', { empty: 'No entity matches' }),
  inTheatre(entity, '/catalog/component/default/desk', { full: 'Sells seats', empty: noEntity, error }),
  inTheatre(entity, '/catalog/component/default/lost', { full: 'not in the catalog' }),
  inTheatre(entity, '/catalog/component/default/desk?view=running', { full: 'desk-7f9-x2v9k', error }),
  ...['logs', 'yaml', 'diff', 'actions'].map((pane) =>
    inTheatre(entity, `/catalog/component/default/desk?view=running&pane=${pane}`, {
      full: 'restarting failed container',
    }),
  ),
  inTheatre(entity, '/catalog/component/default/desk?view=running&pane=events', { full: 'No warning in the time' }),
  inTheatre(entity, '/catalog/component/default/desk?view=relations', { full: 'Owned by' }),
  inTheatre(entity, '/catalog/component/default/desk?view=facts', { full: 'completeness' }),
  inTheatre(entity, '/catalog/component/default/lost?view=problems', { full: 'nobody' }),
  inTheatre(entity, '/catalog/component/default/desk?view=history', { full: 'newest first' }),
  inTheatre(entity, '/catalog/component/default/desk?view=descriptor', { full: 'apiVersion' }),
  inTheatre('/graph', '/graph?root=component:default/desk', {
    full: 'tickets',
    empty: 'The catalog has no such entity',
    error,
  }),
  inTheatre('/graph', '/graph?root=component:default/desk&twin=table', { full: 'tickets' }),
  inTheatre('/graph', '/graph', { full: 'Graph' }),
  inTheatre('/clusters', '/clusters', { full: 'Partly read', empty: 'No cluster is connected', error }),
  inTheatre('/clusters', '/clusters?twin=table', { full: 'never read' }),
  inTheatre('/clusters', '/clusters?state=unreachable&label=environment=staging', {
    full: 'No cluster of this choice',
  }),
  inTheatre('/fleet/unowned', '/fleet/unowned', { full: 'poster-printer', empty: 'No cluster is connected', error }),
  inTheatre('/fleet/unowned', '/fleet/unowned?show=Deployment%2Ffoyer%2Fposter-printer', { full: 'kind: Component' }),
  inTheatre('/fleet/unowned', '/fleet/unowned?view=missing', {
    full: 'ramp',
    empty: 'No cluster is connected',
    error,
  }),
  inTheatre('/clusters/$name', '/clusters/prod-eu-1', { full: 'BackOff', error }),
  inTheatre('/clusters/$name', '/clusters/prod-eu-2', { full: 'may not list jobs' }),
  inTheatre('/clusters/$name', '/clusters/prod-eu-3', { full: 'Nothing listens at' }),
  inTheatre('/clusters/$name', '/clusters/nowhere', { full: 'There is no cluster nowhere' }),
  inTheatre('/fleet/timeline', '/fleet/timeline', {
    full: 'prod-eu-3 is unreachable',
    empty: 'Nothing happened in this time',
    error,
  }),
  inTheatre('/fleet/timeline', '/fleet/timeline?twin=table&kind=config', { full: 'ConfigMap desk-settings changed' }),
  inTheatre('/fleet/incidents', '/fleet/incidents', {
    full: 'Nothing fails together',
    empty: 'No cluster is connected',
    error,
  }),
  inTheatre('/fleet/incidents', '/fleet/incidents?state=ended&cluster=prod-eu-1', { full: 'None ended' }),
  inTheatre('/fleet/search', '/fleet/search?q=desk', {
    full: '4 of 7 clusters answered',
    empty: 'No cluster is connected',
    error,
  }),
  inTheatre('/fleet/search', '/fleet/search', { full: 'What are you looking for?' }),
  inTheatre('/fleet/evacuation', '/fleet/evacuation?cluster=prod-eu-1', { full: 'Goes on with less', error }),
  inTheatre('/fleet/evacuation', '/fleet/evacuation', { full: 'Choose a cluster or a region' }),
  inTheatre('/fleet/evacuation', '/fleet/evacuation?view=single', { full: 'carried by one cluster alone' }),
  inTheatre('/problems', '/problems', { full: 'broken.yaml', empty: 'No problem is known', error }),
  inTheatre('/problems', '/problems?group=owner', { full: 'Nobody is known to own these' }),
  inTheatre('/problems', '/problems?severity=error&code=nothing', { full: 'No problem of this choice' }),
  inTheatre('/sources', '/sources', { full: 'desk.yaml', empty: 'No location of this choice', error }),
  inTheatre('/sources', '/sources?state=stale', { full: 'No source is in this state' }),
  inTheatre('/sources/register', '/sources/register', { full: 'See what it would bring' }),
  inTheatre('/sources/registered/$id', '/sources/registered/{registration}', { full: 'Unregister it', error }),
  inTheatre('$', '/nowhere', { full: 'Nothing is pinned at', empty: 'Nothing is pinned at' }),
  inHouse('/settings', '/settings', { full: 'Who you are to Callboard' }),
  inHouse('/access', '/access', { full: 'owns(principal, entity)', denied, error }),
  inHouse('/access', '/access?view=bindings', { full: 'all-read' }),
  inHouse('/access', '/access?view=permissions', { full: 'access.audit.export' }),
  inHouse('/access/roles/$name', '/access/roles/electrician', { full: 'See what changes' }),
  inHouse('/access/roles/$name', '/access/roles/stagehand', { full: 'It stands in the policy file' }),
  inHouse('/access/roles/$name', '/access/roles/nobody', { full: 'No role is called nobody' }),
  inHouse('/access/bindings/$name', '/access/bindings/stage', { full: 'It stands in the policy file' }),
  inHouse('/access/new-role', '/access/new-role', { full: 'See what changes' }),
  inHouse('/access/new-binding', '/access/new-binding', { full: 'See what changes' }),
  inHouse('/access/check', '/access/check?principal=user:default/bob&permission=catalog.entity.delete', {
    full: 'For some entities',
  }),
  inHouse('/access/sessions', '/access/sessions', { full: 'Firefox on Linux', denied, error }),
  inHouse('/access/tokens', '/access/tokens', { full: 'mirror', denied, error }),
  inHouse('/secrets', '/secrets', { full: 'okta-client', denied, error }),
  inHouse('/audit', '/audit', { full: 'access.token.create', denied, error }),
  inHouse('/sign-in', '/sign-in', { full: 'You are signed in' }),
];

/** The first case of each route: it stands for the route. */
export const pageOfRoute: ReadonlyMap<string, PageCase> = new Map(
  pages.toReversed().map((page) => [page.route, page] as const),
);
