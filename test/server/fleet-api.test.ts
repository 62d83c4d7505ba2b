import { Ajv } from 'ajv';
import type { TSchema } from 'typebox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as contracts from '../../src/api/fleet.ts';
import { FleetChanges, type FleetRelist } from '../../src/api/fleet-changes.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn, type TestSession } from '../support/signed-in.ts';
import { openSse, type SseReader } from '../support/sse.ts';

// The routes of the fleet over real HTTP, with live objects that the test says: who sees what, and that what is sent as bytes is
// what the contract says.

let fleet: MemoryFleet;
let server: TestServer;
let streams: SseReader[];

beforeEach(async () => {
  fleet = filledFleet();
  streams = [];
  server = await startTestServer({ live: fleet.live, config: adaAdministers, limits: { heartbeatMs: 50 } });
  const ada = await signIn(server);
  await putRole(ada, 'eu', [{ permissions: ['fleet.*.read'], clusters: ['eu-*'] }], ['eve']);
  await putRole(ada, 'shop', [{ permissions: ['fleet.*.read'], clusters: ['eu-1'], namespaces: ['sh*'] }], ['sam']);
  await putRole(ada, 'shops', [{ permissions: ['fleet.*.read'], clusters: ['eu-*'], namespaces: ['shop'] }], ['lee']);
  await putRole(ada, 'nobody', [{ permissions: ['catalog.entity.read'] }], ['nat']);
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await server.close();
});

/** Two clusters of which one also has what only it may tell, and one that was never reached. */
function filledFleet(): MemoryFleet {
  const made = memoryFleet();
  made.putCluster('eu-1', { labels: { environment: 'prod', region: 'eu' }, isProtected: true, title: 'Europe 1' });
  made.putCluster('us-1', { labels: { environment: 'prod', region: 'us' } });
  made.putCluster('eu-dark', { labels: { environment: 'test' } });
  for (const cluster of ['eu-1', 'us-1']) {
    made.watchAll(cluster);
    made.list(cluster, 'Node', [liveObject(`node-${cluster}`, { ready: 1, pressure: 'hidden-pressure' })]);
    made.list(
      cluster,
      'Namespace',
      ['shop', 'secret'].map((name) => liveObject(name, { phase: 'Active' })),
    );
    made.list(
      cluster,
      'Pod',
      ['shop', 'secret'].map((namespace) =>
        liveObject(`pod-${namespace}-${cluster}`, { namespace, images: `registry.example.com/${namespace}:1` }),
      ),
    );
    made.list(
      cluster,
      'Event',
      ['shop', 'secret'].map((namespace) =>
        liveObject(`event-${namespace}`, {
          namespace,
          type: 'Warning',
          reason: 'BackOff',
          message: `message-${namespace}`,
          objectKind: 'Pod',
          objectName: `pod-${namespace}-${cluster}`,
          count: 3,
          last: 1_750_000_100,
        }),
      ),
    );
  }
  made.setState('us-1', { state: 'denied', reason: { code: 'Forbidden', message: 'may not list jobs' } }, ['Job']);
  made.setState('eu-dark', { state: 'unreachable', reason: { code: 'ConnectionRefused', message: 'refused' } });
  return made;
}

async function putRole(
  ada: TestSession,
  name: string,
  rules: readonly object[],
  people: readonly string[],
): Promise<void> {
  const write = async (path: string, body: object): Promise<void> => {
    const headers = { ...ada.headers, 'content-type': 'application/json' };
    const response = await server.get(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  };
  await write(`/api/v1/access/roles/${name}`, { rules });
  const subjects = people.map((person) => `user:default/${person}`);
  await write(`/api/v1/access/bindings/${name}`, { role: name, subjects });
}

async function ask(who: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { headers } = await signIn(server, `user:default/${who}`);
  const response = await server.get(`/api/v1/fleet/${path}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function read<T>(who: string, path: string): Promise<T> {
  const { status, text } = await ask(who, path);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

type Items = { readonly items: readonly { readonly name: string; readonly cluster: string }[]; readonly total: number };

/** A schema that refuses what it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in parts ? { ...parts, additionalProperties: false } : parts;
}

function problemsOf(schema: TSchema, value: unknown): unknown {
  const check = new Ajv({ strict: false, validateFormats: false }).compile(closed(schema) as object);
  return check(value) ? [] : check.errors;
}

describe('answers', () => {
  test.each([
    ['clusters', contracts.ClusterList],
    ['clusters/eu-1', contracts.getCluster.response],
    ['clusters/eu-dark', contracts.getCluster.response],
    ['objects', contracts.LiveObjectPage],
    ['objects?kind=Pod&limit=1', contracts.LiveObjectPage],
    ['search?q=shop', contracts.FoundObjects],
    ['events', contracts.FleetEventPage],
    ['events?limit=1', contracts.FleetEventPage],
  ] as const)('%s is what the contract says, and no more', async (path, schema) => {
    const answer = await read<Partial<Items>>('ada', path);
    expect(answer.items?.length).not.toBe(0);
    expect(problemsOf(schema, answer)).toEqual([]);
  });

  test('one cluster is told by its name; what is not there and what is hidden is the same', async () => {
    const { cluster } = await read<{ cluster: contracts.Cluster }>('eve', 'clusters/eu-1');
    expect(cluster).toMatchObject({
      name: 'eu-1',
      title: 'Europe 1',
      protected: true,
      state: 'ok',
      pods: 2,
      nodes: { ready: 1, total: 1 },
    });
    const [hidden, none] = [await ask('eve', 'clusters/us-1'), await ask('eve', 'clusters/none')];
    expect([hidden.status, none.status]).toEqual([404, 404]);
    expect(JSON.parse(hidden.text)).toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    const said = ({ text }: typeof hidden): string => (JSON.parse(text) as { detail: string }).detail;
    expect(said(hidden).replace('us-1', 'none')).toBe(said(none));
    expect((await ask('eve', 'clusters/__proto__')).status).toBe(404);
  });

  test('a question that cannot be asked says why', async () => {
    for (const path of ['objects?fieldSelector=colour', 'objects?sort=colour', 'objects?kind=Nothing', 'search?q=']) {
      const { status, text } = await ask('ada', path);
      expect([path, status]).toEqual([path, 400]);
      expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/LIVE_QUERY_INVALID|REQUEST_INVALID/) });
    }
  });

  test('pages follow each other by cursor', async () => {
    const first = await read<Items & { nextCursor: string }>('ada', 'objects?kind=Pod&limit=3');
    const second = await read<Items & { nextCursor?: string }>(
      'ada',
      `objects?kind=Pod&limit=3&cursor=${encodeURIComponent(first.nextCursor)}`,
    );
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([
      'pod-secret-eu-1',
      'pod-shop-eu-1',
      'pod-secret-us-1',
      'pod-shop-us-1',
    ]);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('who asks', () => {
  test('without a permission nothing is told, of clusters as of objects', async () => {
    for (const path of ['clusters', 'clusters/eu-1', 'objects', 'search?q=shop', 'events', 'changes']) {
      const { status, text } = await ask('nat', path);
      expect([path, status, (JSON.parse(text) as { code: string }).code]).toEqual([path, 403, 'PERMISSION_DENIED']);
    }
    expect((await server.get('/api/v1/fleet/clusters')).status).toBe(401);
  });

  test('by cluster, sees those clusters whole and nothing of others', async () => {
    const clusters = await read<Items>('eve', 'clusters');
    expect(clusters.items.map(({ name }) => name)).toEqual(['eu-1', 'eu-dark']);
    for (const path of ['clusters', 'objects', 'search?q=shop', 'search?q=node', 'events', 'objects?cluster=us-1']) {
      const { status, text } = await ask('eve', path);
      expect([path, status]).toEqual([path, 200]);
      expect(text, path).not.toContain('us-1');
    }
    expect((await read<Items>('eve', 'objects?kind=Pod')).total).toBe(2);
    expect((await read<Items>('eve', 'search?q=registry')).total).toBe(2);
  });

  test('by namespace, sees those namespaces and nothing that stands in none', async () => {
    for (const path of ['clusters', 'objects', 'search?q=e', 'events', 'objects?namespace=secret', 'search?q=secret']) {
      const { status, text } = await ask('sam', path);
      expect([path, status]).toEqual([path, 200]);
      expect(text, path).not.toMatch(/us-1|secret|node-|eu-dark|hidden-pressure/);
    }
    const { items } = await read<{ items: readonly contracts.Cluster[] }>('sam', 'clusters');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ name: 'eu-1', pods: 1, nodes: { ready: 0, total: 0 }, objects: 2 });
    expect((await read<Items>('sam', 'objects')).total).toBe(2);
    expect((await read<Items>('sam', 'events')).total).toBe(1);
  });

  test('by namespace, is told of a cluster that was never read where others have such a namespace', async () => {
    const { items } = await read<{ items: readonly contracts.Cluster[] }>('lee', 'clusters');
    expect(items.map(({ name, state }) => `${name} ${state}`)).toEqual(['eu-1 ok', 'eu-dark unreachable']);
  });

  test('a token that is not made for it gets nothing', async () => {
    const start = {
      kind: 'personal',
      principal: 'user:default/ada',
      name: 'narrow',
      createdBy: 'user:default/ada',
    } as const;
    const { text } = await server.access.tokens.make(
      { ...start, scopes: ['catalog.entity.read'], expiresAt: Date.now() + 60_000 },
      { at: 0, actor: 'user:default/ada', action: 'access.token.create', outcome: 'success' },
    );
    const response = await server.get('/api/v1/fleet/objects', { headers: { authorization: `Bearer ${text}` } });
    expect(response.status).toBe(403);
  });

  test('what answers may lack is told of visible clusters alone', async () => {
    const incomplete = async (who: string, path: string): Promise<readonly string[]> => {
      const answer = await read<{ incomplete: readonly contracts.Incomplete[] }>(who, path);
      return answer.incomplete.map(({ cluster, kind = '', state }) => `${cluster} ${kind} ${state}`);
    };
    expect(await incomplete('ada', 'objects?kind=Job&kind=Pod')).toEqual(['eu-dark  unreachable', 'us-1 Job denied']);
    expect(await incomplete('eve', 'objects?kind=Job&kind=Pod')).toEqual(['eu-dark  unreachable']);
    expect(await incomplete('sam', 'objects?kind=Job&kind=Pod')).toEqual([]);
  });
});

describe('the stream of changes', () => {
  async function follow(who: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const session = await signIn(server, `user:default/${who}`);
    const stream = await openSse(`${server.url}/api/v1/fleet/changes`, { ...session.headers, ...headers });
    expect(stream.status).toBe(200);
    streams.push(stream);
    return stream;
  }

  async function changes(stream: SseReader): Promise<{ readonly id: string | undefined; readonly data: FleetChanges }> {
    const { id, data } = await stream.next('changes');
    return { id, data: data as unknown as FleetChanges };
  }

  async function relist(stream: SseReader): Promise<FleetRelist> {
    return (await stream.next('relist')).data as unknown as FleetRelist;
  }

  const put = (namespace: string, cluster = 'eu-1', name = 'new'): void =>
    fleet.put(cluster, 'Pod', [liveObject(name, { namespace })]);

  test('begins with the position, then tells each change once, what comes together as one', async () => {
    const stream = await follow('ada');
    const begin = await changes(stream);
    expect(begin.data).toMatchObject({ objects: [], clusters: [], position: fleet.live.position });
    put('shop');
    put('shop', 'us-1');
    fleet.remove('eu-1', 'Pod', liveObject('new', { namespace: 'shop' }));
    const told = await changes(stream);
    expect(problemsOf(FleetChanges, told.data)).toEqual([]);
    const { objects } = told.data;
    expect(objects).toContainEqual({ type: 'put', cluster: 'us-1', kind: 'Pod', namespace: 'shop', name: 'new' });
    expect(objects.filter(({ cluster }) => cluster === 'eu-1').at(-1)).toMatchObject({ type: 'delete', name: 'new' });
    expect(told.id).toBe(`test:${fleet.live.position.sequence}`);
  });

  test('goes on from where a reader stopped; from another epoch it is told to list again', async () => {
    const { epoch, sequence } = fleet.live.position;
    put('shop');
    const told = await changes(await follow('ada', { 'last-event-id': `${epoch}:${sequence}` }));
    expect(told.data.objects).toMatchObject([{ name: 'new' }]);
    expect(await relist(await follow('ada', { 'last-event-id': 'other:1' }))).toMatchObject({ reason: 'epoch' });
  });

  test('tells who sees a part of it nothing else', async () => {
    const stream = await follow('sam');
    await changes(stream);
    put('secret');
    put('shop', 'us-1');
    fleet.setState('us-1', { state: 'unreachable' });
    put('shop', 'eu-1', 'mine');
    const told = await changes(stream);
    expect(told.data.objects.map(({ name }) => name)).toEqual(['mine']);
    expect(stream.text()).not.toMatch(/us-1|secret/);
  });

  test('who sees another part than before lists again, and is told of it from then on', async () => {
    const stream = await follow('sam');
    const { id = '' } = await changes(stream);
    await putRole(
      await signIn(server),
      'shop',
      [{ permissions: ['fleet.*.read'], clusters: ['us-1'], namespaces: ['shop'] }],
      ['sam'],
    );
    expect(await relist(stream)).toMatchObject({ reason: 'permission' });
    put('shop', 'eu-1', 'old');
    put('shop', 'us-1', 'own');
    expect((await changes(stream)).data.objects.map(({ name }) => name)).toEqual(['own']);
    // One who was away meanwhile.
    expect(await relist(await follow('sam', { 'last-event-id': id }))).toMatchObject({ reason: 'permission' });
  });

  test('a namespace that comes into sight is a reason to list again', async () => {
    const stream = await follow('sam');
    await changes(stream);
    put('shipping', 'eu-1', 'first');
    expect(await relist(stream)).toMatchObject({ reason: 'permission' });
    expect((await read<Items>('sam', 'objects?name=first')).total).toBe(1);
  });

  test('ends when who reads it is signed out', async () => {
    const session = await signIn(server, 'user:default/eve');
    const stream = await openSse(`${server.url}/api/v1/fleet/changes`, { ...session.headers });
    streams.push(stream);
    await changes(stream);
    await server.get('/api/v1/account/sign-out', {
      method: 'POST',
      headers: { ...session.headers, 'content-type': 'application/json' },
      body: '{}',
    });
    expect((await stream.next('ended')).data).toMatchObject({ reason: 'signed-out' });
    await stream.ended();
  });

  test('takes a seat among the event streams of a principal', async () => {
    const session = await signIn(server, 'user:default/eve');
    const open = (): Promise<SseReader> => openSse(`${server.url}/api/v1/fleet/changes`, { ...session.headers });
    for (let count = 0; count < 100; count += 1) streams.push(await open());
    const refused = await open();
    expect(refused.status).toBe(429);
  });

  test('closing the server ends it', async () => {
    const stream = await follow('ada');
    await changes(stream);
    await server.close();
    expect(await stream.ended()).toContain('the server closes');
  });
});
