import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

// The graph as it is asked over HTTP and from the command line.

let server: TestServer;
const ref = (name: string): string => `component:default/${name}`;

beforeAll(async () => {
  server = await startTestServer({
    entities: [
      component(
        'desk',
        { dependsOn: [ref('seats'), ref('ghost')], owner: 'group:default/stage' },
        { title: 'The desk' },
      ),
      component('seats', { dependsOn: [ref('store')], lifecycle: 'experimental' }),
      component('store'),
      component('till', { dependsOn: [ref('desk')], system: 'money' }),
    ],
  });
  await server.store.commit([
    {
      op: 'putProblem',
      problem: {
        id: 'p',
        source: 'test',
        location: 'test:entities',
        code: 'dangling-relation',
        severity: 'warning',
        message: 'ghost does not exist',
        entityRef: ref('desk'),
        since: 1,
      },
    },
  ]);
});
afterAll(() => server.close());

const run = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommand(tmpdir(), ['graph', ...args, '--server', server.url]);

async function ask(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await server.get(`/api/v1/graph/${path}`);
  return { status: response.status, body: await response.json() };
}

test('the neighbourhood tells entities, their problems, edges and what is hidden', async () => {
  const { body } = await ask(`neighbourhood?root=Component:desk&relation=dependsOn`);
  expect(body).toMatchObject({
    root: ref('desk'),
    complete: true,
    nodes: [
      {
        ref: ref('desk'),
        kind: 'Component',
        name: 'desk',
        title: 'The desk',
        type: 'service',
        lifecycle: 'production',
        owner: 'group:default/stage',
        exists: true,
        distance: 0,
        problems: { errors: 0, warnings: 1 },
        hidden: [{ type: 'ownedBy', side: 'out', count: 1 }],
      },
      { ref: ref('ghost'), kind: 'component', name: 'ghost', exists: false },
      { ref: ref('till') },
      { ref: ref('seats'), hidden: [{ type: 'dependsOn' }, { type: 'ownedBy' }] },
    ],
    groups: [],
    relations: [
      { type: 'dependsOn', reverse: 'dependencyOf', shown: 3, hidden: 1 },
      { type: 'partOf', hidden: 1 },
      { type: 'ownedBy', shown: 0, hidden: 3 },
    ],
  });
  const { body: pinned } = await ask(`neighbourhood?root=${ref('till')}&pinned=${ref('store')}&pinned=component:gone`);
  expect(pinned).toMatchObject({
    nodes: expect.arrayContaining([expect.objectContaining({ ref: ref('store') })]) as unknown,
  });
});

test('what is not there, or asked wrongly, is refused', async () => {
  expect(await ask('neighbourhood?root=component:nothing')).toMatchObject({
    status: 404,
    body: { code: 'ENTITY_NOT_FOUND' },
  });
  expect(await ask('neighbourhood?root=nothing')).toMatchObject({ status: 400, body: { code: 'ENTITY_REF_INVALID' } });
  expect((await ask(`neighbourhood?root=${ref('desk')}&depth=4`)).status).toBe(400);
  expect((await ask(`neighbourhood?root=${ref('desk')}&limit=61`)).status).toBe(400);
  expect((await ask(`path?from=${ref('desk')}&to=component:nothing`)).status).toBe(404);
});

test('dependents are paged, counted by value, and come with their first hop', async () => {
  const { body } = await ask(`dependents?root=${ref('store')}&limit=2`);
  expect(body).toMatchObject({
    total: 4,
    direct: 1,
    complete: true,
    counts: {
      kind: [
        { value: 'Component', count: 3 },
        { value: 'System', count: 1 },
      ].slice(0, 1),
      lifecycle: [
        { value: 'production', count: 2 },
        { value: 'experimental', count: 1 },
      ],
      system: [{ value: 'system:default/money', count: 1 }],
    },
    items: [
      { ref: ref('seats'), distance: 1, first: { ref: ref('seats'), type: 'dependsOn' } },
      { ref: ref('desk'), distance: 2, first: { ref: ref('seats') } },
    ],
  });
  const { next } = body as { next: string };
  const { body: rest } = await ask(`dependents?root=${ref('store')}&limit=2&cursor=${next}`);
  expect(rest).toMatchObject({ items: [{ ref: ref('till') }, { ref: 'system:default/money', exists: false }] });
});

test('callboard graph prints edges, pictures, dependents and paths', async () => {
  const edges = await run('component:desk', '--relation', 'dependsOn');
  expect(edges.code).toBe(0);
  expect(edges.out).toMatch(/^FROM +RELATION +TO +EDGES\n.*desk +depends on +component:default\/ghost +1\n/);
  expect(edges.out).toMatch(/\n4 entities, 0 groups, \d edges hidden$/);
  expect((await run('component:desk', '-o', 'mermaid')).out).toMatch(
    /^flowchart RL\n {2}n0\["The desk<br\/>Component"\]/,
  );
  expect((await run('component:desk', '-o', 'dot')).out).toMatch(
    /^digraph \{[^]*\[label="ghost\\ncomponent, missing" style=dashed\]/,
  );
  expect(JSON.parse((await run('component:desk', '-o', 'json')).out)).toMatchObject({ root: ref('desk') });

  const felt = await run('dependents', 'component:store');
  expect(felt.out).toMatch(/^1 +component:default\/seats .* depends on$/m);
  expect(felt.out).toMatch(/^3 +component:default\/till .* over component:default\/seats$/m);
  expect(felt.out).toMatch(/\n4 entities, 1 of them at once$/);
  expect((await run('dependents', 'component:till', '--direction', 'out', '--limit', '1')).out).toMatch(
    /\d entities, 1 of them at once, 1 shown$/,
  );

  const way = await run('path', 'component:till', 'component:seats');
  expect(way.out).toMatch(/till +depends on +component:default\/desk\n.*\n\n1 shortest way of 2 edges$/);
  expect((await run('path', 'component:till', 'component:seats', '--relation', 'partOf')).out).toBe(
    'No way leads from one to the other.',
  );
  expect(await run('component:nothing')).toMatchObject({ code: 2 });
});
