import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelinePage } from '../../src/api/timeline.ts';
import type { OwnedAnswer } from '../../src/api/owned.ts';
import type { TimelineEntry } from '../../src/store/timeline.ts';
import { memoryFleet } from '../support/memory-fleet.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';

// What was deployed last of each thing that a team owns, in one answer; and facts of what it owns.

let server: TestServer;
const MINUTE = 60_000;
const now = Date.now();

const component = (name: string, owner: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default' },
  spec: { type: 'service', lifecycle: 'production', owner },
});

const entry = (name: string, minutes: number, kind: string, cluster = 'eu-1'): TimelineEntry => ({
  id: `${name} ${kind} ${minutes} ${cluster}`,
  at: now - minutes * MINUTE,
  kind,
  title: `${kind} of ${name}`,
  source: 'kubernetes',
  entityRef: `component:default/${name}`,
  cluster,
  namespace: 'shop',
  data: {},
});

beforeAll(async () => {
  const fleet = memoryFleet();
  for (const cluster of ['eu-1', 'us-1']) {
    fleet.putCluster(cluster);
    fleet.watchAll(cluster);
  }
  server = await startTestServer({
    live: fleet.live,
    config: adaAdministers,
    entities: [
      component('desk', 'stage'),
      component('till', 'stage'),
      component('paint', 'stage'),
      component('lamp', 'x'),
    ],
  });
  const us = Array.from({ length: 50 }, (_, at) => entry('desk', at + 1, 'image', 'us-1'));
  const told = [
    ...us,
    entry('desk', 70, 'image'),
    entry('desk', 80, 'image'),
    entry('till', 5, 'health'),
    entry('till', 90, 'rollout'),
    entry('lamp', 1, 'image'),
  ];
  await server.store.timeline.append(told.map((each) => ({ op: 'add', entry: each })));
  const ada = await signIn(server);
  const write = async (path: string, body: object): Promise<void> => {
    const headers = { ...ada.headers, 'content-type': 'application/json' };
    const response = await server.get(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  };
  const read = { permissions: ['fleet.object.read'], clusters: ['eu-*'] };
  await write('/api/v1/access/roles/eu', { rules: [read, { permissions: ['catalog.entity.read'] }] });
  await write('/api/v1/access/bindings/eu', { role: 'eu', subjects: ['user:default/eve'] });
  await write('/api/v1/access/roles/blind', { rules: [{ permissions: ['fleet.object.read'] }] });
  await write('/api/v1/access/bindings/blind', { role: 'blind', subjects: ['user:default/sam'] });
});
afterAll(() => server.close());

async function ask(query: string, who = 'ada'): Promise<Response> {
  const { headers } = await signIn(server, `user:default/${who}`);
  return server.get(`/api/v1/fleet/timeline?${query}`, { headers });
}

async function ids(query: string, who?: string): Promise<readonly string[]> {
  const response = await ask(query, who);
  expect(response.status).toBe(200);
  const { items, nextCursor } = (await response.json()) as TimelinePage;
  expect(nextCursor).toBeUndefined();
  return items.map(({ id }) => id);
}

const OWN = 'newestOf=group:default/stage';

test('the newest of each thing that a team owns, newest first; of what others own nothing', async () => {
  expect(await ids(OWN)).toEqual(['desk image 1 us-1', 'till health 5 eu-1']);
  expect(await ids(`${OWN}&kind=image&kind=rollout`)).toEqual(['desk image 1 us-1', 'till rollout 90 eu-1']);
  expect(await ids(`${OWN}&newestOf=group:default/x&kind=image`)).toEqual(['desk image 1 us-1', 'lamp image 1 eu-1']);
  expect(await ids('newestOf=group:default/nobody')).toEqual([]);
});

test('who sees one region is told the newest of that, however much there is of others; who sees no entity, nothing', async () => {
  expect(await ids(`${OWN}&kind=image`, 'eve')).toEqual(['desk image 70 eu-1']);
  expect(await ids(OWN, 'sam')).toEqual([]);
});

test.each(['&entity=component:default/desk', '&cursor=MSBh'])('with %s it is refused', async (more) => {
  const response = await ask(OWN + more);
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'LIVE_QUERY_INVALID' }]);
});

test('what a team owns is listed with the facts that are asked for', async () => {
  const { headers } = await signIn(server);
  const read = async (query: string): Promise<OwnedAnswer> =>
    (await (await server.get(`/api/v1/owned?owner=stage${query}`, { headers })).json()) as OwnedAnswer;
  const { items } = await read('&fact=completeness.missing&fact=kubernetes.imageAgeDays');
  expect(items[0]?.facts).toEqual({ 'completeness.missing': { value: expect.arrayContaining(['tags']) } });
  expect((await read('')).items[0]).not.toHaveProperty('facts');
});
