import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Decision, Policy } from '../../src/access/policy.ts';
import type { Predicate } from '../../src/model/predicate.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

const named: Predicate = {
  op: 'scan',
  source: 'not hidden',
  evaluate: ({ entity }) => entity.metadata.name !== 'hidden' && entity.metadata.name !== 'more',
};
const some: Decision = { result: 'condition', key: named.source, condition: named };

/** Reads all entities, or all but two. */
let reading: Decision = { result: 'allow' };
const policy: Policy = {
  decide: (_, permission) => (permission === 'catalog.entity.read' ? reading : { result: 'allow' }),
};

let folder: string;
let server: TestServer;

const documents = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name: 'more' },
    spec: { target: './lower/b.json' },
  },
  component('desk', { owner: 'group:default/stage', system: 'tickets', dependsOn: ['resource:default/nothing'] }),
  component('till', { owner: 'group:default/office', dependsOn: ['resource:default/nothing'] }),
  component('hidden', { owner: 'group:default/stage', dependsOn: ['resource:default/nothing'] }),
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-reads-'));
  await mkdir(join(folder, 'lower'));
  await writeFile(
    join(folder, 'lower', 'b.json'),
    JSON.stringify(component('below', { owner: 'group:default/stage' })),
  );
  const file = join(folder, 'all.yaml');
  await writeFile(file, documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  server = await startTestServer({ catalog: [file], policy });
  const all = ['below', 'desk', 'hidden', 'till'];
  await vi.waitFor(async () => expect(await problems('')).toEqual(all), { timeout: 10_000 });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function list<Item>(path: string): Promise<readonly Item[]> {
  const response = await server.get(path);
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly items: readonly Item[] }).items;
}

/** Names of components that lead nowhere, of those that the query chooses. */
async function problems(query: string): Promise<readonly string[]> {
  const items = await list<{ readonly entityRef?: string }>(`/api/v1/problems?code=dangling-relation${query}`);
  return [...new Set(items.map(({ entityRef = '' }) => entityRef.replace('component:default/', '')))].toSorted();
}

async function asSome<T>(act: () => Promise<T>): Promise<T> {
  reading = some;
  try {
    return await act();
  } finally {
    reading = { result: 'allow' };
  }
}

describe('problems of chosen entities', () => {
  test('are those for which filter and where hold', async () => {
    expect(await problems('&filter=relations.ownedBy=group:default/stage')).toEqual(['below', 'desk', 'hidden']);
    expect(await problems('&filter=relations.partOf=system:default/tickets')).toEqual(['desk']);
    expect(await problems(`&where=${encodeURIComponent('spec.owner.endsWith("office")')}`)).toEqual(['till']);
    const both = `&filter=kind=component&where=${encodeURIComponent('metadata.name == "desk"')}`;
    expect(await problems(both)).toEqual(['desk']);
  });

  test('tell nothing of hidden ones', async () => {
    await asSome(async () => {
      expect(await problems('&filter=relations.ownedBy=group:default/stage')).toEqual(['below', 'desk']);
    });
  });

  test('a condition that cannot be read is told with its place', async () => {
    const response = await server.get('/api/v1/problems?where=spec.');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'EXPRESSION_INVALID' });
  });
});

describe('locations that a Location names', () => {
  const path = '/api/v1/locations?parentEntity=location:default/more';

  test('are found by it', async () => {
    expect(await list<{ ref: string }>(path)).toMatchObject([{ parentEntity: 'location:default/more' }]);
    expect(await list('/api/v1/locations?parentEntity=location:default/other')).toEqual([]);
  });

  test('not by who may not see the Location', async () => {
    await asSome(async () => expect(await list(path)).toEqual([]));
  });
});

describe('the history of an entity that is gone', () => {
  const path = '/api/v1/entities/component/default/gone/history';

  test('is read by who may see all entities, and looks like nothing to others', async () => {
    expect((await server.get(path)).status).toBe(404);
    await server.put(component('gone'));
    await server.remove('component:default/gone');
    expect((await list<{ op: string }>(path)).map(({ op }) => op)).toEqual(['deleted', 'created']);
    expect(await list(`${path}?limit=0`)).toEqual([]);
    await asSome(async () => {
      const [gone, never] = await Promise.all([
        server.get(path),
        server.get('/api/v1/entities/component/default/never/history'),
      ]);
      expect([gone.status, never.status]).toEqual([404, 404]);
    });
  });
});
