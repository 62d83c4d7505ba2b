import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { HomeScope } from '../../src/api/home.ts';
import type { Preferences, SavedView } from '../../src/api/preferences.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { AuditRecord } from '../../src/store/access-records.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { auditRecords, signIn, type TestSession } from '../support/signed-in.ts';
import { homes } from '../support/store-engines.ts';

const group = (name: string, spec: Entity['spec'] = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, description: `The ${name} team` },
  spec: { type: 'team', children: [], profile: { displayName: name.toUpperCase() }, ...spec },
});
const user = (name: string, ...memberOf: string[]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name },
  spec: { memberOf },
});

const theatre = [
  group('house'),
  group('desk', { parent: 'house' }),
  group('doors', { parent: 'desk' }),
  group('stage', { parent: 'house' }),
  user('ada', 'desk'),
  user('bob', 'desk'),
  user('cy', 'stage'),
  component('till', { owner: 'desk' }),
];

const people = ['ada', 'bob', 'cy', 'root'] as const;
type Person = (typeof people)[number];

let server: TestServer;
const sessions = new Map<string, TestSession>();

/** Asks as a person; `nobody` is a guest. */
async function ask(
  person: Person | 'nobody',
  route: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const [method = '', path = ''] = route.split(' ');
  const response = await server.get(`/api/v1/${path}`, {
    method,
    headers: { ...sessions.get(person)?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Everybody reads, those of `desk` share views, `stage` may not; Root does all. */
const bindings = {
  reading: { role: 'viewer', subjects: ['everyone', 'guests'] },
  sharing: { role: 'sharer', subjects: ['group:default/desk'] },
};

beforeAll(async () => {
  server = await startTestServer({
    entities: theatre,
    config: { access: { ...noPolicy, admins: ['user:default/root'] }, guests: 'everywhere' },
  });
  for (const name of people) sessions.set(name, await signIn(server, `user:default/${name}`));
  await ask('root', 'PUT access/roles/sharer', { rules: [{ permissions: ['preferences.view.share'] }] });
  for (const [name, binding] of Object.entries(bindings)) await ask('root', `PUT access/bindings/${name}`, binding);
});
afterAll(() => server.close());

const preferencesOf = async (person: Person): Promise<Preferences> =>
  (await ask(person, 'GET account/preferences')).body as Preferences;
const viewsOf = async (person: Person, query = ''): Promise<readonly SavedView[]> =>
  ((await ask(person, `GET account/views${query}`)).body as { items: SavedView[] }).items;
const view = (title: string, search = 'kind=component'): object => ({ page: 'catalog', title, search });

describe('stars', () => {
  test('are one’s own, the latest first, in canonical form; whether they exist does not show', async () => {
    expect(await preferencesOf('ada')).toEqual({ stars: [] });
    const refs = ['Component/default/Till', 'component/default/none', 'component/default/till'];
    for (const ref of refs) expect((await ask('ada', `PUT account/stars/${ref}`)).status).toBe(204);
    expect((await preferencesOf('ada')).stars.toSorted()).toEqual(['component:default/none', 'component:default/till']);
    expect(await preferencesOf('bob')).toEqual({ stars: [] });
    expect((await ask('bob', 'DELETE account/stars/component/default/till')).status).toBe(204);
    expect((await ask('ada', 'DELETE account/stars/component/default/none')).status).toBe(204);
    expect((await preferencesOf('ada')).stars).toEqual(['component:default/till']);
  });

  test('are at most 200', async () => {
    for (let at = 0; at < 200; at += 1) await ask('cy', `PUT account/stars/component/default/c${at}`);
    expect(await ask('cy', 'PUT account/stars/component/default/more')).toMatchObject({
      status: 409,
      body: { code: 'STARS_FULL' },
    });
    expect((await preferencesOf('cy')).stars).toHaveLength(200);
  });
});

describe('saved views', () => {
  test('are made, changed and removed by whose they are, and by nobody else', async () => {
    const made = await ask('ada', 'POST account/views', view('Mine'));
    const { id } = made.body as SavedView;
    expect(made).toMatchObject({
      status: 201,
      body: { id: expect.any(String), page: 'catalog', title: 'Mine', savedBy: 'user:default/ada' },
    });
    expect(made.body).not.toHaveProperty('group');
    expect(await viewsOf('bob')).toEqual([]);
    for (const route of [`PUT account/views/${id}`, `PUT groups/default/desk/views/${id}`]) {
      const other = route.includes('groups') ? 'ada' : 'bob';
      expect(await ask(other, route, view('Theirs'))).toMatchObject({ status: 404, body: { code: 'VIEW_NOT_FOUND' } });
    }
    expect((await ask('bob', `DELETE account/views/${id}`)).status).toBe(404);
    expect((await ask('ada', `PUT account/views/${id}`, view('Ours', 'q=till'))).status).toBe(200);
    expect(await viewsOf('ada', '?page=catalog')).toMatchObject([{ id, title: 'Ours', search: 'q=till' }]);
    expect(await viewsOf('ada', '?page=problems')).toEqual([]);
    expect((await ask('ada', `DELETE account/views/${id}`)).status).toBe(204);
    expect(await viewsOf('ada')).toEqual([]);
  });

  test('of a group are seen and changed by its members, and leave an audit record', async () => {
    const made = await ask('ada', 'POST groups/default/desk/views', view('Desk'));
    const { id } = made.body as SavedView;
    expect(made).toMatchObject({ status: 201, body: { group: 'group:default/desk' } });
    expect(await viewsOf('bob')).toMatchObject([{ id, title: 'Desk', savedBy: 'user:default/ada' }]);
    expect(await viewsOf('cy')).toEqual([]);
    const changed = await ask('bob', `PUT groups/default/desk/views/${id}`, view('Till'));
    expect(changed).toMatchObject({ status: 200, body: { title: 'Till', savedBy: 'user:default/bob' } });
    expect((await ask('bob', `DELETE groups/default/desk/views/${id}`)).status).toBe(204);
    expect(await viewsOf('ada')).toEqual([]);
    const isMeant = ({ data }: AuditRecord): boolean => data?.['view'] === id;
    const all = await auditRecords(server, (records) => records.filter(isMeant).length >= 3);
    expect(all.filter(isMeant).map(({ actor, target, action }) => [actor, target, action])).toEqual(
      ['ada', 'bob', 'bob'].map((name) => [`user:default/${name}`, 'group:default/desk', 'preferences.view.share']),
    );
    expect(all.some(({ action }) => action === 'signed-in')).toBe(false);
  });

  test('of the groups above one’s own are shared too; those of others and without the permission are not', async () => {
    expect((await ask('ada', 'POST groups/default/house/views', view('House'))).status).toBe(201);
    expect(await viewsOf('cy')).toMatchObject([{ title: 'House', group: 'group:default/house' }]);
    expect(await ask('ada', 'POST groups/default/stage/views', view('Stage'))).toMatchObject({
      status: 403,
      body: { code: 'GROUP_NOT_YOURS' },
    });
    expect(await ask('cy', 'POST groups/default/stage/views', view('Stage'))).toMatchObject({
      status: 403,
      body: { code: 'PERMISSION_DENIED' },
    });
  });

  test('are at most 100 a person, and of a bounded length', async () => {
    for (let at = 0; at < 100; at += 1) await ask('bob', 'POST account/views', view(`View ${at}`));
    expect(await ask('bob', 'POST account/views', view('One more'))).toMatchObject({
      status: 409,
      body: { code: 'VIEWS_FULL' },
    });
    expect((await ask('ada', 'POST account/views', view('Long', 'x'.repeat(5_000)))).status).toBe(400);
    expect((await ask('ada', 'POST account/views', { ...view('Elsewhere'), page: '//evil' })).status).toBe(400);
  });
});

describe('guests and services', () => {
  test.each([
    'GET account/preferences',
    'PUT account/stars/component/default/till',
    'DELETE account/stars/component/default/till',
    'GET account/views',
    'DELETE account/views/x',
  ])('%s is refused to a guest, who has nothing of their own', async (route) => {
    expect(await ask('nobody', route)).toMatchObject({ status: 403, body: { code: 'PREFERENCES_NOT_KEPT' } });
  });

  test('so are a team and a view', async () => {
    expect((await ask('nobody', 'PUT account/team', { team: '*' })).status).toBe(403);
    expect((await ask('nobody', 'POST account/views', view('x'))).status).toBe(403);
  });
});

describe('the scope of Home', () => {
  const home = async (person: Person | 'nobody', query = ''): Promise<HomeScope> =>
    (await ask(person, `GET home${query}`)).body as HomeScope;

  test('is the groups one is in, with those below them', async () => {
    expect(await home('ada')).toMatchObject({
      choice: 'mine',
      teams: [{ ref: 'group:default/desk', title: 'DESK', description: 'The desk team', exists: true }],
      owners: ['group:default/desk', 'group:default/doors'],
      groups: [{ ref: 'group:default/desk' }, { ref: 'group:default/house', title: 'HOUSE' }],
      isCut: false,
    });
  });

  test('is a team that is chosen, for this question or for good', async () => {
    const all = ['desk', 'stage', 'doors'].map((name) => `group:default/${name}`);
    const house = { choice: 'team', owners: ['group:default/house', ...all] };
    expect(await home('nobody', '?team=house')).toMatchObject(house);
    expect((await ask('ada', 'PUT account/team', { team: 'House' })).status).toBe(204);
    expect(await home('ada')).toMatchObject({ ...house, saved: 'group:default/house' });
    expect((await preferencesOf('ada')).team).toBe('group:default/house');
    expect(await home('ada', '?team=*')).toMatchObject({ choice: 'everything', owners: [] });
    await ask('ada', 'PUT account/team', {});
    expect(await home('ada')).toMatchObject({ choice: 'mine' });
  });

  test('is none for who is in no group, and says where a group does not exist', async () => {
    expect(await home('nobody')).toMatchObject({ choice: 'none', teams: [], owners: [], groups: [] });
    expect(await home('nobody', '?team=none')).toMatchObject({
      teams: [{ ref: 'group:default/none', title: 'none', exists: false }],
    });
  });

  test('is refused for what is no group', async () => {
    expect(await ask('ada', 'PUT account/team', { team: 'user:default/ada' })).toMatchObject({
      status: 400,
      body: { code: 'TEAM_INVALID' },
    });
  });
});

describe.skipIf('missing' in inject('postgres'))('two servers on one PostgreSQL', () => {
  const makeHome = homes('postgres');
  const closing: TestServer[] = [];
  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close();
  });

  test('show each other’s stars and views at once', async () => {
    const { place } = await makeHome();
    const config = { databaseUrl: place.url, access: { ...noPolicy, admins: ['user:default/ada'] } };
    for (let count = 0; count < 2; count += 1) closing.push(await startTestServer({ config }));
    const [a, b] = closing as [TestServer, TestServer];
    const { headers } = await signIn(a);
    await a.get('/api/v1/account/stars/component/default/till', { method: 'PUT', headers });
    const seen = await b.get('/api/v1/account/preferences', { headers });
    expect(await seen.json()).toEqual({ stars: ['component:default/till'] });
  });
});
