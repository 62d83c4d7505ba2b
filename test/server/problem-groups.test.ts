import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Client } from '../../src/client.ts';
import type { Entity } from '../../src/model/entity.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

// Problems by whose they are: of the entity, and of what stands beside what is not in the catalog.

let server: TestServer;
let client: Client;

const at = (location: string): Partial<Entity['metadata']> => ({
  annotations: { 'backstage.io/managed-by-location': location },
});

const forge = 'url:https://github.com/o/r/blob/main/house.yaml';
const folder = 'file:/srv/a.yaml';

beforeAll(async () => {
  server = await startTestServer({
    entities: [
      component('lights', {}, at(forge)),
      component('sound', { owner: 'group:default/house' }, at(folder)),
      component('curtain', { owner: 'user:default/ada' }, at(folder)),
    ],
  });
  const problem = { source: 'files', code: 'entity-schema', severity: 'error', since: 0 } as const;
  const ref = 'component:default/';
  const problems = [
    { ...problem, id: 'p1', location: forge, line: 12, message: 'spec.type is missing', entityRef: `${ref}broken` },
    { ...problem, id: 'p2', location: folder, message: 'one', entityRef: `${ref}sound`, severity: 'warning' as const },
    { ...problem, id: 'p3', location: folder, line: 9, message: 'two', code: 'yaml-syntax' },
    { ...problem, id: 'p4', location: 'file:/srv/z.yaml', message: 'three', code: 'yaml-syntax' },
  ];
  const { revision } = await server.store.commit(problems.map((one) => ({ op: 'putProblem' as const, problem: one })));
  await server.graph.waitFor(revision);
  client = createClient({ baseUrl: server.url });
});
afterAll(() => server.close());

const list = (query: object) => client.call('GET /api/v1/problems', { query: { source: 'files', ...query } });

test('a problem says whose it is, and where it is shown at the forge', async () => {
  const { items } = await list({});
  const byId = new Map(items.map((item) => [item.id, item]));
  expect(byId.get('p1')).toMatchObject({
    owners: ['group:default/stage'],
    viewUrl: 'https://github.com/o/r/blob/main/house.yaml#L12',
  });
  expect(byId.get('p2')?.owners).toEqual(['group:default/house']);
  expect(byId.get('p3')?.owners).toEqual(['group:default/house', 'user:default/ada']);
  expect(byId.get('p4')?.owners).toBeUndefined();
  expect(byId.get('p4')?.viewUrl).toBeUndefined();
});

test('groups are counted over the whole question, the worst first, and items stand by them', async () => {
  const byOwner = await list({ group: 'owner', limit: 2 });
  expect(byOwner.groups).toEqual([
    { value: 'group:default/house', errors: 1, warnings: 1 },
    { value: 'group:default/stage', errors: 1, warnings: 0 },
    { value: 'user:default/ada', errors: 1, warnings: 0 },
    { errors: 1, warnings: 0 },
  ]);
  expect(byOwner.items.map(({ id }) => id)).toEqual(['p3', 'p2']);
  const rest = await list({ group: 'owner', cursor: byOwner.next });
  expect(rest.items.map(({ id }) => id)).toEqual(['p1', 'p4']);
  expect((await list({ group: 'code', limit: 0 })).groups).toEqual([
    { value: 'yaml-syntax', errors: 2, warnings: 0 },
    { value: 'entity-schema', errors: 1, warnings: 1 },
  ]);
  expect((await list({ group: 'location', severity: 'warning' })).groups).toEqual([
    { value: folder, errors: 0, warnings: 1 },
  ]);
  expect((await list({})).groups).toBeUndefined();
});

test.each([
  [{ owner: 'house' }, ['p3', 'p2']],
  [{ owner: 'user:default/ada' }, ['p3']],
  [{ unowned: true }, ['p4']],
  [{ q: 'SPEC.type' }, ['p1']],
  [{ q: '/srv/' }, ['p3', 'p4', 'p2']],
  [{ where: 'metadata.name == "sound"' }, ['p2']],
  [{ filter: ['kind=component,metadata.name=lights'] }, []],
])('%j', async (query, expected) => {
  expect((await list(query)).items.map(({ id }) => id)).toEqual(expected);
});
