import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ui } from '../../src/api/ui.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

/** A plugin as somebody elsewhere writes it: plain JavaScript, nothing of this tree is imported. */
const pluginSource = `
import { fileURLToPath } from 'node:url';

const show = {
  kind: 'Show',
  apiVersions: ['theatre.example/v1'],
  description: 'What is on stage',
  spec: { type: 'object', required: ['venue'], properties: { venue: { type: 'string' }, owner: { type: 'string' } } },
  relations: [{ field: 'owner', defaultKind: 'Group', type: 'ownedBy', reverse: 'ownerOf' }],
};

const seats = {
  id: 'seats',
  description: 'Free seats of each show',
  facts: [{ path: 'free', type: 'number', description: 'Seats that nobody has yet' }],
  async run({ graph, write, clock }, signal) {
    const principal = graph.principalContext('user:default/seats');
    const view = () => graph.view({ kind: 'all', key: 'all', principal });
    const look = async () => {
      const seen = view();
      const facts = seen.list({ limit: 1000 }).ids
        .map((id) => seen.refOf(id))
        .filter((ref) => ref.startsWith('show:'))
        .map((entityRef) => ({ op: 'putFact', fact: {
          entityRef, collector: 'seats', path: 'free', value: 7, source: 'box-office', observedAt: clock.now(),
        } }));
      const lease = { collector: 'seats', source: 'box-office', lastSuccessAt: clock.now(), expiresAt: clock.now() + 3600000 };
      if (facts.length > 0) await write([...facts, { op: 'putLease', lease }]);
    };
    const after = graph.revision;
    await look();
    for await (const batch of view().watch({ after, signal })) {
      if (batch.changes.some(({ ref, type, parts }) => ref.startsWith('show:') && type === 'put' && parts.includes('entity'))) await look();
    }
  },
};

const house = {
  contract: {
    method: 'GET',
    path: '/api/plugins/theatre/house/:name',
    summary: 'A house',
    tag: 'Theatre',
    permission: 'theatre.house.read',
    params: { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 20 } } },
    query: { type: 'object', properties: { rows: { type: 'integer', minimum: 1 } } },
    response: { type: 'object', properties: { name: { type: 'string' }, rows: { type: 'integer' }, shows: { type: 'integer' } } },
  },
  handle: ({ view, params, query }) => ({
    name: params.name, rows: query.rows, shows: view.list({ limit: 0 }).total, till: 'secret',
  }),
};

const broken = (name, handle) => ({
  contract: {
    method: 'GET', path: '/api/plugins/theatre/' + name, summary: name, tag: 'Theatre', permission: 'theatre.house.read',
    response: { type: 'object', properties: {} },
  },
  handle,
});

const sick = { id: 'sick', description: 'Always fails', facts: [], run: async () => { throw new Error('out of order'); } };
const hangs = { id: 'hangs', description: 'Never ends', facts: [], run: () => new Promise(() => undefined) };

export const pluginApiVersion = 1;
export const manifest = {
  id: 'theatre',
  title: 'Theatre',
  kinds: [show],
  collectors: [sick, hangs, seats],
  routes: [
    house,
    broken('throws', () => { throw new Error('till is short'); }),
    broken('rejects', async () => { throw new Error('till is short'); }),
    broken('stuck', () => new Promise(() => undefined)),
  ],
  pages: [{ path: '/theatre', title: 'Theatre', module: fileURLToPath(new URL('./web/page.js', import.meta.url)) }],
};
`;

const pageSource = `
import { createElement } from 'react';
import { words } from './words.js';
export default function Page() { return createElement('h1', null, words); }
`;

const showDescriptor = (name: string): string => `apiVersion: theatre.example/v1
kind: Show
metadata:
  name: ${name}
spec:
  venue: main
  owner: actors
---
apiVersion: theatre.example/v1
kind: Show
metadata:
  name: ${name}-without-venue
spec: {}
`;

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-foreign-'));
  await mkdir(join(folder, 'plugin', 'web'), { recursive: true });
  await mkdir(join(folder, 'catalog'));
  await writeFile(join(folder, 'plugin', 'theatre.mjs'), pluginSource);
  await writeFile(join(folder, 'plugin', 'web', 'page.js'), pageSource);
  await writeFile(join(folder, 'plugin', 'web', 'words.js'), `export const words = 'Curtain up';`);
  await writeFile(join(folder, 'catalog', 'shows.yaml'), showDescriptor('hamlet'));
  server = await startTestServer({
    catalog: [join(folder, 'catalog')],
    plugins: [join(folder, 'plugin', 'theatre.mjs')],
    entities: [component('ticket-office')],
    limits: { handlerMs: 200, restartMs: { min: 20, max: 40 } },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function json(path: string): Promise<Record<string, unknown>> {
  return (await (await server.get(path)).json()) as Record<string, unknown>;
}

/** Asks until the answer is as wanted; sources and collectors work on their own time. */
async function eventually(
  path: string,
  isRight: (answer: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  let answer: Record<string, unknown> = {};
  for (let round = 0; round < 300; round++) {
    answer = await json(path);
    if (isRight(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${path} stayed ${JSON.stringify(answer)}`);
}

const items = (answer: Record<string, unknown>): readonly Record<string, unknown>[] =>
  (answer['items'] ?? []) as readonly Record<string, unknown>[];

describe('a plugin from elsewhere', () => {
  test('adds a kind: descriptors of it are read and checked, and make relations', async () => {
    const path = '/api/v1/entities/show/default/hamlet';
    const entity = await eventually(path, (answer) => answer['kind'] === 'Show');
    expect(entity).toMatchObject({
      spec: { venue: 'main' },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/actors' }],
    });
    const problems = await eventually('/api/v1/problems', (answer) =>
      items(answer).some(({ path: field }) => String(field).includes('spec')),
    );
    expect(JSON.stringify(problems)).toContain('venue');
  });

  test('adds a collector: its facts show, and are asked for in conditions', async () => {
    const where = encodeURIComponent('facts.seats.free > 5');
    const answer = await eventually(`/api/v1/entities?where=${where}`, (found) => found['total'] === 1);
    expect(items(answer)).toMatchObject([{ metadata: { name: 'hamlet' } }]);
  });

  test('adds a route: permission, coercion, schema and filter are the same as for ours', async () => {
    const answer = await json('/api/plugins/theatre/house/globe?rows=12');
    expect(answer).toMatchObject({ name: 'globe', rows: 12 });
    expect(answer).not.toHaveProperty('till');
    expect(answer['shows']).toBeGreaterThan(0);
    expect(await json('/api/plugins/theatre/house/globe?row=1')).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await json(`/api/plugins/theatre/house/${'x'.repeat(30)}`)).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(Object.keys((await json('/api/openapi.json'))['paths'] as object)).toContain(
      '/api/plugins/theatre/house/{name}',
    );
  });

  test('adds a page: listed for the interface, its module and what that imports are served, and nothing else', async () => {
    const ui = (await json('/api/v1/ui')) as unknown as Ui;
    expect(ui.pages).toContainEqual({
      manifest: 'theatre',
      path: '/theatre',
      title: 'Theatre',
      module: '/plugins/theatre/page.js',
    });
    const page = await server.get('/plugins/theatre/page.js');
    expect(page.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await page.text()).toBe(pageSource);
    expect((await server.get('/plugins/theatre/words.js')).status).toBe(200);
    for (const path of ['theatre.mjs', '../theatre.mjs', '%2e%2e/theatre.mjs', '..%2ftheatre.mjs']) {
      expect((await server.get(`/plugins/theatre/${path}`)).status, path).toBe(404);
    }
  });
});

describe('a plugin that fails', () => {
  test('answers with a fault of its own, without its words', async () => {
    for (const name of ['throws', 'rejects']) {
      const response = await server.get(`/api/plugins/theatre/${name}`);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'INTERNAL' });
      expect(text).not.toContain('till is short');
    }
  });

  test('hurts nobody while it hangs', async () => {
    const stuck = server.get('/api/plugins/theatre/stuck');
    expect((await server.get('/api/v1/entities')).status).toBe(200);
    expect(await (await stuck).json()).toMatchObject({ status: 504, code: 'HANDLER_TIMEOUT' });
  });

  test('is started again, and the catalog goes on meanwhile', async () => {
    const stream = await openSse(`${server.url}/api/v1/events`);
    await stream.next('bookmark');
    await writeFile(join(folder, 'catalog', 'more.yaml'), showDescriptor('othello'));
    let refs: string[] = [];
    while (!refs.includes('show:default/othello')) {
      refs = ((await stream.next('change')).data.changes ?? []).map(({ ref }) => ref);
    }
    stream.close();
    const metrics = await (await server.get('/metrics')).text();
    const restarts = /callboard_collector_restarts_total\{manifest="theatre",collector="sick"\} (\d+)/.exec(
      metrics,
    )?.[1];
    expect(Number(restarts)).toBeGreaterThan(1);
    expect(metrics).toContain('callboard_collector_running{manifest="theatre",collector="seats"} 1');
  });
});

describe('a plugin that cannot be used does not start, and says why', () => {
  test.each([
    ['throws', `throw new Error('no stage');`, 'PLUGIN_LOAD_FAILED', 'no stage'],
    ['bad', `export const manifest = { id: 'Bad Id', title: 'x' };`, 'MANIFEST_INVALID', 'one lower-case word'],
    [
      'open',
      routeOf(`permission: undefined, path: '/api/plugins/open/a'`),
      'ROUTE_WITHOUT_PERMISSION',
      '/api/plugins/open/a',
    ],
    [
      'greedy',
      routeOf(`permission: 'a.b.c', path: '/api/v1/entities'`),
      'ROUTE_OUTSIDE_PLUGIN',
      '/api/plugins/greedy/',
    ],
    ['catalog', `export const manifest = { id: 'catalog', title: 'Mine' };`, 'MANIFEST_DUPLICATE', 'catalog'],
    ['kinds', kindOf('Component'), 'MANIFEST_INVALID', 'Component'],
  ])('%s', async (name, source, code, message) => {
    const path = join(folder, `${name}.mjs`);
    await writeFile(path, source.replaceAll('NAME', name));
    await expect(startTestServer({ plugins: [path] })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

function routeOf(parts: string): string {
  return `export const manifest = { id: 'NAME', title: 'x', routes: [{ handle: () => ({}),
    contract: { method: 'GET', summary: 's', tag: 't', ${parts} } }] };`;
}

function kindOf(kind: string): string {
  return `export const manifest = { id: 'NAME', title: 'x', kinds: [
    { kind: '${kind}', apiVersions: ['v1'], description: 'd', spec: {}, relations: [] }] };`;
}
