import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FindItem } from '../../src/api/find.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand } from '../support/surroundings.ts';

// Finding by what people type, over HTTP and by the command.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.put(
    component(
      'ticket-desk',
      { owner: 'box-office', lifecycle: 'production', type: 'service' },
      { title: 'The Counter', tags: ['java'] },
    ),
    component('ticket-printer', { lifecycle: 'deprecated' }, { description: `Prints ${'long '.repeat(60)}` }),
    component('lights', {}, { description: 'Lights up the ticket desk' }),
    {
      apiVersion: 'v1',
      kind: 'Group',
      metadata: { name: 'box-office' },
      spec: { type: 'team', children: [], profile: { displayName: 'Box Office', email: 'box@example.com' } },
    },
  );
});
afterAll(() => server.close());

interface Answer {
  readonly items: readonly FindItem[];
  readonly total: number;
  readonly more: boolean;
}

async function find(query: string): Promise<Answer> {
  const response = await server.get(`/api/v1/find?${query}`);
  expect(response.status, query).toBe(200);
  return (await response.json()) as Answer;
}

const names = ({ items }: Answer): readonly string[] => items.map(({ name }) => name);

test('answers what a list shows of each, and how it was found', async () => {
  expect(await find('q=Ticket%20Desk')).toMatchObject({
    items: [
      {
        ref: 'component:default/ticket-desk',
        kind: 'Component',
        namespace: 'default',
        name: 'ticket-desk',
        title: 'The Counter',
        type: 'service',
        owner: 'group:default/box-office',
        lifecycle: 'production',
        match: { kind: 'exact', field: 'name', text: 'ticket-desk', ranges: [[0, 11]] },
      },
      { name: 'lights', match: { kind: 'text', field: 'description' } },
    ],
    total: 2,
    more: false,
  });
});

test('cuts descriptions, and calls people and groups by their display names', async () => {
  const { items } = await find('q=ticket-pri');
  expect(items[0]?.description).toHaveLength(200);
  expect((await find('q=box%20off&kind=group')).items).toMatchObject([{ name: 'box-office', title: 'Box Office' }]);
  expect((await find('q=box@example')).items).toMatchObject([{ match: { field: 'email' } }]);
});

test('narrows by kind, filter, search and condition', async () => {
  expect(names(await find('q=ticket&kind=COMPONENT&kind=api'))).toEqual(['ticket-desk', 'ticket-printer', 'lights']);
  expect(names(await find('q=ticket&search=tag:java'))).toEqual(['ticket-desk']);
  expect(names(await find('q=ticket&filter=spec.lifecycle=deprecated'))).toEqual(['ticket-printer']);
  expect(
    names(await find(`q=ticket&where=${encodeURIComponent('spec.type == "service" && metadata.tags.size() > 0')}`)),
  ).toEqual(['ticket-desk']);
  expect(names(await find('kind=group'))).toEqual(['box-office']);
});

test('limits what it answers, and says that there may be more', async () => {
  expect(await find('q=ticket&limit=2')).toMatchObject({ total: 2, more: true, items: { length: 2 } });
  expect(await find('q=ticket&limit=50')).toMatchObject({ total: 3, more: false });
  expect(names(await find('q=component:DEFAULT/Lights&limit=1'))).toEqual(['lights']);
});

test('puts first what is owned by whom the request names', async () => {
  await server.put(component('lamp-a', { owner: 'others' }), component('lamp-b', { owner: 'box-office' }));
  expect(names(await find('q=lamp&mine=box-office'))).toEqual(['lamp-b', 'lamp-a']);
  expect(names(await find('q=lamp&mine=group:default/others'))).toEqual(['lamp-a', 'lamp-b']);
});

test.each([
  ['limit=0', 400],
  ['limit=51', 400],
  [`q=${'x'.repeat(201)}`, 400],
  ['search=owner:', 400],
  ['mine=a:b:c/', 400],
])('refuses %s', async (query, status) => {
  expect((await server.get(`/api/v1/find?${query}`)).status).toBe(status);
});

test('the command prints the best match first, as a table or as JSON', async () => {
  const run = (...args: string[]) => runCommand(process.cwd(), ['find', ...args, '--server', server.url]);
  const { code, out } = await run('tick', 'desk');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^REF +TITLE +OWNER +LIFECYCLE +FOUND BY\ncomponent:default\/ticket-desk +The Counter +group:default\/box-office +production +name\n/,
  );
  expect(out).toMatch(/\n2 found$/);
  expect((await run('tikcet-printer')).out).toMatch(/name, misspelt\n1 found$/);
  expect((await run('nowhere-to-be-found')).out).toBe('Nothing was found.');
  expect(
    JSON.parse((await run('ticket', '--kind', 'group', 'component', '--search', 'tag:java', '-o', 'json')).out),
  ).toMatchObject({
    total: 1,
    items: [{ ref: 'component:default/ticket-desk' }],
  });
  expect((await run('ticket', '--limit', '1')).out).toMatch(/\n2 found, 1 shown; weaker matches were not looked for$/);
  expect(await run('ticket', '--limit', '51')).toMatchObject({ code: 2 });
});
