import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, ClientError, type Client } from '../../src/client.ts';
import type { Entity } from '../../src/model/entity.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let client: Client;
/** Revision of the last write. */
let revision = 0;

const group: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'stage', title: 'Stage crew' },
  spec: { type: 'team', children: [] },
};
const api: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name: 'cues' },
  spec: { type: 'grpc', lifecycle: 'production', owner: 'stage', definition: 'x' },
};

beforeAll(async () => {
  server = await startTestServer({
    entities: [
      group,
      api,
      component(
        'lights',
        { providesApis: ['cues'], dependsOn: ['component:default/power'] },
        { title: 'Light desk', tags: ['live'] },
      ),
      component('sound', { type: 'library', consumesApis: ['cues'] }, { description: 'Plays what the desk says' }),
      component('curtain', { lifecycle: 'experimental' }),
    ],
  });
  client = createClient({ baseUrl: server.url });
  const ref = 'component:default/lights';
  const fact = { entityRef: ref, collector: 'probe', source: 'hall', observedAt: 1_000 };
  const problem = {
    source: 'files',
    code: 'entity-schema',
    location: 'file:/srv/b.yaml',
    severity: 'warning',
    since: 0,
  } as const;
  const now = Date.now();
  ({ revision } = await server.store.commit([
    { op: 'putFact', fact: { ...fact, path: 'score', value: 80 } },
    { op: 'putFact', fact: { ...fact, path: 'image.age', value: null, error: 'timeout' } },
    { op: 'putFact', fact: { ...fact, path: 'old', value: 'x', source: 'cellar' } },
    { op: 'putLease', lease: { collector: 'probe', source: 'hall', lastSuccessAt: now, expiresAt: now + 3_600_000 } },
    {
      op: 'putLease',
      lease: { collector: 'probe', source: 'cellar', lastSuccessAt: 1_000, expiresAt: 2_000, error: 'dark' },
    },
    {
      op: 'putProblem',
      problem: { ...problem, id: 'p1', message: 'one', entityRef: ref, line: 12, path: 'spec.type' },
    },
    { op: 'putProblem', problem: { ...problem, id: 'p2', message: 'two', line: 3 } },
    {
      op: 'putProblem',
      problem: {
        ...problem,
        id: 'p3',
        message: 'three',
        severity: 'error',
        code: 'yaml-syntax',
        location: 'file:/srv/z.yaml',
      },
    },
    {
      op: 'putLocation',
      location: { ref: 'file:/srv/b.yaml', source: 'files', fingerprint: '1', entities: 2, changedAt: 5 },
    },
    {
      op: 'putLocation',
      location: {
        ref: 'file:/srv/z.yaml',
        source: 'files',
        fingerprint: '1',
        entities: 0,
        changedAt: 6,
        parent: 'file:/srv/b.yaml',
      },
    },
  ]));
  await server.graph.waitFor(revision);
});
afterAll(() => server.close());

const namesOf = (page: { readonly items: readonly Entity[] }): string[] =>
  page.items.map(({ metadata }) => metadata.name);

async function refusal(call: Promise<unknown>): Promise<ClientError> {
  const thrown: unknown = await call.catch((error: unknown) => error);
  if (!(thrown instanceof ClientError)) throw new Error(`expected a refusal, got ${JSON.stringify(thrown)}`);
  return thrown;
}

describe('GET /api/v1/entities', () => {
  const list = (
    query: Parameters<typeof client.call<'GET /api/v1/entities'>>[1] extends infer Options
      ? Options extends { query?: infer Query }
        ? Query
        : never
      : never,
  ) => client.call('GET /api/v1/entities', { query });

  test('lists whole entities by ref, with their relations, and says of which revision', async () => {
    const page = await list({});
    expect(namesOf(page)).toEqual(['cues', 'curtain', 'lights', 'sound', 'stage']);
    expect(page).toMatchObject({ total: 5, unknown: 0 });
    // Collectors write too, so this may be newer.
    expect(page.revision).toBeGreaterThanOrEqual(revision);
    expect(page).not.toHaveProperty('next');
    expect(page.items[2]).toMatchObject({
      metadata: { uid: expect.any(String), etag: expect.any(String), namespace: 'default' },
      relations: [
        { type: 'dependsOn', targetRef: 'component:default/power' },
        { type: 'ownedBy', targetRef: 'group:default/stage' },
        { type: 'providesApi', targetRef: 'api:default/cues' },
      ],
    });
  });

  test('takes expression, filter and free text together', async () => {
    expect(
      namesOf(await list({ where: 'spec.lifecycle == "production"', filter: ['kind=component'], q: 'DESK' })),
    ).toEqual(['lights', 'sound']);
    expect(namesOf(await list({ filter: ['kind=group', 'spec.type=grpc'] }))).toEqual(['cues', 'stage']);
    expect(namesOf(await list({ q: 'desk plays' }))).toEqual(['sound']);
  });

  test('counts what an expression cannot decide', async () => {
    const page = await list({ where: 'spec.lifecycle == "production"' });
    expect(page).toMatchObject({ total: 3, unknown: 1 });
    expect(namesOf(page)).not.toContain('stage');
  });

  test('orders, and pages in both directions', async () => {
    const first = await list({ order: 'metadata.name:desc', limit: 2, filter: ['kind=component'] });
    expect(namesOf(first)).toEqual(['sound', 'lights']);
    const second = await list({
      order: 'metadata.name:desc',
      limit: 2,
      filter: ['kind=component'],
      cursor: first.next,
    });
    expect(namesOf(second)).toEqual(['curtain']);
    const back = await list({
      order: 'metadata.name:desc',
      limit: 2,
      filter: ['kind=component'],
      cursor: second.previous,
    });
    expect(namesOf(back)).toEqual(['sound', 'lights']);
  });

  test('cuts entities down to fields', async () => {
    const { items } = await list({ fields: ['metadata.name, spec.owner', 'metadata.tags'], q: 'light' });
    expect(items).toEqual([{ metadata: { name: 'lights', tags: ['live'] }, spec: { owner: 'group:default/stage' } }]);
  });

  test('limit 0 answers the counts alone', async () => {
    expect(await list({ limit: 0 })).toEqual({ revision: expect.any(Number), total: 5, unknown: 0, items: [] });
  });

  test('refuses what it does not understand, and says what and where', async () => {
    expect(await refusal(list({ where: 'kind = "API"' }))).toMatchObject({
      status: 400,
      code: 'EXPRESSION_INVALID',
      problem: { details: { line: 1 } },
    });
    expect(await refusal(list({ filter: ['=x'] }))).toMatchObject({ status: 400, code: 'FILTER_INVALID' });
    expect(await refusal(list({ fields: ['a[0]'] }))).toMatchObject({ status: 400, code: 'FIELDS_INVALID' });
    expect(await refusal(list({ cursor: 'x' }))).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    const other = await list({ limit: 1 });
    expect(await refusal(list({ limit: 1, q: 'desk', cursor: other.next }))).toMatchObject({
      status: 400,
      code: 'CURSOR_INVALID',
    });
    expect(await refusal(list({ limit: 1001 }))).toMatchObject({
      status: 400,
      code: 'REQUEST_INVALID',
      problem: { errors: [{ path: 'query.limit' }] },
    });
    const unknown = await server.get('/api/v1/entities?nonsense=1');
    expect(await unknown.json()).toMatchObject({ status: 400, errors: [{ path: 'query.nonsense' }] });
  });
});

describe('one entity', () => {
  const lights = { kind: 'Component', namespace: 'DEFAULT', name: 'Lights' };
  const path = 'GET /api/v1/entities/:kind/:namespace/:name';

  test('is found in any letter case', async () => {
    expect(await client.call(path, { params: lights })).toMatchObject({ metadata: { name: 'lights' } });
  });

  test.each([path, `${path}/relations`, `${path}/facts`, `${path}/history`] as const)(
    '%s answers 404 for none',
    async (route) => {
      const error = await refusal(client.call(route, { params: { ...lights, name: 'nobody' } }));
      expect(error).toMatchObject({
        status: 404,
        code: 'ENTITY_NOT_FOUND',
        problem: { details: { ref: 'component:default/nobody' } },
      });
    },
  );

  test('relations: both directions, those of a type, and whether the other end exists', async () => {
    const { items, total } = await client.call(`${path}/relations`, { params: lights });
    expect(total).toBe(3);
    expect(items).toContainEqual({ type: 'dependsOn', targetRef: 'component:default/power', exists: false });
    const owned = await client.call(`${path}/relations`, {
      params: { kind: 'group', namespace: 'default', name: 'stage' },
      query: { type: ['ownerOf'], limit: 2 },
    });
    expect(owned.items.map(({ targetRef }) => targetRef)).toEqual(['api:default/cues', 'component:default/curtain']);
    expect(owned).toMatchObject({ total: 4, next: expect.any(String) });
  });

  test('facts: value, source, age and freshness', async () => {
    const { items } = await client.call(`${path}/facts`, { params: lights, query: { collector: 'probe' } });
    expect(items.map(({ path: at, state }) => [at, state])).toEqual([
      ['image.age', 'failed'],
      ['old', 'stale'],
      ['score', 'fresh'],
    ]);
    expect(items[0]).toMatchObject({ error: 'timeout', value: null });
    expect(items[2]).toMatchObject({ value: 80, source: 'hall', observedAt: '1970-01-01T00:00:01.000Z' });
    expect(items[2]?.ageSeconds).toBeGreaterThan(1e9);
  });

  test('history: newest first, page by page', async () => {
    await server.put(component('curtain', { lifecycle: 'production' }));
    const params = { ...lights, name: 'curtain' };
    const newest = await client.call(`${path}/history`, { params, query: { limit: 1 } });
    expect(newest.items).toMatchObject([
      { op: 'updated', source: 'test', entity: { spec: { lifecycle: 'production' } } },
    ]);
    const older = await client.call(`${path}/history`, { params, query: { limit: 1, cursor: newest.next } });
    expect(older.items).toMatchObject([{ op: 'created', entity: { spec: { lifecycle: 'experimental' } } }]);
    expect(older.next).toBeUndefined();
    expect(await refusal(client.call(`${path}/history`, { params, query: { cursor: 'x' } }))).toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });
});

test('facets count the chosen entities, and say when there are more values', async () => {
  const { facets } = await client.call('GET /api/v1/facets', {
    query: { path: ['kind', 'spec.type'], filter: ['kind=component'], limit: 1 },
  });
  expect(facets).toEqual({
    kind: { values: [{ value: 'Component', count: 3 }], more: false },
    'spec.type': { values: [{ value: 'service', count: 2 }], more: true },
  });
});

describe('GET /api/v1/problems', () => {
  const ids = async (query: object): Promise<string[]> =>
    (await client.call('GET /api/v1/problems', { query })).items
      .filter(({ source }) => source === 'files')
      .map(({ id }) => id);

  test('errors first, then by place', async () => {
    expect(await ids({})).toEqual(['p3', 'p2', 'p1']);
  });

  test.each<[object, string[]]>([
    [{ location: 'file:/srv/b.yaml' }, ['p2', 'p1']],
    [{ entity: 'component:default/Lights' }, ['p1']],
    [{ owner: 'stage' }, ['p1']],
    [{ owner: 'user:default/nobody' }, []],
    [{ severity: 'error' }, ['p3']],
    [{ code: ['yaml-syntax', 'none'] }, ['p3']],
    [{ source: 'elsewhere' }, []],
  ])('%j', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('pages', async () => {
    const first = await client.call('GET /api/v1/problems', { query: { source: 'files', limit: 2 } });
    expect(first).toMatchObject({ total: 3, items: [{ id: 'p3' }, { id: 'p2' }] });
    const rest = await client.call('GET /api/v1/problems', {
      query: { source: 'files', limit: 2, cursor: first.next },
    });
    expect(rest.items).toMatchObject([{ id: 'p1', line: 12, path: 'spec.type', since: '1970-01-01T00:00:00.000Z' }]);
  });

  test('refuses what is no ref', async () => {
    expect(await refusal(client.call('GET /api/v1/problems', { query: { entity: 'lights' } }))).toMatchObject({
      status: 400,
      code: 'ENTITY_REF_INVALID',
    });
  });
});

test('locations with their problems', async () => {
  const page = await client.call('GET /api/v1/locations', { query: { source: 'files' } });
  expect(page).toMatchObject({
    total: 2,
    items: [
      { ref: 'file:/srv/b.yaml', entities: 2, errors: 0, warnings: 2 },
      { ref: 'file:/srv/z.yaml', parent: 'file:/srv/b.yaml', errors: 1, changedAt: '1970-01-01T00:00:00.006Z' },
    ],
  });
  expect(await client.call('GET /api/v1/locations', { query: { q: 'Z.YAML' } })).toMatchObject({ total: 1 });
});

test('sources with their freshness', async () => {
  const page = await client.call('GET /api/v1/sources', { query: { collector: 'probe' } });
  expect(page.items).toMatchObject([
    { source: 'cellar', state: 'failed', error: 'dark', checkedAt: '1970-01-01T00:00:01.000Z' },
    { source: 'hall', state: 'fresh' },
  ]);
});

describe('query', () => {
  test('answers the same by GET and by POST', async () => {
    const question = {
      where: 'spec.type in ["service", "grpc"]',
      order: 'metadata.name:desc',
      limit: 2,
      fields: ['metadata.name'],
    };
    const byGet = await client.call('GET /api/v1/query', { query: question });
    expect(byGet).toMatchObject({
      total: 3,
      items: [{ metadata: { name: 'lights' } }, { metadata: { name: 'curtain' } }],
    });
    expect(await client.call('POST /api/v1/query', { body: question })).toEqual(byGet);
    const rest = await client.call('POST /api/v1/query', { body: { ...question, cursor: byGet.next } });
    expect(rest.items).toEqual([{ metadata: { name: 'cues' } }]);
  });

  test('stale and failed facts are unknown', async () => {
    const count = async (where: string): Promise<object> => {
      const { total, unknown } = await client.call('POST /api/v1/query', { body: { where, limit: 0 } });
      return { total, unknown };
    };
    expect(await count('facts.probe.score >= 80')).toEqual({ total: 1, unknown: 4 });
    expect(await count('facts.probe.old == "x"')).toEqual({ total: 0, unknown: 5 });
  });

  test('explains', async () => {
    const { plan, items, total } = await client.call('POST /api/v1/query', {
      body: { where: 'kind == "Component" && metadata.name.contains("i")', explain: true },
    });
    expect(items).toEqual([]);
    expect(plan).toMatchObject({ true: total, access: 'index', children: [{ true: 3 }, {}] });
  });

  test('refuses a wrong body', async () => {
    const response = await server.get('/api/v1/query', {
      method: 'POST',
      body: '{"where":1,"x":2}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('minRevision', () => {
  test('waits until the write is shown', async () => {
    const waiting = client.call('GET /api/v1/entities', {
      query: { minRevision: server.graph.revision + 1, q: 'trapdoor' },
    });
    const written = await server.put(component('trapdoor'));
    expect(await waiting).toMatchObject({ total: 1, revision: written });
    await server.remove('component:default/trapdoor');
  });

  test('says when the revision does not come', { timeout: 20_000 }, async () => {
    const far = server.graph.revision + 1000;
    const error = await refusal(client.call('POST /api/v1/query', { body: { where: 'true', minRevision: far } }));
    expect(error).toMatchObject({ status: 503, code: 'CACHE_BEHIND' });
  });
});

test('the client follows the event stream', async () => {
  const controller = new AbortController();
  const events = client.events({
    signal: controller.signal,
    where: 'kind == "Component"',
    after: server.graph.revision,
  });
  expect((await events.next()).value).toEqual({ type: 'open' });
  await server.put(component('follow-spot'));
  for await (const event of events) {
    if (event.type !== 'change') continue;
    expect(event.data.changes).toMatchObject([{ type: 'put', ref: 'component:default/follow-spot' }]);
    break;
  }
  controller.abort();
  await server.remove('component:default/follow-spot');
});
