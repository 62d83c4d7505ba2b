import type { Probe } from './route-walk.ts';

/** What the requests name. */
export interface CaseRefs {
  /** Refs of entities that who asks may see. */
  readonly visibleRefs: readonly string[];
  readonly hiddenRefs: readonly string[];
  readonly uidByRef: ReadonlyMap<string, string>;
}

/** What a route is asked, and whether the answers to one who sees everything name the hidden half. */
export interface RouteCase {
  readonly tells: boolean;
  probes(): readonly Probe[];
}

const all = (path: string): RouteCase => ({ tells: true, probes: () => [{ path }] });
const nothing = (...paths: string[]): RouteCase => ({ tells: false, probes: () => paths.map((path) => ({ path })) });
const lists = (...paths: string[]): RouteCase => ({ tells: true, probes: () => paths.map((path) => ({ path })) });
const posts = (path: string, ...bodies: unknown[]): RouteCase => ({
  tells: true,
  probes: () => bodies.map((body) => ({ method: 'POST', path, body })),
});

const mute = (path: string, body: unknown): RouteCase => ({
  tells: false,
  probes: () => [{ method: 'POST', path, body }],
});

/** What Backstage's permission client asks about reading some entities. */
export function readingQuestions(refs: readonly string[]): unknown {
  const permission = {
    type: 'resource',
    name: 'catalog.entity.read',
    attributes: { action: 'read' },
    resourceType: 'catalog-entity',
  };
  return { items: refs.map((resourceRef, index) => ({ id: String(index), permission, resourceRef })) };
}

const v1 = '/api/v1';
const compatible = '/api/catalog';
const pathOf = (ref: string): string => ref.replace(':', '/');
const nameOf = (ref: string): string => ref.slice(ref.indexOf('/') + 1);
const namedBody = (ref: string): object => {
  const [, kind, namespace, name] = /^(.+):(.+)\/(.+)$/.exec(ref) ?? [];
  return { kind, metadata: { namespace, name } };
};
const entityPath = (ref: string): string => `${v1}/entities/${pathOf(ref)}`;
const TRUE = encodeURIComponent('kind != ""');
const UNKNOWN = encodeURIComponent('spec.type == "service" || facts.probe.none == 1');

/** Requests of every route that reads, by method and path. */
export function routeCases({ visibleRefs, hiddenRefs, uidByRef }: CaseRefs): Readonly<Record<string, RouteCase>> {
  const eachVisible = (tells: boolean, path: (ref: string) => string): RouteCase => ({
    tells,
    probes: () => visibleRefs.map((ref) => ({ path: path(ref) })),
  });
  const groupRef = visibleRefs.find((ref) => ref.startsWith('group:'));
  return {
    'GET /api/v1/entities': lists(
      `${v1}/entities?limit=5`,
      `${v1}/entities?limit=3&order=metadata.title:desc&fields=metadata.name,relations`,
      `${v1}/entities?limit=4&where=${TRUE}&order=spec.type`,
      `${v1}/entities?limit=4&where=${UNKNOWN}`,
      `${v1}/entities?limit=7&q=title`,
      `${v1}/entities?limit=7&filter=kind=component&filter=kind=user`,
      `${v1}/entities?limit=4&search=-has:problems+kind:component,user&fields=metadata.name,facts.probe.saw`,
    ),
    'GET /api/v1/entities/export': lists(
      `${v1}/entities/export`,
      `${v1}/entities/export?format=json`,
      `${v1}/entities/export?format=yaml&search=title`,
      `${v1}/entities/export?format=json&columns=ref,spec.type,relations.ownedBy,relations.hasPart,facts.probe.saw`,
      `${v1}/entities/export?order=metadata.title:desc&${hiddenRefs.map((ref) => `ref=${encodeURIComponent(ref)}`).join('&')}`,
    ),
    'POST /api/v1/entities/bulk': posts(
      `${v1}/entities/bulk`,
      { refs: [...hiddenRefs, ...visibleRefs] },
      { refs: visibleRefs, fields: ['metadata.name', 'relations'] },
    ),
    'GET /api/v1/entities/:kind/:namespace/:name': eachVisible(true, entityPath),
    'GET /api/v1/entities/:kind/:namespace/:name/origin': eachVisible(false, (ref) => `${entityPath(ref)}/origin`),
    'GET /api/v1/entities/:kind/:namespace/:name/relations': eachVisible(
      true,
      (ref) => `${entityPath(ref)}/relations?limit=3`,
    ),
    'GET /api/v1/entities/:kind/:namespace/:name/running': eachVisible(false, (ref) => `${entityPath(ref)}/running`),
    'GET /api/v1/entities/:kind/:namespace/:name/verdict': eachVisible(false, (ref) => `${entityPath(ref)}/verdict`),
    'POST /api/v1/fleet/verdicts': posts(
      `${v1}/fleet/verdicts`,
      { refs: [...hiddenRefs, ...visibleRefs] },
      { refs: visibleRefs },
      { ownedBy: [...hiddenRefs, ...visibleRefs], partOf: [...hiddenRefs, ...visibleRefs] },
    ),
    'GET /api/v1/entities/:kind/:namespace/:name/facts': eachVisible(false, (ref) => `${entityPath(ref)}/facts`),
    'GET /api/v1/entities/:kind/:namespace/:name/history': eachVisible(
      false,
      (ref) => `${entityPath(ref)}/history?limit=1`,
    ),
    'GET /api/v1/facets': all(
      `${v1}/facets?absent=true&path=kind&path=spec.type&path=metadata.name&path=metadata.tags&path=relations.hasPart&path=relations.ownerOf&path=facts.probe.saw&path=metadata.annotations.backstage.io/managed-by-location`,
    ),
    'GET /api/v1/find': lists(
      `${v1}/find?q=t&limit=5`,
      `${v1}/find?q=title&limit=50`,
      `${v1}/find?kind=component&kind=user&limit=9`,
      ...[...visibleRefs.slice(0, 2), ...hiddenRefs.slice(0, 4)].map((ref) => `${v1}/find?q=${nameOf(ref)}&limit=3`),
    ),
    'GET /api/v1/graph/neighbourhood': eachVisible(
      true,
      (ref) => `${v1}/graph/neighbourhood?root=${ref}&depth=3&fold=owner&expanded=owner%3D${visibleRefs[0]}`,
    ),
    'GET /api/v1/graph/path': eachVisible(false, (ref) => `${v1}/graph/path?from=${ref}&to=${visibleRefs.at(-1)}`),
    'GET /api/v1/graph/dependents': eachVisible(true, (ref) => `${v1}/graph/dependents?root=${ref}&limit=4`),
    'GET /api/v1/home': all(`${v1}/home?team=${groupRef}`),
    'GET /api/v1/owned': lists(
      `${v1}/owned?owner=${groupRef}&limit=200&fact=probe.saw`,
      `${v1}/owned?where=${TRUE}&limit=200`,
    ),
    'GET /api/v1/changes': lists(
      `${v1}/changes?limit=2&each=10`,
      `${v1}/changes?owner=${groupRef}&dependencies=true&each=10`,
      `${v1}/changes?where=${TRUE}&limit=1&each=10`,
    ),
    'GET /api/v1/problems': lists(
      `${v1}/problems?limit=5`,
      `${v1}/problems?severity=error`,
      `${v1}/problems?group=owner&limit=5`,
      `${v1}/problems?group=location&q=e`,
      `${v1}/problems?limit=5&filter=kind`,
    ),
    'GET /api/v1/locations': lists(`${v1}/locations?limit=5`, `${v1}/locations?q=srv`),
    'GET /api/v1/sources': all(`${v1}/sources`),
    'GET /api/v1/query': lists(`${v1}/query?where=${TRUE}&limit=5`, `${v1}/query?where=${TRUE}&limit=5&explain=true`),
    'GET /api/v1/query/completions': lists(
      `${v1}/query/completions?prefix=metadata.&limit=50`,
      `${v1}/query/completions?prefix=metadata.name`,
      `${v1}/query/completions?prefix=metadata.labels.&limit=50`,
      `${v1}/query/completions?prefix=spec.&limit=50`,
      `${v1}/query/completions?prefix=facts.probe.`,
      `${v1}/query/completions?prefix=relations.`,
    ),
    'POST /api/v1/query': posts(
      `${v1}/query`,
      { where: 'kind != ""', limit: 4, order: 'metadata.name:desc' },
      { where: 'relations.hasPart.exists(ref, ref != "")', explain: true },
    ),
    'GET /api/v1/fleet/clusters': nothing(`${v1}/fleet/clusters`),
    'GET /api/v1/fleet/problems': nothing(`${v1}/fleet/problems`),
    'GET /api/v1/fleet/objects': nothing(`${v1}/fleet/objects`),
    'GET /api/v1/fleet/findings': nothing(`${v1}/fleet/findings`),
    'GET /api/v1/fleet/unclaimed': nothing(`${v1}/fleet/unclaimed`),
    'GET /api/v1/fleet/missing': nothing(`${v1}/fleet/missing`),
    'POST /api/v1/fleet/proposals': mute(`${v1}/fleet/proposals`, {
      items: [{ kind: 'Deployment', namespace: 'none', name: 'none' }],
    }),
    'GET /api/v1/fleet/incidents': nothing(`${v1}/fleet/incidents`),
    'GET /api/v1/fleet/search': nothing(`${v1}/fleet/search?q=t`),
    'GET /api/v1/fleet/events': nothing(`${v1}/fleet/events`),
    'GET /api/v1/fleet/evacuation': nothing(`${v1}/fleet/evacuation?label=region%3Deu`),
    'GET /api/v1/fleet/single': nothing(`${v1}/fleet/single`),
    'GET /api/v1/fleet/acting': nothing(`${v1}/fleet/acting`),
    'GET /api/v1/fleet/timeline': nothing(`${v1}/fleet/timeline`, `${v1}/fleet/timeline?newestOf=${groupRef}`),
    'GET /api/v1/fleet/changed': nothing(`${v1}/fleet/changed?window=1440`),
    'GET /api/v1/ui': nothing(`${v1}/ui`),
    'GET /api/v1/account/sessions': nothing(`${v1}/account/sessions`),
    'GET /api/v1/account/tokens': nothing(`${v1}/account/tokens`),
    'GET /api/v1/access/sessions': nothing(`${v1}/access/sessions`),
    'GET /api/v1/access/tokens': nothing(`${v1}/access/tokens`),
    'GET /api/v1/audit': nothing(`${v1}/audit`),
    'GET /api/v1/audit/verification': nothing(`${v1}/audit/verification`),
    'GET /api/v1/secrets': nothing(`${v1}/secrets`),
    'POST /api/v1/account/sign-out': mute(`${v1}/account/sign-out`, {}),
    'GET /healthz': nothing('/healthz'),
    'GET /readyz': nothing('/readyz'),
    'GET /metrics': nothing('/metrics'),
    'GET /api/catalog/entities': lists(
      `${compatible}/entities`,
      `${compatible}/entities?limit=5`,
      `${compatible}/entities?offset=2&limit=4&order=desc:metadata.name`,
      `${compatible}/entities?order=asc:spec.type`,
      `${compatible}/entities?order=asc:kind&order=desc:metadata.name&limit=6`,
      `${compatible}/entities?filter=relations.dependsOn&filter=relations.dependencyOf&fields=kind,metadata.name,relations`,
    ),
    'GET /api/catalog/entities/by-query': lists(
      `${compatible}/entities/by-query?limit=5`,
      `${compatible}/entities/by-query?limit=4&orderField=metadata.title,desc&fullTextFilterTerm=title`,
      `${compatible}/entities/by-query?limit=4&filter=kind=user`,
    ),
    'POST /api/catalog/entities/by-query': posts(
      `${compatible}/entities/by-query`,
      { limit: 5, query: { $not: { kind: 'nothing' } }, orderBy: [{ field: 'metadata.name', order: 'desc' }] },
      { limit: 5, fullTextFilter: { term: 'x', fields: ['metadata.name'] } },
    ),
    'GET /api/catalog/entities/by-name/:kind/:namespace/:name': eachVisible(
      true,
      (ref) => `${compatible}/entities/by-name/${pathOf(ref)}`,
    ),
    'GET /api/catalog/entities/by-uid/:uid': eachVisible(
      true,
      (ref) => `${compatible}/entities/by-uid/${uidByRef.get(ref)}`,
    ),
    'POST /api/catalog/entities/by-refs': posts(`${compatible}/entities/by-refs`, {
      entityRefs: [...hiddenRefs, ...visibleRefs],
    }),
    'GET /api/catalog/entity-facets': all(
      `${compatible}/entity-facets?facet=kind&facet=metadata.name&facet=spec.type&facet=relations.ownerOf&facet=relations.hasMember&facet=metadata.labels.name`,
    ),
    'POST /api/catalog/entity-facets': posts(`${compatible}/entity-facets`, {
      facets: ['metadata.name', 'relations.parentOf', 'relations.dependencyOf'],
      query: { kind: { $exists: true } },
    }),
    'GET /api/catalog/entities/by-name/:kind/:namespace/:name/ancestry': eachVisible(
      true,
      (ref) => `${compatible}/entities/by-name/${pathOf(ref)}/ancestry`,
    ),
    'GET /api/kubernetes/clusters': nothing('/api/kubernetes/clusters'),
    'GET /api/kubernetes/.well-known/backstage/permissions/metadata': nothing(
      '/api/kubernetes/.well-known/backstage/permissions/metadata',
    ),
    'POST /api/kubernetes/services/:id': mute('/api/kubernetes/services/x', {
      entity: namedBody(visibleRefs[0] ?? ''),
    }),
    'POST /api/kubernetes/resources/workloads/query': mute('/api/kubernetes/resources/workloads/query', {
      entityRef: visibleRefs[0],
    }),
    'POST /api/kubernetes/resources/custom/query': mute('/api/kubernetes/resources/custom/query', {
      entityRef: visibleRefs[0],
      customResources: [{ group: '', apiVersion: 'v1', plural: 'pods' }],
    }),
    'GET /api/v1/access/policy': nothing(`${v1}/access/policy`),
    'POST /api/v1/access/check': mute(`${v1}/access/check`, { permission: 'catalog.entity.read' }),
    'GET /api/catalog/openapi.json': nothing(`${compatible}/openapi.json`),
    'GET /.backstage/health/v1/liveness': nothing('/.backstage/health/v1/liveness'),
    'GET /.backstage/health/v1/readiness': nothing('/.backstage/health/v1/readiness'),
    'GET /api/:plugin/.backstage/auth/v1/jwks.json': nothing(`${compatible}/.backstage/auth/v1/jwks.json`),
    'GET /api/auth/.well-known/jwks.json': nothing('/api/auth/.well-known/jwks.json'),
    'GET /api/auth/.well-known/openid-configuration': nothing('/api/auth/.well-known/openid-configuration'),
    'GET /api/auth/:provider/refresh': nothing('/api/auth/guest/refresh'),
    'POST /api/auth/:provider/refresh': mute('/api/auth/guest/refresh', {}),
    'GET /api/catalog/.well-known/backstage/permissions/metadata': nothing(
      `${compatible}/.well-known/backstage/permissions/metadata`,
    ),
    'GET /api/permission/health': nothing('/api/permission/health'),
    'POST /api/permission/authorize': {
      tells: false,
      probes: () => [
        { method: 'POST', path: '/api/permission/authorize', body: readingQuestions([...hiddenRefs, ...visibleRefs]) },
      ],
    },
    'POST /api/catalog/analyze-location': mute(`${compatible}/analyze-location`, {
      location: { type: 'url', target: 'https://git.example.com/a/b' },
    }),
  };
}

/**
 * Routes that have a test of their own: below, and in `*-visibility.test.ts` those that work sources and locations. Those
 * that make and end sessions and tokens say nothing of the catalog, nor do those by which one signs in.
 */
export const routesApart: readonly string[] = [
  'GET /api/kubernetes/proxy/:path',
  'POST /api/kubernetes/proxy/:path',
  'PUT /api/kubernetes/proxy/:path',
  'PATCH /api/kubernetes/proxy/:path',
  'DELETE /api/kubernetes/proxy/:path',
  'GET /api/v1/account/preferences',
  'PUT /api/v1/account/team',
  'PUT /api/v1/account/stars/:kind/:namespace/:name',
  'DELETE /api/v1/account/stars/:kind/:namespace/:name',
  'GET /api/v1/account/views',
  'POST /api/v1/account/views',
  'PUT /api/v1/account/views/:id',
  'DELETE /api/v1/account/views/:id',
  'POST /api/v1/groups/:namespace/:group/views',
  'PUT /api/v1/groups/:namespace/:group/views/:id',
  'DELETE /api/v1/groups/:namespace/:group/views/:id',
  'GET /api/v1/audit/export',
  'PUT /api/v1/secrets/:name',
  'DELETE /api/v1/secrets/:name',
  'POST /api/v1/secrets/rotation',
  'GET /api/auth/v1/userinfo',
  'POST /api/auth/:provider/logout',
  'GET /api/:plugin/.backstage/auth/v1/cookie',
  'DELETE /api/:plugin/.backstage/auth/v1/cookie',
  'POST /api/catalog/.well-known/backstage/permissions/apply-conditions',
  'PUT /api/v1/access/roles/:name',
  'DELETE /api/v1/access/roles/:name',
  'PUT /api/v1/access/bindings/:name',
  'DELETE /api/v1/access/bindings/:name',
  'POST /api/v1/access/preview',
  'DELETE /api/v1/account/sessions/:id',
  'DELETE /api/v1/access/sessions/:id',
  'POST /api/v1/account/tokens',
  'DELETE /api/v1/account/tokens/:id',
  'POST /api/v1/access/tokens',
  'DELETE /api/v1/access/tokens/:id',
  'GET /api/auth/:provider/start',
  'GET /api/auth/:provider/handler/frame',
  'POST /api/auth/:provider/backchannel-logout',
  'GET /api/v1/events',
  'GET /api/v1/fleet/clusters/:name',
  'GET /api/v1/fleet/incidents/:id',
  'GET /api/v1/fleet/changes',
  'GET /api/v1/fleet/logs',
  'GET /api/v1/fleet/clusters/:cluster/objects/:kind/:namespace/:name',
  'GET /api/v1/fleet/diff',
  'GET /api/v1/fleet/revisions',
  'POST /api/v1/fleet/actions/preview',
  'POST /api/v1/fleet/actions',
  'POST /api/v1/sources/refresh',
  'POST /api/v1/locations',
  'GET /api/v1/locations/registered',
  'DELETE /api/v1/locations/registered/:id',
  'GET /api/catalog/locations',
  'POST /api/catalog/locations',
  'POST /api/catalog/locations/by-query',
  'GET /api/catalog/locations/:id',
  'PUT /api/catalog/locations/:id',
  'DELETE /api/catalog/locations/:id',
  'GET /api/catalog/locations/by-entity/:kind/:namespace/:name',
  'POST /api/catalog/refresh',
  'POST /api/catalog/validate-entity',
  'DELETE /api/catalog/entities/by-uid/:uid',
];
