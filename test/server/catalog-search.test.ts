import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { component, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { name: 'stage' },
        spec: { type: 'team', children: [] },
      },
      component('lights', { owner: 'stage', system: 'tickets' }, { title: 'Light, "bright"', tags: ['live', 'lamp'] }),
      component(
        'sound',
        { owner: 'stage', lifecycle: 'deprecated', type: 'library' },
        { title: '=1+1', tags: ['live'] },
      ),
      component('curtain', { owner: 'user:default/jo' }, { annotations: { 'example.org/size': 'L' } }),
    ],
  });
  const problem = {
    source: 'files',
    code: 'entity-schema',
    location: 'file:/srv/b.yaml',
    since: 0,
    message: 'x',
  } as const;
  const fact = { collector: 'probe', source: 'hall', observedAt: 1_000 };
  const now = Date.now();
  await server.store.commit([
    { op: 'putProblem', problem: { ...problem, id: 'a', severity: 'error', entityRef: 'component:default/lights' } },
    { op: 'putProblem', problem: { ...problem, id: 'b', severity: 'warning', entityRef: 'component:default/lights' } },
    { op: 'putFact', fact: { ...fact, entityRef: 'component:default/lights', path: 'load', value: { now: 7 } } },
    { op: 'putFact', fact: { ...fact, entityRef: 'component:default/sound', path: 'load', value: { now: 70 } } },
    {
      op: 'putFact',
      fact: { ...fact, entityRef: 'component:default/sound', path: 'dark', value: 1, source: 'cellar' },
    },
    { op: 'putLease', lease: { collector: 'probe', source: 'hall', lastSuccessAt: now, expiresAt: now + 3_600_000 } },
  ]);
  await vi.waitFor(async () => expect(await names('has:problems')).toEqual(['lights']), { timeout: 10_000 });
});
afterAll(() => server.close());

async function ask<T>(path: string): Promise<T> {
  const response = await server.get(path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

interface Listed {
  readonly total: number;
  readonly unknown: number;
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly facts?: unknown }[];
}

async function names(search: string): Promise<readonly string[]> {
  const { items } = await ask<Listed>(`/api/v1/entities?order=metadata.name&search=${encodeURIComponent(search)}`);
  return items.map(({ metadata }) => metadata.name);
}

async function taken(query: string): Promise<string> {
  const response = await server.get(`/api/v1/entities/export?${query}`);
  expect(response.status).toBe(200);
  return response.text();
}

test.each([
  ['kind:Component', ['curtain', 'lights', 'sound']],
  ['owner:stage -lifecycle:deprecated', ['lights']],
  ['owner:jo', ['curtain']],
  ['kind:component -owner:stage', ['curtain']],
  ['-has:owner', ['stage']],
  ['tag:lamp,other tag:none', ['lights']],
  ['system:tickets', ['lights']],
  ['facts.probe.load.now>50', ['sound']],
  ['metadata.annotations.example.org/size:l', ['curtain']],
  ['kind:component -has:problems', ['curtain', 'sound']],
  ['has:errors "bright"', ['lights']],
  ['is:orphan', []],
])('the search %s finds %j', async (search, expected) => {
  expect(await names(search)).toEqual(expected);
});

test('a search that makes no sense says so, with its place', async () => {
  const response = await server.get('/api/v1/entities?search=desk+ownr:a');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'SEARCH_INVALID', details: { offset: 5, length: 6 } });
});

test('a search joins the other ways to choose, also in facets and queries', async () => {
  const facets = await ask<{ facets: Record<string, { values: unknown[]; absent: number }> }>(
    '/api/v1/facets?path=spec.type&path=spec.system&absent=true&search=owner:stage',
  );
  expect(facets.facets['spec.type']).toEqual({
    values: [
      { value: 'library', count: 1 },
      { value: 'service', count: 1 },
    ],
    more: false,
    absent: 0,
  });
  expect(facets.facets['spec.system']).toMatchObject({ absent: 1 });
  const page = await ask<Listed>('/api/v1/query?search=owner:stage&where=spec.type+==+"library"');
  expect(page.items.map(({ metadata }) => metadata.name)).toEqual(['sound']);
  const { plan } = await ask<{ plan: unknown }>('/api/v1/query?search=owner:stage&explain=true');
  expect(plan).toMatchObject({ access: 'index', true: 2 });
});

test('a list shows the facts that its fields name, and which of them are unknown now', async () => {
  const { items } = await ask<Listed>(
    '/api/v1/entities?filter=kind=component&order=metadata.name&fields=metadata.name,facts.probe.load.now,facts.probe.dark,facts.problems.total',
  );
  expect(items).toEqual([
    { metadata: { name: 'curtain' }, facts: {} },
    { metadata: { name: 'lights' }, facts: { 'probe.load.now': { value: 7 }, 'problems.total': { value: 2 } } },
    {
      metadata: { name: 'sound' },
      facts: { 'probe.load.now': { value: 70 }, 'probe.dark': { value: 1, unknown: true } },
    },
  ]);
});

test('completion knows the paths of the catalog, their values, and the functions', async () => {
  const completions = async (prefix: string): Promise<readonly { text: string; type: string; examples: string[] }[]> =>
    (
      await ask<{ items: { text: string; type: string; examples: string[] }[] }>(
        `/api/v1/query/completions?prefix=${prefix}`,
      )
    ).items;
  expect(await completions('spec.T')).toMatchObject([
    { text: 'spec.type', type: 'text', count: 4, examples: ['service', 'library', 'team'] },
  ]);
  expect(await completions('metadata.annotations.example.org/s')).toMatchObject([
    { text: 'metadata.annotations.example.org/size', examples: ['L'] },
  ]);
  expect((await completions('facts.')).map(({ text }) => text).toSorted()).toEqual([
    'facts.completeness',
    'facts.probe',
    'facts.problems',
  ]);
  expect(await completions('facts.probe.load.')).toMatchObject([{ text: 'facts.probe.load.now', type: 'number' }]);
  expect(await completions('relations.owned')).toMatchObject([{ text: 'relations.ownedBy', type: 'list' }]);
  expect(await completions('spec.type.sta')).toMatchObject([{ text: 'spec.type.startsWith(', type: 'method' }]);
  expect((await completions('')).map(({ text }) => text)).toContain('metadata');
});

test('completion of many paths counts the values of the first ones only', async () => {
  const annotations = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`example.com/key-${at}`, 'x']));
  await server.put(component('ladder', {}, { annotations }));
  const path = '/api/v1/query/completions?limit=100&prefix=metadata.annotations.example.com/key-';
  const { items } = await ask<{ items: { examples: string[] }[] }>(path);
  await server.remove('component:default/ladder');
  expect(items).toHaveLength(30);
  expect(items.filter(({ examples }) => examples.length > 0)).toHaveLength(6);
});

describe('an export', () => {
  test('is a table of what is asked, in its order, safe to open', async () => {
    const columns =
      'metadata.name,metadata.title,metadata.tags,relations.ownedBy,facts.probe.load.now,facts.probe.dark';
    expect(await taken(`search=kind:component&order=metadata.name:desc&columns=${columns}`)).toBe(
      [
        `"metadata.name","metadata.title","metadata.tags","relations.ownedBy","facts.probe.load.now","facts.probe.dark"`,
        `"sound","'=1+1","live","group:default/stage",70,`,
        `"lights","Light, ""bright""","live,lamp","group:default/stage",7,`,
        `"curtain",,,"user:default/jo",,`,
        '',
      ].join('\r\n'),
    );
    expect((await taken('search=kind:group')).split('\r\n')).toEqual([
      '"kind","metadata.namespace","metadata.name","metadata.title","spec.type","spec.lifecycle","relations.ownedBy","relations.partOf"',
      '"Group","default","stage",,"team",,,',
      '',
    ]);
  });

  test('is whole entities or columns for a machine, and only those that were chosen', async () => {
    const json = JSON.parse(await taken('format=json&search=kind:component&order=metadata.name')) as Listed['items'];
    expect(json.map(({ metadata }) => metadata.name)).toEqual(['curtain', 'lights', 'sound']);
    const one = 'format=json&ref=Component:lights&ref=component:default/none';
    expect(JSON.parse(await taken(`${one}&columns=ref,metadata.annotations.example.org/size,metadata.tags`))).toEqual([
      {
        ref: 'component:default/lights',
        'metadata.annotations.example.org/size': null,
        'metadata.tags': ['live', 'lamp'],
      },
    ]);
    expect(JSON.parse(await taken('format=json&search=kind:api'))).toEqual([]);
    const documents = parseAllDocuments(await taken('format=yaml&search=kind:component&order=metadata.name'));
    expect(documents.map((document) => (document.toJS() as { metadata: { name: string } }).metadata.name)).toEqual([
      'curtain',
      'lights',
      'sound',
    ]);
  });

  test('is refused before it begins where the question is wrong, and named as a file', async () => {
    expect((await server.get('/api/v1/entities/export?where=kind')).status).toBe(400);
    expect((await server.get('/api/v1/entities/export?format=xml')).status).toBe(400);
    const response = await server.get('/api/v1/entities/export?format=json');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="catalog.json"');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('ends when the client goes away, and lets the next one in', async () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      component(`many-${at}`, { type: 'many' }, { description: 'd'.repeat(2000) }),
    );
    await server.put(...many);
    for (let turn = 0; turn < 6; turn += 1) {
      const leaving = new AbortController();
      const response = await server.get('/api/v1/entities/export?format=json', { signal: leaving.signal });
      await response.body?.getReader().read();
      leaving.abort();
    }
    const rows = await taken('search=type:many&columns=metadata.name&order=metadata.name');
    expect(rows.split('\r\n')).toHaveLength(3002);
  });
});

test('problems of files are counted, and the count goes with the last of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-counted-'));
  const descriptor = (owner: string): string =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: desk }\nspec: { type: service, lifecycle: production, owner: ${owner} }\n`;
  await writeFile(join(folder, 'desk.yaml'), descriptor('nobody'));
  const other = await startTestServer({ catalog: [folder] });
  const found = async (): Promise<number> => {
    const response = await other.get('/api/v1/entities?limit=0&search=has:problems');
    return ((await response.json()) as Listed).total;
  };
  try {
    await vi.waitFor(async () => expect(await found()).toBe(1), { timeout: 15_000 });
    const group =
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: nobody }\nspec: { type: team, children: [] }\n';
    await writeFile(join(folder, 'group.yaml'), group);
    await vi.waitFor(async () => expect(await found()).toBe(0), { timeout: 15_000 });
  } finally {
    await other.close();
    await rm(folder, { recursive: true, force: true });
  }
});
