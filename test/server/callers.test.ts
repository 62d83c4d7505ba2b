import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MadeToken } from '../../src/api/tokens.ts';
import type { SessionItem } from '../../src/api/session.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn, type TestSession } from '../support/signed-in.ts';

let server: TestServer;
let ada: TestSession;
let bob: TestSession;

beforeAll(async () => {
  server = await startTestServer({ config: adaAdministers, entities: [component('lights')] });
  ada = await signIn(server);
  bob = await signIn(server, 'user:default/bob');
});
afterAll(() => server.close());

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Said> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Said['body']) : {},
  };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const order = { name: 'nightly', expiresInDays: 1 };

async function makeToken(parts: object = {}): Promise<MadeToken> {
  const { status, body } = await ask('POST', '/api/v1/account/tokens', ada.headers, { ...order, ...parts });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as MadeToken;
}

describe('nobody', () => {
  test.each([
    '/api/v1/entities',
    '/api/v1/events',
    '/api/catalog/entities',
    '/metrics',
    '/api/v1/account/sessions',
    '/api/v1/audit',
  ])('is asked to sign in for %s', async (path) => {
    const { status, headers } = await ask('GET', path);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="callboard"');
  });

  test('is told where to sign in, and where tokens are made', async () => {
    const { body } = await ask('GET', '/api/v1/entities');
    expect(body).toMatchObject({
      code: 'SIGN_IN_REQUIRED',
      details: {
        permission: 'catalog.entity.read',
        signIn: 'http://localhost:7007/sign-in',
        tokens: 'http://localhost:7007/settings',
        contact: 'Ask whoever runs Callboard at Test.',
      },
    });
  });

  test('gets the pages, what they start from, and health', async () => {
    const { status, body } = await ask('GET', '/api/v1/ui');
    expect([status, body['principal'], body['abilities']]).toEqual([
      200,
      { kind: 'anonymous', ref: 'anonymous' },
      { allowed: [], conditional: [] },
    ]);
    expect((await ask('GET', '/healthz')).status).toBe(200);
    const page = await ask('GET', '/catalog', { accept: 'text/html' });
    expect(page.status).not.toBe(401);
  });
});

describe('a session', () => {
  test('says who asks, what the provider said of them, and what they may do', async () => {
    const known = await signIn(server, 'user:default/ada', { name: 'Ada', email: 'ada@example.com' });
    const { body } = await ask('GET', '/api/v1/ui', known.headers);
    expect(body).toMatchObject({
      principal: { kind: 'user', ref: 'user:default/ada', name: 'Ada', email: 'ada@example.com' },
      abilities: { allowed: ['*'], conditional: [] },
    });
    expect((await ask('GET', '/api/v1/entities', known.headers)).body['total']).toBe(1);
    const other = await ask('GET', '/api/v1/ui', bob.headers);
    expect(other.body['abilities']).toEqual({ allowed: [], conditional: [] });
  });

  test('without a permission is refused with the permission, the reason and whom to ask', async () => {
    const { status, body } = await ask('GET', '/api/v1/entities', bob.headers);
    expect([status, body['code'], body['details']]).toEqual([
      403,
      'PERMISSION_DENIED',
      {
        principal: 'user:default/bob',
        permission: 'catalog.entity.read',
        reason: expect.any(String) as string,
        contact: 'Ask whoever runs Callboard at Test.',
      },
    ]);
  });

  test('is listed for its own people only; administrators see and end all', async () => {
    const own = (await ask('GET', '/api/v1/account/sessions', bob.headers)).body['items'] as SessionItem[];
    expect(own.map(({ id, current, principal }) => [id, current, principal])).toEqual([
      [bob.id, true, 'user:default/bob'],
    ]);
    const foreign = await ask('DELETE', `/api/v1/account/sessions/${ada.id}`, bob.headers);
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'SESSION_NOT_FOUND']);
    expect((await ask('GET', '/api/v1/access/sessions', bob.headers)).status).toBe(403);
    const all = await ask('GET', '/api/v1/access/sessions?principal=user:default/bob', ada.headers);
    expect(all.body).toMatchObject({ total: 1, items: [{ id: bob.id, current: false }] });
    expect(JSON.stringify(all.body)).not.toContain(bob.cookie.split('=')[1]);
    expect((await ask('DELETE', `/api/v1/access/sessions/${bob.id}`, ada.headers)).status).toBe(204);
    const refused = await ask('GET', '/api/v1/account/sessions', bob.headers);
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([
      401,
      expect.stringMatching(/^callboard-session=; Max-Age=0;/) as string,
    ]);
    bob = await signIn(server, 'user:default/bob');
  });

  test('signs out, alone or everywhere, and its cookie goes', async () => {
    const [one, two, three] = [
      await signIn(server, 'user:default/cy'),
      await signIn(server, 'user:default/cy'),
      await signIn(server, 'user:default/cy'),
    ];
    const out = await ask('POST', '/api/v1/account/sign-out', one.headers, {});
    expect([out.status, out.body]).toEqual([200, {}]);
    expect(out.headers.get('set-cookie')).toMatch(/^callboard-session=; Max-Age=0;/);
    const count = async (): Promise<number> =>
      (await ask('GET', '/api/v1/access/sessions?principal=user:default/cy', ada.headers)).body['total'] as number;
    expect(await count()).toBe(2);
    await ask('POST', '/api/v1/account/sign-out', two.headers, { everywhere: true });
    expect(await count()).toBe(0);
    expect((await ask('GET', '/api/v1/account/sessions', three.headers)).status).toBe(401);
    expect((await ask('POST', '/api/v1/account/sign-out', {}, {})).status).toBe(200);
  });
});

describe('a page that writes', () => {
  const own = { origin: 'http://localhost:7007' };
  const foreign = { origin: 'https://attacker.example' };
  const cases: readonly [string, 'cookie' | 'bearer' | 'none', Record<string, string>, number][] = [
    ['its origin is ours', 'cookie', own, 200],
    ['its origin is ours by the fetch metadata', 'cookie', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a person typed it', 'cookie', { 'sec-fetch-site': 'none' }, 200],
    ['both say it is ours', 'cookie', { ...own, 'sec-fetch-site': 'same-origin' }, 200],
    ['nothing says whose it is', 'cookie', {}, 403],
    ['it is another site', 'cookie', foreign, 403],
    ['it is another site by the fetch metadata', 'cookie', { 'sec-fetch-site': 'cross-site' }, 403],
    ['it is a sibling site', 'cookie', { 'sec-fetch-site': 'same-site' }, 403],
    ['its origin is opaque', 'cookie', { origin: 'null' }, 403],
    ['the origin is ours on another port', 'cookie', { origin: 'http://localhost:1' }, 403],
    ['a script with a token says nothing', 'bearer', {}, 200],
    ['another site has a token', 'bearer', foreign, 403],
    ['our page has a token', 'bearer', own, 200],
    ['nobody says nothing', 'none', {}, 401],
    ['nobody from another site', 'none', foreign, 403],
  ];

  test.each(cases)('%s, with a credential of the kind %s', async (_, kind, headers, status) => {
    const { token } = await makeToken();
    const credential = kind === 'cookie' ? { cookie: ada.cookie } : kind === 'bearer' ? bearer(token) : {};
    const answer = await ask('POST', '/api/v1/query', { ...credential, ...headers }, { where: 'kind != ""' });
    expect([answer.status, answer.body['code']]).toEqual([status, status === 200 ? undefined : expect.any(String)]);
  });

  test('and says nothing of itself is told what to send', async () => {
    const { body } = await ask('POST', '/api/v1/account/sign-out', { cookie: ada.cookie }, {});
    expect(body['code']).toBe('ORIGIN_MISSING');
    expect((await ask('GET', '/api/v1/account/sessions', { cookie: ada.cookie })).status).toBe(200);
  });
});

describe('a token', () => {
  test('is shown once, opens what its maker may do, and shows its last use', async () => {
    const { token, item } = await makeToken();
    expect(token).toMatch(/^cb_[0-9A-Za-z]{43}$/);
    expect(item).toMatchObject({
      kind: 'personal',
      name: 'nightly',
      principal: 'user:default/ada',
      hint: token.slice(0, 7),
    });
    expect((await ask('GET', '/api/v1/entities', bearer(token))).body['total']).toBe(1);
    const listed = await ask('GET', '/api/v1/account/tokens', bearer(token));
    expect(JSON.stringify(listed.body)).not.toContain(token.slice(8));
    expect((await ask('DELETE', `/api/v1/account/tokens/${item.id}`, bob.headers)).status).toBe(404);
    expect((await ask('DELETE', `/api/v1/account/tokens/${item.id}`, ada.headers)).status).toBe(204);
    const refused = await ask('GET', '/api/v1/entities', bearer(token));
    expect([refused.status, refused.body['code'], refused.headers.get('www-authenticate')]).toEqual([
      401,
      'TOKEN_INVALID',
      'Bearer realm="callboard", error="invalid_token"',
    ]);
  });

  test('is limited to its scopes', async () => {
    const { token } = await makeToken({ scopes: ['catalog.*.read'] });
    expect((await ask('GET', '/api/v1/entities', bearer(token))).status).toBe(200);
    const refused = await ask('GET', '/api/v1/access/sessions', bearer(token));
    expect([refused.status, (refused.body['details'] as { reason: string }).reason]).toEqual([
      403,
      'the token is not made for it',
    ]);
    expect((await ask('GET', '/api/v1/ui', bearer(token))).body['abilities']).toEqual({
      allowed: ['catalog.entity.read', 'catalog.location.read', 'catalog.problem.read', 'catalog.source.read'],
      conditional: [],
    });
    for (const scope of ['catalog', 'catalog.entity.raed', '*.*', 'a b'])
      expect(
        (await ask('POST', '/api/v1/account/tokens', ada.headers, { ...order, scopes: [scope] })).body['code'],
      ).toBe('SCOPE_INVALID');
  });

  test('cannot make another for a person, and one for a service only within its own scopes', async () => {
    const { token } = await makeToken();
    const personal = await ask('POST', '/api/v1/account/tokens', bearer(token), order);
    expect([personal.status, personal.body['code']]).toEqual([403, 'TOKEN_MAKER_REFUSED']);
    const limited = (await makeToken({ scopes: ['access.token.*', 'catalog.*.read'] })).token;
    const ofService = (scopes?: string[]) =>
      ask('POST', '/api/v1/access/tokens', bearer(limited), { ...order, service: 'ci', ...(scopes && { scopes }) });
    expect((await ofService()).body['code']).toBe('SCOPE_EXCEEDED');
    expect((await ofService(['*'])).body['code']).toBe('SCOPE_EXCEEDED');
    expect((await ofService(['catalog.*.*'])).body['code']).toBe('SCOPE_EXCEEDED');
    const made = await ofService(['catalog.entity.read']);
    expect(made.body).toMatchObject({
      item: { kind: 'service', principal: 'service:default/ci', createdBy: 'user:default/ada' },
    });
    expect((await ask('GET', '/api/v1/entities', bearer((made.body as MadeToken).token))).status).toBe(403);
  });

  test('is not made by guests, who have nothing of their own, though they may make those of services while all is open', async () => {
    const open = await startTestServer();
    try {
      const send = async (path: string, body: object): Promise<Said['body']> => {
        const headers = { 'content-type': 'application/json' };
        return (await open.get(path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<
          Said['body']
        >;
      };
      await signIn(open, 'user:default/guest');
      expect(await (await open.get('/api/v1/account/sessions')).json()).toEqual({ items: [] });
      expect(await send('/api/v1/account/tokens', order)).toMatchObject({
        code: 'TOKEN_MAKER_REFUSED',
        details: { principal: 'user:default/guest', proof: 'without having signed in' },
      });
      expect(await send('/api/v1/access/tokens', { ...order, service: 'ci' })).toMatchObject({
        item: { kind: 'service' },
      });
    } finally {
      await open.close();
    }
  });

  test('is nowhere in the files of the store, and neither is what a cookie holds', async () => {
    const { token } = await makeToken();
    await ask('GET', '/api/v1/entities', bearer(token));
    const cookie = ada.cookie.split('=')[1] ?? '';
    const files = await readdir(server.dataFolder, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const file of files.filter((entry) => entry.isFile())) {
      const content = await readFile(join(file.parentPath, file.name), 'latin1');
      bytes += content.length;
      expect(content.includes(token), file.name).toBe(false);
      expect(content.includes(cookie), file.name).toBe(false);
    }
    expect(bytes).toBeGreaterThan(10_000);
  });
});

describe('a proxy in front', () => {
  test('is believed on where a request came from, if it is one of those that the configuration names', async () => {
    const from = '203.0.113.7';
    const seenFrom = async (trustedProxies: readonly string[] | undefined): Promise<string | undefined> => {
      const listen = { host: '127.0.0.1', port: 0, ...(trustedProxies && { trustedProxies }) };
      const behind = await startTestServer({ config: { ...adaAdministers, listen } });
      try {
        const session = await signIn(behind);
        const headers = {
          ...session.headers,
          'content-type': 'application/json',
          'x-forwarded-for': `9.9.9.9, ${from}`,
        };
        const body = JSON.stringify(order);
        const made = await behind.get('/api/v1/account/tokens', { method: 'POST', headers, body });
        const { token, item } = (await made.json()) as MadeToken;
        await behind.get('/api/v1/entities', { headers: { ...bearer(token), 'x-forwarded-for': from } });
        await behind.access.tokens.close();
        const [record] = await behind.store.access.audit({ action: 'access.token.create' }, { limit: 1 });
        expect(behind.access.tokens.get(item.id)?.lastUsedFrom).toBe(record?.data?.['address']);
        return behind.access.tokens.get(item.id)?.lastUsedFrom;
      } finally {
        await behind.close();
      }
    };
    expect(await seenFrom(undefined)).toBe('127.0.0.1');
    expect(await seenFrom(['10.0.0.0/8'])).toBe('127.0.0.1');
    expect(await seenFrom(['127.0.0.0/8'])).toBe(from);
  });
});
