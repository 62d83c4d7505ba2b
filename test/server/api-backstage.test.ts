import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entity } from '../../src/model/entity.ts';
import { say, sayPages, type Probe } from '../support/route-walk.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

const base = '/api/catalog';
/** More than fit into one piece of a streamed list. */
const COUNT = 1_203;

let server: TestServer;

beforeAll(async () => {
  const components = Array.from({ length: COUNT }, (_, index) =>
    component(
      `c${String(index).padStart(4, '0')}`,
      { tier: index % 3, score: index },
      index % 2 === 0 ? { title: `T${index % 5}` } : {},
    ),
  );
  server = await startTestServer({ entities: components });
});
afterAll(() => server.close());

const json = async (probe: Probe | string): Promise<unknown> =>
  (await say(server, typeof probe === 'string' ? { path: `${base}${probe}` } : probe)).body;
const post = (path: string, body: unknown): Promise<unknown> => json({ method: 'POST', path: `${base}${path}`, body });
const namesOf = (entities: unknown): string[] => (entities as readonly Entity[]).map(({ metadata }) => metadata.name);
const nameAt = (index: number): string => `c${String(index).padStart(4, '0')}`;

describe('GET /entities', () => {
  test('streams the whole list, each entity once and by ref', async () => {
    const names = namesOf(await json('/entities?fields=metadata.name'));
    expect(names).toEqual(Array.from({ length: COUNT }, (_, index) => nameAt(index)));
  });

  test('streams what stays put once while other entities come and go', async () => {
    const response = await server.get(`${base}/entities`);
    const reader = response.body?.getReader();
    let text = '';
    const decoder = new TextDecoder();
    for (let turn = 0; reader !== undefined; turn += 1) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      if (turn === 0) await server.put(component('a-first'), component('c0700-between'), component('z-last'));
    }
    const names = namesOf(JSON.parse(text)).filter((name) => /^c\d{4}$/.test(name));
    expect(names).toEqual(Array.from({ length: COUNT }, (_, index) => nameAt(index)));
    for (const name of ['a-first', 'c0700-between', 'z-last']) await server.remove(`component:default/${name}`);
  });

  test('a client that goes away in the middle hurts nobody', async () => {
    const abort = new AbortController();
    const response = await server.get(`${base}/entities`, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    expect(await json('/entities/by-query?limit=0')).toMatchObject({ totalItems: COUNT });
  });

  test('pages by number over the Link header', async () => {
    const pages = await sayPages(server, { path: `${base}/entities?offset=3&limit=600&fields=metadata.name` });
    expect(pages.map(({ body }) => (body as unknown[]).length)).toEqual([600, 600]);
    expect(namesOf(pages.flatMap(({ body }) => body))[0]).toBe(nameAt(3));
  });

  test('sorts by several fields, those without a value last', async () => {
    const query =
      'order=desc:spec.tier&order=asc:metadata.title&filter=metadata.name=c0000,metadata.name=c0001,metadata.name=c0002,metadata.name=c0004,metadata.name=c0005';
    expect(namesOf(await json(`/entities?${query}&limit=10`))).toEqual(['c0002', 'c0005', 'c0004', 'c0001', 'c0000']);
    expect(namesOf(await json(`/entities?${query}&limit=2&offset=1`))).toEqual(['c0005', 'c0004']);
  });

  test('with an order and no paging leaves out what has no value', async () => {
    expect(await json('/entities?order=asc:metadata.title&fields=metadata.name')).toHaveLength(602);
  });

  test.each([
    ['limit=0', 'greater than zero'],
    ['limit=-1', 'must be >= 0'],
    ['offset=-1', 'must be >= 0'],
    ['after=x', 'Malformed after cursor'],
    ['order=name', 'Invalid order parameter "name"'],
    ['filter=', "Empty value found for query parameter 'filter'"],
    ['cursor=x', "Unknown query parameter 'cursor'"],
    ['filter==x', 'names no key'],
    ['fields=a[0]', 'array type fields'],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await say(server, { path: `${base}/entities?${query}` });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: { name: 'InputError', message: expect.stringContaining(message) },
      request: { method: 'GET', url: `/entities?${query}` },
      response: { statusCode: 400 },
    });
  });
});

describe('by-query', () => {
  test('walks forth and back, by GET and POST alike', async () => {
    type Page = { items: Entity[]; totalItems: number; pageInfo: { nextCursor?: string; prevCursor?: string } };
    const ask = (cursor: string | undefined) => post('/entities/by-query', { cursor, limit: 2 }) as Promise<Page>;
    const first = (await json('/entities/by-query?orderField=spec.score,desc&filter=spec.tier=1&limit=2')) as Page;
    expect(namesOf(first.items)).toEqual(['c0997', 'c0994']);
    expect(first).toMatchObject({ totalItems: 401, pageInfo: { nextCursor: expect.any(String) } });
    expect(first.pageInfo.prevCursor).toBeUndefined();
    const second = await ask(first.pageInfo.nextCursor);
    expect(namesOf(second.items)).toEqual(['c0991', 'c0988']);
    expect(namesOf((await ask(second.pageInfo.prevCursor)).items)).toEqual(namesOf(first.items));
    const got = (await json(`/entities/by-query?limit=2&cursor=${second.pageInfo.nextCursor}`)) as Page;
    expect(namesOf(got.items)).toEqual(['c0985', 'c0982']);
  });

  test('numbers sort as they are written', async () => {
    const filter = [9, 10, 100].map((score) => `spec.score=${score}`).join();
    const order = async (path: string): Promise<string[]> => {
      const body = (await json(`${path}&filter=${filter}&fields=metadata.name`)) as Entity[] | { items: Entity[] };
      return namesOf(Array.isArray(body) ? body : body.items);
    };
    const asText = ['c0010', 'c0100', 'c0009'];
    expect(await order('/entities/by-query?orderField=spec.score,asc')).toEqual(asText);
    expect(await order('/entities?order=asc:spec.score')).toEqual(asText);
    expect(await order('/entities?order=asc:spec.score&order=asc:kind&limit=9')).toEqual(asText);
  });

  test('the way back ends where an offset began', async () => {
    type Page = { items: Entity[]; pageInfo: { nextCursor?: string; prevCursor?: string } };
    const next = async (cursor = ''): Promise<Page> =>
      (await json(`/entities/by-query?limit=2&cursor=${cursor}`)) as Page;
    const first = (await json('/entities/by-query?orderField=metadata.name,asc&limit=2&offset=3')) as Page;
    const second = await next(first.pageInfo.nextCursor);
    const back = await next(second.pageInfo.prevCursor);
    expect(namesOf(back.items)).toEqual([nameAt(3), nameAt(4)]);
    expect(back.pageInfo).toEqual({ nextCursor: expect.any(String) });
  });

  test('a limit past every bound answers as much as there is', async () => {
    const page = await json('/entities/by-query?limit=99999999999&fields=metadata.name');
    expect(page).toMatchObject({ totalItems: COUNT, pageInfo: {} });
  });

  test('a cursor of another question, or none at all, is refused', async () => {
    expect(await json('/entities/by-query?cursor=garbage')).toMatchObject({
      error: { name: 'InputError', message: expect.stringContaining('Malformed cursor') },
    });
    expect(await post('/entities/by-query', { cursor: '' })).toMatchObject({ error: { name: 'InputError' } });
  });

  test('full text needs a term that is not blank', async () => {
    expect(await json('/entities/by-query?limit=0&fullTextFilterTerm=%20')).toMatchObject({ totalItems: COUNT });
    expect(
      await json('/entities/by-query?limit=0&fullTextFilterTerm=c120&fullTextFilterFields=metadata.name'),
    ).toMatchObject({ totalItems: 3 });
    expect(
      await post('/entities/by-query', { limit: 0, fullTextFilter: { term: 'C120', fields: ['metadata.NAME'] } }),
    ).toMatchObject({ totalItems: 3 });
    expect(
      await post('/entities/by-query', { limit: 0, fullTextFilter: { term: '1_0%2', fields: ['metadata.name'] } }),
    ).toMatchObject({ totalItems: 3 });
  });

  test('refuses a malformed predicate and an unknown order', async () => {
    expect(await post('/entities/by-query', { query: { $and: [] } })).toMatchObject({
      error: { name: 'InputError', message: expect.stringContaining('$and') },
    });
    expect(await json('/entities/by-query?orderField=kind,up')).toMatchObject({
      error: { message: 'Invalid order field order, must be asc or desc' },
    });
  });
});

describe('entities by name', () => {
  test('by-refs keeps the order, and null where there is none or the condition leaves it out', async () => {
    const entityRefs = ['component:default/c0001', 'component:default/nobody', 'Component:C0002', 'no ref at all'];
    expect(await post('/entities/by-refs', { entityRefs, fields: ['metadata.name'] })).toEqual({
      items: [{ metadata: { name: 'c0001' } }, null, { metadata: { name: 'c0002' } }, null],
    });
    expect(await post('/entities/by-refs?filter=spec.tier=1', { entityRefs, fields: ['kind'] })).toEqual({
      items: [{ kind: 'Component' }, null, null, null],
    });
    expect(await post('/entities/by-refs', { entityRefs, fields: ['kind'], query: { 'spec.tier': 2 } })).toEqual({
      items: [null, null, { kind: 'Component' }, null],
    });
  });

  test('by-name and by-uid answer the same bytes, and 404 for none', async () => {
    const entity = await json('/entities/by-name/COMPONENT/Default/C0007');
    expect(entity).toMatchObject({ metadata: { name: 'c0007' } });
    expect(await json(`/entities/by-uid/${(entity as Entity).metadata.uid}`)).toEqual(entity);
    expect(await json('/entities/by-name/component/default/nobody')).toMatchObject({
      error: {
        name: 'NotFoundError',
        message: "No entity named 'nobody' found, with kind 'component' in namespace 'default'",
      },
    });
    expect(await json('/entities/by-uid/nobody')).toMatchObject({ error: { message: 'No entity with uid nobody' } });
  });
});

test('facets name every value', async () => {
  const { facets } = (await json('/entity-facets?facet=metadata.name&facet=spec.tier')) as {
    facets: Record<string, unknown[]>;
  };
  expect(facets['metadata.name']).toHaveLength(COUNT);
  expect(facets['spec.tier']).toEqual(expect.arrayContaining([{ value: '0', count: 401 }]));
  expect(await post('/entity-facets', { facets: [] })).toMatchObject({
    error: { message: 'Missing or empty facets parameter' },
  });
});

describe('locations', () => {
  const locations = `${base}/locations`;
  const url = 'https://git.example.com/shop/cart.yaml';
  const refusal = async (method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> => {
    const response = await server.get(`${locations}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error: { name: string; message: string } };
    return [response.status, error.name, error.message];
  };

  test('those that the configuration names are not among them', async () => {
    expect(await json('/locations')).toEqual([]);
    expect(await post('/locations/by-query', {})).toEqual({ items: [], totalItems: 0, pageInfo: {} });
  });

  test.each([
    ['POST', '', { type: 'url', target: url, more: 1 }, 'more is not known here'],
    ['POST', '', { type: 'git', target: url }, 'allowed type ["url"]'],
    ['POST', '?dryRun=true', { type: 'file', target: '/etc/passwd' }, 'allowed type ["url"]'],
    ['POST', '', { type: 'url', target: 'file:///etc/passwd' }, 'file:///etc/passwd'],
    ['POST', '?dryRun=yes', { type: 'url', target: url }, 'git.example.com'],
    ['PUT', '/any', { type: 'file', target: 'x' }, 'allowed type ["url"]'],
    ['PUT', '/any', { type: 'url', target: url, presence: 'optional' }, 'presence is not known here'],
    ['POST', '/by-query', { query: { kind: 'x' } }, 'Unknown field "kind"'],
    ['POST', '/by-query', { query: { $not: { toString: 'x' } } }, 'Unknown field "tostring"'],
    ['POST', '/by-query', { query: { $and: [] } }, '$and'],
    ['POST', '/by-query', { limit: 0 }, 'limit must be >= 1'],
    ['POST', '/by-query', { cursor: 'x' }, 'Malformed cursor'],
    ['POST', '/by-query', { cursor: Buffer.from('{"query":{},"limit":0}').toString('base64') }, 'Malformed cursor'],
    ['POST', '/by-query', { cursor: Buffer.from('[]').toString('base64') }, 'Malformed cursor'],
  ] as const)('%s %s %j is refused', async (method, path, body, message) => {
    expect(await refusal(method, path, body)).toEqual([400, 'InputError', expect.stringContaining(message)]);
  });

  test('a cursor with a query too deep is refused like one in the body', async () => {
    let query = '{}';
    for (let level = 0; level < 50_000; level += 1) query = `{"$not":${query}}`;
    const cursor = Buffer.from(`{"query":${query},"limit":1,"afterId":"x"}`).toString('base64');
    expect(await refusal('POST', '/by-query', { cursor })).toEqual([
      400,
      'InputError',
      expect.stringContaining('nested deeper'),
    ]);
  });
});

test('its own description names its routes alone, with the errors that it speaks', async () => {
  const { paths, servers } = (await json('/openapi.json')) as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    servers: unknown;
  };
  expect(servers).toEqual([{ url: '/api/catalog' }]);
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/entities', '/refresh', '/locations/{id}', '/validate-entity', '/analyze-location']),
  );
  expect(Object.keys(paths).filter((path) => path.includes('v1') || path.startsWith('/api'))).toEqual([]);
  expect(JSON.stringify(paths['/refresh']?.['post']?.responses)).toContain('statusCode');
  expect(JSON.stringify(paths)).not.toContain('problem+json');
  expect(JSON.stringify(paths)).not.toContain('$ref');
});
