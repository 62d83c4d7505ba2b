import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allowAll } from '../support/allow-all.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { hiddenCatalog } from '../support/hidden-catalog.ts';
import { readingQuestions, routeCases, routesApart } from '../support/route-cases.ts';
import { say, sayPages, type Probe } from '../support/route-walk.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

const catalog = hiddenCatalog();
const visibleNames = catalog.visible.map(({ metadata }) => metadata.name);
const visibleRefs = catalog.visible.map(entityRefOf);
const hiddenRefs = catalog.hidden.map(entityRefOf);
const v1 = '/api/v1';
const compatible = '/api/catalog';
const entityPath = (ref: string): string => `${v1}/entities/${ref.replace(':', '/')}`;
const TRUE = encodeURIComponent('kind != ""');

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

const cases = routeCases({ visibleRefs, hiddenRefs, uidByRef });

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
  expect([...Object.keys(cases), ...routesApart].toSorted()).toEqual([...new Set(served)].toSorted());
});

test('a stream has no HEAD: nobody would read it, and nothing would end it', async () => {
  for (const path of [
    '/api/v1/events',
    '/api/v1/fleet/logs?cluster=eu&namespace=shop&pod=web',
    '/api/v1/audit/export',
  ]) {
    const { status } = await fetch(`${server.url}${path}`, { method: 'HEAD' });
    expect(status, path).toBe(404);
  }
  const { status } = await fetch(`${server.url}/api/v1/entities`, { method: 'HEAD' });
  expect(status).toBe(200);
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

  test('of problems, locations, relations, graphs and the plan', async () => {
    expect(await json(`${v1}/problems?limit=0`)).toMatchObject({ total: count });
    expect(await json(`${v1}/locations?limit=0`)).toMatchObject({ total: count });
    const { items } = (await json(`${v1}/sources`)) as unknown as { items: object[] };
    expect(items.find((item) => (item as { collector: string }).collector === 'probe')).toMatchObject({
      locations: count,
      errors: 0,
      warnings: count,
    });
    const owner = visibleRefs[0] ?? '';
    const { nodes, groups } = (await json(`${v1}/graph/neighbourhood?root=${owner}&limit=60`)) as unknown as {
      nodes: { hidden: object[] }[];
      groups: object[];
    };
    expect([nodes.length, groups.length, nodes.flatMap(({ hidden }) => hidden)]).toEqual([count, 0, []]);
    expect(await json(`${v1}/graph/dependents?root=${owner}&relation=ownedBy`)).toMatchObject({
      total: count - 1,
      counts: { kind: [{ count: count - 2 }, { count: 1 }] },
    });
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
    ['graph around it', (n) => ({ path: `${v1}/graph/neighbourhood?root=component:default/${n}` })],
    ['what it breaks', (n) => ({ path: `${v1}/graph/dependents?root=component:default/${n}` })],
    ['the way to it', (n) => ({ path: `${v1}/graph/path?from=${visibleRefs[0]}&to=component:default/${n}` })],
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
      (n) => ({
        method: 'POST',
        path: '/api/permission/authorize',
        body: readingQuestions([`component:default/${n}`]),
      }),
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
