import { afterEach, describe, expect, test } from 'vitest';
import type { MadeToken } from '../../src/api/tokens.ts';
import { noSignIn } from '../../src/config/sign-in-config.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';
import { user } from '../support/sign-in-server.ts';
import { openSse } from '../support/sse.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(allowUnknownUsers = false): Promise<TestServer> {
  const server = await startTestServer({
    entities: [user('ada', 'ada@example.com'), component('shop')],
    config: { ...adaAdministers, signIn: { ...noSignIn, allowUnknownUsers } },
  });
  cleanups.push(() => server.close());
  return server;
}

async function makeToken(server: TestServer, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await server.get('/api/v1/account/tokens', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 't', expiresInDays: 1 }),
  });
  return ((await response.json()) as MadeToken).token;
}

const ref = 'component:default/shop';

describe('somebody whose User entity has left the catalog', () => {
  test('is let in no more, by session nor token, and is told why; until the entity is back', async () => {
    const server = await start();
    const { headers } = await signIn(server);
    const authorization = `Bearer ${await makeToken(server, headers)}`;
    const [session, bearer] = [
      () => server.get('/api/v1/entities', { headers }),
      () => server.get('/api/v1/entities', { headers: { authorization } }),
    ];
    expect([(await session()).status, (await bearer()).status]).toEqual([200, 200]);
    await server.remove('user:default/ada');
    const [bySession, byToken] = [await session(), await bearer()];
    expect(bySession.status).toBe(401);
    expect(await bySession.json()).toMatchObject({ code: 'USER_GONE' });
    expect(byToken.status).toBe(401);
    expect(await byToken.json()).toMatchObject({
      code: 'TOKEN_INVALID',
      details: { reason: 'user:default/ada is no longer in the catalog' },
    });
    const ui = await server.get('/api/v1/ui', { headers });
    expect(await ui.json()).toMatchObject({ principal: { kind: 'anonymous' }, abilities: { allowed: [] } });
    expect(ui.headers.get('set-cookie')).toBeNull();
    await server.put(user('ada', 'ada@example.com'));
    expect([(await session()).status, (await bearer()).status]).toEqual([200, 200]);
  });

  test('hears no more on an open stream', async () => {
    const server = await start();
    const { headers } = await signIn(server);
    const stream = await openSse(`${server.url}/api/v1/events`, headers);
    cleanups.push(() => stream.close());
    await stream.next('bookmark');
    await server.remove('user:default/ada');
    const late = setTimeout(() => stream.close(), 5000);
    expect(await stream.ended()).toMatch(/event: ended\ndata: \{"revision":\d+,"reason":"signed-out"\}\n\n$/);
    clearTimeout(late);
    expect((await server.get('/api/v1/events', { headers })).status).toBe(401);
  });

  test('stays where people without an entity are let in', async () => {
    const server = await start(true);
    const { headers } = await signIn(server);
    await server.remove('user:default/ada');
    expect((await server.get(`/api/v1/entities/${encodeURIComponent(ref)}`, { headers })).status).not.toBe(401);
  });
});
