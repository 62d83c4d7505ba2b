import { afterEach, describe, expect, test } from 'vitest';
import type { Policy } from '../../src/access/policy.ts';
import type { MadeToken } from '../../src/api/tokens.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { component, startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';
import { openSse, type SseReader } from '../support/sse.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer({ config: adaAdministers, ...options });
  cleanups.push(() => server.close());
  return server;
}

async function follow(server: TestServer, headers: Record<string, string>): Promise<SseReader> {
  const stream = await openSse(`${server.url}/api/v1/events`, headers);
  cleanups.push(() => stream.close());
  if (stream.status === 200) await stream.next('bookmark');
  return stream;
}

/** The stream ends at once, without any change of the catalog, and its last words say why. */
async function endsSoon(stream: SseReader): Promise<void> {
  const late = setTimeout(() => stream.close(), 3000);
  const text = await stream.ended();
  clearTimeout(late);
  expect(text).toMatch(/event: ended\ndata: \{"revision":\d+,"reason":"signed-out"\}\n\n$/);
}

describe('an open stream', () => {
  test('ends when its session is ended, and cannot be opened again; others go on', async () => {
    const server = await start();
    const [session, other] = [await signIn(server), await signIn(server)];
    const [stream, going] = [await follow(server, session.headers), await follow(server, other.headers)];
    await fetch(`${server.url}/api/v1/account/sessions/${session.id}`, { method: 'DELETE', headers: other.headers });
    await endsSoon(stream);
    expect((await follow(server, session.headers)).status).toBe(401);
    await server.put(component('seen'));
    expect((await going.nextEntities()).told).toEqual(['put component:default/seen']);
  });

  test('ends when who reads it signs out everywhere', async () => {
    const server = await start();
    const [session, other] = [await signIn(server), await signIn(server)];
    const stream = await follow(server, session.headers);
    const headers = { ...other.headers, 'content-type': 'application/json' };
    const body = JSON.stringify({ everywhere: true });
    await fetch(`${server.url}/api/v1/account/sign-out`, { method: 'POST', headers, body });
    await endsSoon(stream);
  });

  test('ends when its token is ended', async () => {
    const server = await start();
    const { headers } = await signIn(server);
    const made = (await (
      await fetch(`${server.url}/api/v1/account/tokens`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 't', expiresInDays: 1 }),
      })
    ).json()) as MadeToken;
    const stream = await follow(server, { authorization: `Bearer ${made.token}` });
    await fetch(`${server.url}/api/v1/account/tokens/${made.item.id}`, { method: 'DELETE', headers });
    await endsSoon(stream);
  });

  test('ends with the first heartbeat after its session ran out', async () => {
    const clock = new ManualClock(Date.now());
    const server = await start({ clock });
    const session = await signIn(server);
    const stream = await follow(server, session.headers);
    clock.drift(13 * 3_600_000);
    clock.advance(15_000);
    await endsSoon(stream);
  });

  test('of a plugin, or any other request that still runs, is told by its signal', async () => {
    let ended: (() => void) | undefined;
    const isOver = new Promise<void>((resolve) => (ended = resolve));
    const manifest: Manifest = {
      id: 'waiting',
      title: 'Waiting',
      routes: [
        {
          contract: { method: 'GET', path: '/api/waiting', summary: 's', tag: 't', permission: 'signed-in' },
          handle: ({ reply, signal }) => {
            reply.hijack();
            reply.raw.write('begun');
            signal.addEventListener('abort', () => {
              reply.raw.end();
              ended?.();
            });
            return reply;
          },
        },
      ],
    };
    const server = await start({ manifests: [manifest] });
    const session = await signIn(server);
    const response = await fetch(`${server.url}/api/waiting`, { headers: session.headers });
    expect(response.status).toBe(200);
    await server.access.sessions.end(session.id, { at: 0, actor: 'x', action: 'a.b.c', outcome: 'success' });
    await isOver;
    expect(await response.text()).toBe('begun');
  });
});

describe('what an open stream may tell', () => {
  test('is looked at anew when the policy changes, without any change of the catalog', async () => {
    let isAllowed = true;
    const listeners = new Set<() => void>();
    const policy: Policy = {
      decide: () => (isAllowed ? { result: 'allow' } : { result: 'deny', reason: 'no more' }),
      onChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const server = await start({ policy, config: {} });
    const stream = await follow(server, {});
    await server.put(component('before'));
    await stream.nextEntities();
    isAllowed = false;
    for (const listener of listeners) listener();
    expect((await stream.next('relist')).data.reason).toBe('permission');
    await server.put(component('after'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stream.text()).not.toContain('component:default/after');
    isAllowed = true;
    for (const listener of listeners) listener();
    expect((await stream.next('relist')).data.reason).toBe('permission');
    await server.put(component('again'));
    expect((await stream.nextEntities()).told).toEqual(['put component:default/again']);
  });

  test('is looked at anew when the reader leaves a group, though nothing of that is to be seen', async () => {
    const group: Entity = { ...component('stage'), kind: 'Group', spec: { type: 'team', children: [] } };
    const user = (memberOf: string[]): Entity => ({ ...component('bob'), kind: 'User', spec: { memberOf } });
    const server = await start({ entities: [group, user(['stage'])] });
    const ada = await signIn(server);
    const put = async (path: string, body: object): Promise<void> => {
      const headers = { ...ada.headers, 'content-type': 'application/json' };
      const answer = await server.get(`/api/v1/access/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
      expect(answer.status, await answer.text()).toBe(200);
    };
    const where = 'kind == "Component" && owns(principal, entity)';
    await put('roles/owner', { rules: [{ permissions: ['catalog.entity.read'], where }] });
    await put('bindings/owners', { role: 'owner', subjects: ['everyone'] });
    const stream = await follow(server, (await signIn(server, 'user:default/bob')).headers);
    await server.put(component('sound'));
    expect((await stream.nextEntities()).told).toEqual(['put component:default/sound']);
    const began = performance.now();
    await server.put(user([]));
    expect((await stream.next('relist')).data.reason).toBe('permission');
    // Were it not told at once, it would be the next bookmark, five seconds later.
    expect(performance.now() - began).toBeLessThan(4000);
    await server.put(component('smoke'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stream.text()).not.toContain('smoke');
  });

  test('is looked at anew when the provider says that the reader is in other groups', async () => {
    const server = await start({
      policy: {
        decide: ({ groups }) =>
          groups?.includes('group:default/ops') === true
            ? { result: 'allow' }
            : { result: 'deny', reason: 'not in ops' },
      },
    });
    const session = await signIn(server, 'user:default/ada', { groups: ['group:default/ops'] });
    const stream = await follow(server, session.headers);
    await server.access.sessions.update(session.id, () => ({ groups: [] }));
    expect((await stream.next('relist')).data.reason).toBe('permission');
    expect((await server.get('/api/v1/entities', { headers: session.headers })).status).toBe(403);
  });
});

test('one who is signed in cannot take the streams of all others', async () => {
  const server = await start({ limits: { eventStreams: 20 } });
  const [session, other] = [await signIn(server), await signIn(server, 'user:default/bob')];
  const [first] = [await follow(server, session.headers), await follow(server, session.headers)];
  const refused = await server.get('/api/v1/events', { headers: session.headers });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'EVENT_STREAMS_TAKEN', details: { limit: 2 } });
  expect((await follow(server, other.headers)).status).not.toBe(429);
  first.close();
  await expect.poll(async () => (await follow(server, session.headers)).status).toBe(200);
});
