import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PermissionName } from '../../src/api/route.ts';
import type { Entity } from '../../src/model/entity.ts';
import { allowAll } from '../support/allow-all.ts';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';

// Who may not see a location or an entity can do nothing to it, and learns nothing of it.

const base = '/api/catalog';
const COUNT = 12;

interface Location {
  readonly id: string;
  readonly target: string;
  readonly entityRef: string;
}

let web: FileServer;
let server: TestServer;
/** What the policy of the server says now. */
let policy = halfPolicy;
const locations: Location[] = [];

beforeAll(async () => {
  web = await startFileServer();
  server = await startTestServer({
    policy: { decide: (...asked) => policy.decide(...asked) },
    config: { reading: { allow: [{ host: web.host }] } },
  });
  policy = allowAll;
  for (let n = 0; n < COUNT; n += 1) {
    const target = serve(web, `/part-${n}.yaml`, component(`part-${n}`));
    const { body } = await ask('POST', '/locations', { type: 'url', target });
    locations.push((body as { location: Location }).location);
  }
  policy = halfPolicy;
});
afterAll(async () => {
  await server.close();
  await web.close();
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await server.get(`${base}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

const one = (hidden: boolean): Location => {
  const found = locations.find(({ entityRef }) => isHidden(entityRef) === hidden);
  if (found === undefined) throw new Error('none of that half');
  return found;
};
const isShown = ({ entityRef }: Location): boolean => !isHidden(entityRef);
const idsOf = (items: readonly Location[]): string[] => items.map(({ id }) => id).toSorted();
const uidOf = (name: string): string => {
  const all = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  const id = all.find(`component:default/${name}`);
  return id === undefined ? '' : (all.subject(id).entity.metadata.uid ?? '');
};

test('lists and queries hold the visible ones', async () => {
  const shown = idsOf(locations.filter(isShown));
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.length).toBeLessThan(COUNT);
  const listed = (await ask('GET', '/locations')).body as { data: Location }[];
  expect(idsOf(listed.map(({ data }) => data))).toEqual(shown);
  const queried = (await ask('POST', '/locations/by-query', {})).body as { items: Location[]; totalItems: number };
  expect(idsOf(queried.items)).toEqual(shown);
  expect(queried.totalItems).toBe(shown.length);
});

test('a hidden location is read, moved and removed as little as one that is not there', async () => {
  const { id, target, entityRef } = one(true);
  const moved = { type: 'url', target: `${web.url}/elsewhere.yaml` };
  for (const [method, body] of [['GET'], ['PUT', moved], ['DELETE']] as const) {
    const { status, body: said } = await ask(method, `/locations/${id}`, body);
    const absent = await ask(method, '/locations/00000000-0000-4000-8000-000000000000', body);
    expect(status, method).toBe(404);
    expect(JSON.stringify(said).replaceAll(id, 'ID')).toBe(
      JSON.stringify(absent.body).replaceAll('00000000-0000-4000-8000-000000000000', 'ID'),
    );
  }
  policy = allowAll;
  expect((await ask('GET', `/locations/${id}`)).body).toMatchObject({ id, target, entityRef });
  policy = halfPolicy;
});

test('an entity whose location is hidden is not told it', async () => {
  for (const [n, location] of locations.entries()) {
    const { status } = await ask('GET', `/locations/by-entity/component/default/part-${n}`);
    const isTold = isShown(location) && !isHidden(`component:default/part-${n}`) && uidOf(`part-${n}`) !== '';
    expect(status, `part-${n}`).toBe(isTold ? 200 : 404);
  }
});

test('a hidden entity is neither refreshed nor removed', async () => {
  const names = locations.map((_, n) => `part-${n}`);
  await server.put(...names.map((name) => component(`own-${name}`)));
  const hidden = names.map((name) => `own-${name}`).find((name) => isHidden(`component:default/${name}`)) ?? '';
  const uid = uidOf(hidden);
  expect(uid).not.toBe('');
  expect((await ask('POST', '/refresh', { entityRef: `component:default/${hidden}` })).status).toBe(404);
  expect((await ask('DELETE', `/entities/by-uid/${uid}`)).status).toBe(204);
  expect(uidOf(hidden)).toBe(uid);
});

test('the configuration says what registering one again does, unless the request says it', async () => {
  const own = await startTestServer({
    config: { catalog: { ...catalogOf([]), onLocationConflict: 'refresh' }, reading: { allow: [{ host: web.host }] } },
  });
  const location = { type: 'url', target: serve(web, '/again.yaml', component('again')) };
  const headers = { 'content-type': 'application/json' };
  const register = async (query: string): Promise<number> =>
    (await own.get(`${base}/locations${query}`, { method: 'POST', headers, body: JSON.stringify(location) })).status;
  expect(await register('')).toBe(201);
  expect(await register('')).toBe(201);
  expect(await register('?onConflict=reject')).toBe(409);
  await own.close();
});

test('a registered location is not removed as an entity', async () => {
  const { id } = one(false);
  expect(await ask('DELETE', `/entities/by-uid/${id}`)).toMatchObject({
    status: 403,
    body: { error: { name: 'NotAllowedError', message: expect.stringContaining(`/locations/${id}`) } },
  });
  expect((await ask('GET', `/locations/${id}`)).status).toBe(200);
});

test('every change takes a permission of its own', async () => {
  const { id, target } = one(false);
  const entity = component('any') as Entity;
  const changes: readonly [PermissionName, string, string, unknown?][] = [
    ['catalog.location.create', 'POST', '/locations', { type: 'url', target }],
    ['catalog.location.create', 'POST', '/locations?dryRun=true', { type: 'url', target }],
    ['catalog.location.create', 'PUT', `/locations/${id}`, { type: 'url', target }],
    ['catalog.location.delete', 'DELETE', `/locations/${id}`],
    ['catalog.location.analyze', 'POST', '/analyze-location', { location: { type: 'url', target } }],
    ['catalog.location.read', 'GET', '/locations'],
    ['catalog.location.read', 'GET', `/locations/${id}`],
    ['catalog.entity.refresh', 'POST', '/refresh', { entityRef: 'component:default/any' }],
    ['catalog.entity.delete', 'DELETE', '/entities/by-uid/any'],
    ['catalog.entity.validate', 'POST', '/validate-entity', { entity, location: `url:${target}` }],
  ];
  for (const [denied, method, path, body] of changes) {
    policy = {
      decide: (_principal, permission) =>
        permission === denied ? { result: 'deny', reason: 'not today' } : { result: 'allow' },
    };
    const answer = await ask(method, path, body);
    expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { error: { name: 'NotAllowedError' } } });
  }
  policy = halfPolicy;
  expect((await ask('GET', `/locations/${id}`)).status).toBe(200);
});
