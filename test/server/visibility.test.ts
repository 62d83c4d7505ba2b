import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allowAll } from '../support/allow-all.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { hiddenCatalog } from '../support/hidden-catalog.ts';
import { say, sayPages, type Probe } from '../support/route-walk.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

const catalog = hiddenCatalog();
const visibleNames = catalog.visible.map(({ metadata }) => metadata.name);
const visibleRefs = catalog.visible.map(entityRefOf);
const hiddenRefs = catalog.hidden.map(entityRefOf);
const pathOf = (ref: string): string => ref.replace(':', '/');

/** What the policy of the server says now. */
let policy = halfPolicy;
let server: TestServer;
/** Revision before any entity. */
let start = 0;
const uidByRef = new Map<string, string>();

beforeAll(async () => {
  server = await startTestServer({ policy: { decide: (...asked) => policy.decide(...asked) } });
  start = await server.store.revision();
  await server.store.commit(catalog.writes);
  const { revision } = await server.store.commit(catalog.updates);
  await server.graph.waitFor(revision);
  const everything = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  for (const ref of [...visibleRefs, ...hiddenRefs]) {
    const entity = JSON.parse(Buffer.from(everything.bytes(everything.find(ref) ?? -1)).toString()) as {
      metadata: { uid: string };
    };
    uidByRef.set(ref, entity.metadata.uid);
  }
});
afterAll(() => server.close());
beforeEach(() => {
  policy = halfPolicy;
});

/** What a route is asked, and whether the answers to one who sees everything name the hidden half. */
interface Case {
  readonly tells: boolean;
  probes(): readonly Probe[];
}

const all = (path: string): Case => ({ tells: true, probes: () => [{ path }] });
const nothing = (path: string): Case => ({ tells: false, probes: () => [{ path }] });
const eachVisible = (tells: boolean, path: (ref: string) => string): Case => ({
  tells,
  probes: () => visibleRefs.map((ref) => ({ path: path(ref) })),
});
const lists = (...paths: string[]): Case => ({ tells: true, probes: () => paths.map((path) => ({ path })) });
const posts = (path: string, ...bodies: unknown[]): Case => ({
  tells: true,
  probes: () => bodies.map((body) => ({ method: 'POST', path, body })),
});

const mute = (path: string, body: unknown): Case => ({ tells: false, probes: () => [{ method: 'POST', path, body }] });

/** What Backstage's permission client asks about reading some entities. */
function questions(refs: readonly string[]): unknown {
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
const entityPath = (ref: string): string => `${v1}/entities/${pathOf(ref)}`;
const TRUE = encodeURIComponent('kind != ""');
const UNKNOWN = encodeURIComponent('spec.type == "service" || facts.probe.none == 1');

/** Every route that reads, by method and path. */
const cases: Readonly<Record<string, Case>> = {
  'GET /api/v1/entities': lists(
    `${v1}/entities?limit=5`,
    `${v1}/entities?limit=3&order=metadata.title:desc&fields=metadata.name,relations`,
    `${v1}/entities?limit=4&where=${TRUE}&order=spec.type`,
    `${v1}/entities?limit=4&where=${UNKNOWN}`,
    `${v1}/entities?limit=7&q=title`,
    `${v1}/entities?limit=7&filter=kind=component&filter=kind=user`,
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
  'GET /api/v1/entities/:kind/:namespace/:name/facts': eachVisible(false, (ref) => `${entityPath(ref)}/facts`),
  'GET /api/v1/entities/:kind/:namespace/:name/history': eachVisible(
    false,
    (ref) => `${entityPath(ref)}/history?limit=1`,
  ),
  'GET /api/v1/facets': all(
    `${v1}/facets?path=kind&path=spec.type&path=metadata.name&path=metadata.tags&path=relations.hasPart&path=relations.ownerOf&path=facts.probe.saw&path=metadata.annotations.backstage.io/managed-by-location`,
  ),
  'GET /api/v1/problems': lists(`${v1}/problems?limit=5`, `${v1}/problems?severity=error`),
  'GET /api/v1/locations': lists(`${v1}/locations?limit=5`, `${v1}/locations?q=srv`),
  'GET /api/v1/sources': all(`${v1}/sources`),
  'GET /api/v1/query': lists(`${v1}/query?where=${TRUE}&limit=5`, `${v1}/query?where=${TRUE}&limit=5&explain=true`),
  'POST /api/v1/query': posts(
    `${v1}/query`,
    { where: 'kind != ""', limit: 4, order: 'metadata.name:desc' },
    { where: 'relations.hasPart.exists(ref, ref != "")', explain: true },
  ),
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
      { method: 'POST', path: '/api/permission/authorize', body: questions([...hiddenRefs, ...visibleRefs]) },
    ],
  },
  'POST /api/catalog/analyze-location': mute(`${compatible}/analyze-location`, {
    location: { type: 'url', target: 'https://git.example.com/a/b' },
  }),
};

/**
 * Routes that have a test of their own: below, and in `*-visibility.test.ts` those that work sources and locations. Those
 * that make and end sessions and tokens say nothing of the catalog, nor do those by which one signs in.
 */
const apart = [
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

async function servedRoutes(): Promise<readonly string[]> {
  const { body } = await say(server, { path: '/api/openapi.json' });
  const { paths } = body as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
}

function secretsIn(text: string): readonly string[] {
  return catalog.secrets.filter((secret) => text.toLowerCase().includes(secret));
}

test('every route that is served has a case', async () => {
  const served = (await servedRoutes()).filter((route) => !route.startsWith('HEAD '));
  expect(served).toEqual(expect.arrayContaining(Object.keys(apiRoutes)));
  expect([...Object.keys(cases), ...apart].toSorted()).toEqual([...new Set(served)].toSorted());
});

test.each(Object.entries(cases))('%s never names the hidden half', async (_, { probes }) => {
  for (const probe of probes()) {
    for (const page of await sayPages(server, probe)) {
      expect(page.status, page.text).toBe(200);
      expect(secretsIn(page.text), probe.path).toEqual([]);
    }
  }
});

const telling = Object.entries(cases).filter(([, { tells }]) => tells);

test.each(telling)(
  '%s names it to who may see everything, so the test above means something',
  async (_, { probes }) => {
    policy = allowAll;
    const told = new Set<string>();
    for (const probe of probes())
      for (const page of await sayPages(server, probe)) for (const secret of secretsIn(page.text)) told.add(secret);
    expect(told.size).toBeGreaterThan(0);
  },
);

type Facets = Readonly<Record<string, { readonly values: readonly { readonly count: number }[] }>>;

describe('counts are of the visible half', () => {
  const count = visibleRefs.length;
  const json = async (path: string): Promise<Record<string, never>> =>
    (await say(server, { path })).body as Record<string, never>;

  test('of lists and their unknown', async () => {
    expect(await json(`${v1}/entities?limit=0`)).toMatchObject({ total: count, unknown: 0, items: [] });
    expect(await json(`${v1}/entities?limit=0&where=${encodeURIComponent('facts.probe.none == 1')}`)).toMatchObject({
      total: 0,
      unknown: count,
    });
    expect(await json(`${compatible}/entities/by-query?limit=0`)).toMatchObject({ totalItems: count });
    expect(await json(`${compatible}/entities`)).toHaveLength(count);
  });

  test('of walks in both directions', async () => {
    const names = async (path: string): Promise<string[]> =>
      (await sayPages(server, { path })).flatMap(({ body }) =>
        (body as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name),
      );
    expect((await names(`${v1}/entities?limit=4`)).toSorted()).toEqual(visibleNames.toSorted());
    expect((await names(`${compatible}/entities/by-query?limit=3`)).toSorted()).toEqual(visibleNames.toSorted());
  });

  test('of facets', async () => {
    const { facets } = (await json(`${v1}/facets?path=kind`)) as { facets?: Facets };
    const values = facets?.['kind']?.values ?? [];
    expect(values.reduce((sum, value) => sum + value.count, 0)).toBe(count);
  });

  test('of problems, locations, relations and the plan', async () => {
    expect(await json(`${v1}/problems?limit=0`)).toMatchObject({ total: count });
    expect(await json(`${v1}/locations?limit=0`)).toMatchObject({ total: count });
    const { items } = (await json(`${v1}/sources`)) as unknown as { items: object[] };
    expect(items.find((item) => (item as { collector: string }).collector === 'probe')).toMatchObject({
      locations: count,
      errors: 0,
      warnings: count,
    });
    const owner = visibleRefs[0] ?? '';
    expect(await json(`${entityPath(owner)}/relations?type=ownerOf&limit=0`)).toMatchObject({ total: count - 1 });
    expect(await json(`${v1}/query?where=${TRUE}&explain=true`)).toMatchObject({ total: count, plan: { true: count } });
  });
});

describe('a hidden entity looks like none', () => {
  const hiddenRef = hiddenRefs.find((ref) => ref.startsWith('component:')) ?? '';
  const name = hiddenRef.split('/')[1] ?? '';
  const noName = name.replace(/^x/, 'y');
  const noUid = '00000000-0000-4000-8000-000000000000';

  /** Requests that name an entity, by its name and its uid. */
  const naming: readonly [string, (name: string, uid: string) => Probe][] = [
    ['by path', (n) => ({ path: `${v1}/entities/component/default/${n}` })],
    ['origin by path', (n) => ({ path: `${v1}/entities/component/default/${n}/origin` })],
    ['bulk read', (n) => ({ method: 'POST', path: `${v1}/entities/bulk`, body: { refs: [`component:default/${n}`] } })],
    [
      'refresh of it',
      (n) => ({ method: 'POST', path: `${v1}/sources/refresh`, body: { entityRef: `component:default/${n}` } }),
    ],
    ['relations by path', (n) => ({ path: `${v1}/entities/component/default/${n}/relations` })],
    ['facts by path', (n) => ({ path: `${v1}/entities/component/default/${n}/facts` })],
    ['history by path', (n) => ({ path: `${v1}/entities/component/default/${n}/history` })],
    [
      'check of what is allowed on it',
      (n) => ({
        method: 'POST',
        path: `${v1}/access/check`,
        body: { permission: 'catalog.entity.refresh', entity: `component:default/${n}` },
      }),
    ],
    [
      'decision on it',
      (n) => ({ method: 'POST', path: '/api/permission/authorize', body: questions([`component:default/${n}`]) }),
    ],
    ['expression', (n) => ({ path: `${v1}/entities?where=${encodeURIComponent(`metadata.name == "${n}"`)}` })],
    [
      'expression that is unknown',
      (n) => ({ path: `${v1}/query?where=${encodeURIComponent(`metadata.name != "${n}" && spec.none`)}` }),
    ],
    [
      'expression over relations',
      (n) => ({
        path: `${v1}/query?where=${encodeURIComponent(`"component:default/${n}" in relations.dependencyOf`)}`,
      }),
    ],
    ['filter', (n) => ({ path: `${v1}/entities?filter=metadata.name=${n}` })],
    [
      'filter over relations',
      (n) => ({ path: `${compatible}/entities?filter=relations.dependencyOf=component:default/${n}` }),
    ],
    ['free text', (n) => ({ path: `${v1}/entities?q=${n}` })],
    ['problems of it', (n) => ({ path: `${v1}/problems?entity=component:default/${n}` })],
    ['problems of its location', (n) => ({ path: `${v1}/problems?location=test:/srv/${n}.yaml` })],
    ['location text', (n) => ({ path: `${v1}/locations?q=${n}` })],
    ['facets of it', (n) => ({ path: `${v1}/facets?path=kind&filter=metadata.name=${n}` })],
    ['by-name', (n) => ({ path: `${compatible}/entities/by-name/component/default/${n}` })],
    ['by-uid', (_, uid) => ({ path: `${compatible}/entities/by-uid/${uid}` })],
    [
      'by-refs',
      (n) => ({
        method: 'POST',
        path: `${compatible}/entities/by-refs`,
        body: { entityRefs: [`component:default/${n}`] },
      }),
    ],
    [
      'full text',
      (n) => ({ path: `${compatible}/entities/by-query?fullTextFilterTerm=${n}&fullTextFilterFields=metadata.name` }),
    ],
    [
      'predicate',
      (n) => ({
        method: 'POST',
        path: `${compatible}/entities/by-query`,
        body: { query: { 'metadata.name': { $hasPrefix: n } } },
      }),
    ],
    [
      'relation predicate',
      (n) => ({
        method: 'POST',
        path: `${compatible}/entity-facets`,
        body: {
          facets: ['kind'],
          query: { relations: { $contains: { type: 'dependencyOf', targetRef: `component:default/${n}` } } },
        },
      }),
    ],
  ];

  test.each(naming)('%s', async (_, probe) => {
    const uid = uidByRef.get(hiddenRef) ?? '';
    const strip = (text: string, ...words: string[]): string =>
      words.reduce((rest, word) => rest.replaceAll(word, 'WORD'), text).replace(/#[\w-]+"/g, '#id"');
    const bodyOf = async (asked: Probe): Promise<string> => JSON.stringify((await say(server, asked)).body);
    const hidden = strip(await bodyOf(probe(name, uid)), name, uid);
    const absent = strip(await bodyOf(probe(noName, noUid)), noName, noUid);
    expect(hidden).toBe(absent);
    policy = allowAll;
    expect(strip(await bodyOf(probe(name, uid)), name, uid)).not.toBe(hidden);
  });

  test('a relation to it that a visible entity declares is not shown', async () => {
    const citing =
      ['citing-a', 'citing-b', 'citing-c', 'citing-d'].find((item) => !isHidden(`component:default/${item}`)) ?? '';
    await server.put(component(citing, { dependsOn: [hiddenRef], owner: visibleRefs[0] ?? '' }));
    const { body } = await say(server, {
      path: `${v1}/entities?where=${encodeURIComponent('has(relations.dependsOn)')}`,
    });
    expect(
      (body as { items: { relations: { targetRef: string }[] }[] }).items.flatMap((item) =>
        item.relations.map(({ targetRef }) => targetRef),
      ),
    ).not.toContain(hiddenRef);
    await server.remove(`component:default/${citing}`);
  });
});

test('a location that holds hidden entities too counts the visible ones', async () => {
  const name = 'test:/srv/shared.yaml';
  const [shown, hidden] = [visibleRefs.at(-1) ?? '', hiddenRefs[0] ?? ''];
  await move([shown, hidden], name, 2);
  const { body } = await say(server, { path: `${v1}/locations?q=shared` });
  expect(body).toMatchObject({ total: 1, items: [{ ref: name, entities: 1 }] });
});

/** Lets one location declare these entities instead of their own. */
async function move(refs: readonly string[], to: string, entities: number): Promise<void> {
  const own = catalog.updates.flatMap((write) =>
    write.op === 'putEntity' && refs.includes(write.entity.ref) ? [write.entity] : [],
  );
  await server.store.commit(own.map(({ ref, location }) => ({ op: 'deleteEntity', ref, location })));
  const { revision } = await server.store.commit([
    ...own.map((entity) => ({ op: 'putEntity', entity: { ...entity, location: to } }) as const),
    { op: 'putLocation', location: { ref: to, source: 'test', fingerprint: '1', entities, changedAt: 1 } },
  ]);
  await server.graph.waitFor(revision);
}

describe('GET /api/v1/events', () => {
  test('tells of the visible half alone, live and on resume', async () => {
    const stream = await openSse(`${server.url}${v1}/events?after=${start}`);
    expect(stream.status).toBe(200);
    // A condition that may read facts cannot be held against the past once facts changed without the log.
    await stream.next('change', 'relist');
    await server.store.commit(
      catalog.updates.map((write) =>
        write.op === 'putEntity' ? { ...write, entity: { ...write.entity, hash: 'third' } } : write,
      ),
    );
    // All of one transaction; the last of them is declared elsewhere by now.
    const changed = visibleRefs[0] ?? '';
    while (!stream.text().includes(changed)) await stream.next('change');
    expect(secretsIn(stream.text())).toEqual([]);
    stream.close();
  });

  test('tells who may see everything of the hidden half too', async () => {
    policy = allowAll;
    const stream = await openSse(`${server.url}${v1}/events?after=${start}`);
    const event = await stream.next('change');
    expect(secretsIn(JSON.stringify(event.data)).length).toBeGreaterThan(0);
    stream.close();
  });
});
