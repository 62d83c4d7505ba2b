import { CatalogClient } from '@backstage/catalog-client';
import { DefaultIdentityClient } from '@backstage/plugin-auth-node';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBackstage } from '../../src/config/backstage-config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import { noSignIn } from '../../src/config/sign-in-config.ts';
import { oidcOf } from '../../src/config/sign-in-value.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import type { Entity } from '../../src/model/entity.ts';
import { auditOf } from '../support/access.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

// Backstage's published clients, and what they are told of whom they act for.

const baseUrl = 'http://localhost:7007';
const issuer = `${baseUrl}/api/auth`;
const xhr = { 'x-requested-with': 'XMLHttpRequest' };
const jo = 'user:default/jo';
const joOwns = [jo, 'group:default/company', 'group:default/team'];

/** Never asked here: sessions are begun by the tests. */
const okta = oidcOf({ id: 'okta', issuer: 'http://127.0.0.1:1', clientId: 'x', clientAuthentication: 'none' });

const organisation: readonly Entity[] = [
  { apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata: { name: 'jo' }, spec: { memberOf: ['team'] } },
  group('team', { parent: 'company' }),
  group('company', {}),
  component('mine', { owner: 'group:default/team' }),
];

function group(name: string, spec: NonNullable<Entity['spec']>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [], ...spec },
  };
}

const externalAccess = [
  { type: 'static', token: 'robot-token!', subject: 'robot' },
  {
    type: 'static',
    token: 'reader-token',
    subject: 'reader',
    restrictions: [{ plugin: 'catalog', actions: ['read'] }],
  },
] as const;

/** A route that browsers load by themselves, and one that they do not. */
const techdocs: Manifest = {
  id: 'techdocs',
  title: 'TechDocs',
  routes: [true, false].map((takesLimited) => ({
    contract: {
      method: 'GET',
      path: `/api/techdocs/${takesLimited ? 'static' : 'other'}`,
      summary: 'A page',
      tag: 'TechDocs',
      permission: 'catalog.entity.read',
      takesLimited,
      response: { type: 'object', properties: { who: { type: 'string' } } },
    },
    handle: ({ principal }) => ({ who: principal.ref }),
  })),
};

/** Lets guests in; on the other one people sign in, and external callers come with tokens of their own. */
let open: TestServer;
let at: TestServer;

beforeAll(async () => {
  open = await startTestServer({ entities: organisation });
  at = await startTestServer({
    entities: organisation,
    manifests: [techdocs],
    config: {
      signIn: { ...noSignIn, providers: [okta], allowUnknownUsers: true },
      access: { ...noPolicy, admins: [jo] },
      guests: 'never',
      backstage: { ...noBackstage, externalAccess },
    },
  });
});
afterAll(async () => {
  await open.close();
  await at.close();
});

interface Signed {
  readonly id: string;
  readonly cookie: string;
}

async function signIn({ access }: TestServer): Promise<Signed> {
  const start = { principal: jo, provider: 'okta', name: 'Jo', email: 'jo@example.org' };
  const { id, cookie } = await access.sessions.begin(start, auditOf('access.session.create', jo));
  return { id, cookie: cookie.split(';')[0] ?? '' };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [key: string]: unknown };
}

async function ask({ get }: TestServer, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await get(path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const post = (headers: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { ...headers, 'sec-fetch-site': 'same-origin' },
});

interface Identity {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly identity: { readonly userEntityRef: string; readonly ownershipEntityRefs: readonly string[] };
}

async function refreshed(at: TestServer, { cookie }: Signed): Promise<Identity> {
  const { status, body } = await ask(at, '/api/auth/okta/refresh?scope=openid&env=production', {
    headers: { ...xhr, cookie },
  });
  expect(status).toBe(200);
  return body['backstageIdentity'] as Identity;
}

function identityClient(at: TestServer): DefaultIdentityClient {
  return DefaultIdentityClient.create({ discovery: discoveryOf(at), issuer });
}

function discoveryOf(at: TestServer) {
  const getBaseUrl = async (plugin: string): Promise<string> => `${at.url}/api/${plugin}`;
  return { getBaseUrl, getExternalBaseUrl: getBaseUrl };
}

function errorOf({ body }: Answer): { readonly name: string; readonly message: string } {
  return body['error'] as { name: string; message: string };
}

describe('guests', () => {
  test('get an identity token, with no cookie and no provider’s word', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await ask(open, '/api/auth/guest/refresh', { method });
      expect(status).toBe(200);
      expect(body).toEqual({
        profile: {},
        backstageIdentity: {
          token: expect.any(String),
          expiresInSeconds: 3600,
          identity: { type: 'user', userEntityRef: 'user:default/guest', ownershipEntityRefs: ['user:default/guest'] },
        },
      });
      const { token } = body['backstageIdentity'] as Identity;
      const user = await identityClient(open).authenticate(token);
      expect(user.identity).toMatchObject({ userEntityRef: 'user:default/guest' });
      const client = new CatalogClient({ discoveryApi: discoveryOf(open) });
      for (const options of [{ token }, undefined]) {
        const { totalItems } = await client.queryEntities({ limit: 0 }, options);
        expect(totalItems).toBe(organisation.length);
      }
    }
  });

  test('that are not let in get none', async () => {
    const refused = await ask(at, '/api/auth/guest/refresh');
    expect([refused.status, errorOf(refused).name]).toEqual([403, 'NotAllowedError']);
    const nobody = await ask(at, '/api/catalog/entities?limit=1');
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(nobody.body).toEqual({
      error: { name: 'AuthenticationError', message: expect.stringMatching(/^Missing credentials/) },
      request: { method: 'GET', url: '/entities?limit=1' },
      response: { statusCode: 401 },
    });
  });

  test('are of a provider without windows', async () => {
    const answer = await ask(open, '/api/auth/guest/logout', post(xhr));
    expect([answer.status, errorOf(answer)]).toEqual([
      404,
      { name: 'NotFoundError', message: "Unknown auth provider 'guest'" },
    ]);
  });
});

describe('whoever is signed in', () => {
  test('gets a token that Backstage’s identity client and any JWT library accept', async () => {
    const signed = await signIn(at);
    const { status, body } = await ask(at, '/api/auth/okta/refresh', { headers: { ...xhr, cookie: signed.cookie } });
    expect(status).toBe(200);
    const { token } = body['backstageIdentity'] as Identity;
    expect(body).toEqual({
      profile: { email: 'jo@example.org', displayName: 'Jo' },
      providerInfo: { scope: '', expiresInSeconds: 3600 },
      backstageIdentity: {
        token,
        expiresInSeconds: 3600,
        identity: { type: 'user', userEntityRef: jo, ownershipEntityRefs: joOwns },
      },
    });
    const client = identityClient(at);
    const user = await client.getIdentity({ request: { headers: bearer(token) } as never });
    expect(user?.identity).toEqual({ type: 'user', userEntityRef: jo, ownershipEntityRefs: joOwns });
    const { body: discovery } = await ask(at, '/api/auth/.well-known/openid-configuration');
    expect(discovery).toMatchObject({ issuer, userinfo_endpoint: `${issuer}/v1/userinfo` });
    const keys = new URL(String(discovery['jwks_uri']).replace(baseUrl, at.url));
    const { payload } = await jwtVerify(token, createRemoteJWKSet(keys), { issuer, audience: 'backstage' });
    expect(payload).toMatchObject({ sub: jo, ent: joOwns });
  });

  test('acts as that person with it, until the session ends', async () => {
    const signed = await signIn(at);
    const { token } = await refreshed(at, signed);
    const client = new CatalogClient({ discoveryApi: discoveryOf(at) });
    expect((await client.getEntityByRef('component:default/mine', { token }))?.metadata.name).toBe('mine');
    await expect(client.getEntityByRef('component:default/mine')).rejects.toThrow(/401/);
    expect((await ask(at, '/api/auth/v1/userinfo', { headers: bearer(token) })).body).toEqual({
      claims: { sub: jo, ent: joOwns },
    });
    await at.access.sessions.end(signed.id, auditOf('access.session.delete', jo));
    for (const path of ['/api/catalog/entities?limit=1', '/api/v1/entities', '/api/auth/v1/userinfo'])
      expect((await at.get(path, { headers: bearer(token) })).status, path).toBe(401);
    const gone = await ask(at, '/api/auth/okta/refresh', { headers: { ...xhr, cookie: signed.cookie } });
    expect([gone.status, errorOf(gone).name]).toEqual([401, 'AuthenticationError']);
  });

  test.each([
    ['without the header of scripts', 'okta', {}, 401, 'Invalid X-Requested-With header'],
    ['at another provider', 'github', xhr, 404, "Unknown auth provider 'github'"],
  ])('gets none %s', async (_what, provider, headers, status, message) => {
    const { cookie } = await signIn(at);
    const answer = await ask(at, `/api/auth/${provider}/refresh`, { headers: { ...headers, cookie } });
    expect([answer.status, errorOf(answer).message]).toEqual([status, message]);
  });

  test('gets none for a token: what is limited stays so', async () => {
    const signed = await signIn(at);
    const { token } = await refreshed(at, signed);
    const { text } = await at.access.tokens.make(
      { kind: 'personal', name: 'x', principal: jo, createdBy: jo, expiresAt: Date.now() + 60_000 },
      auditOf('access.token.create', jo),
    );
    for (const proof of [token, text]) {
      const answer = await ask(at, '/api/auth/okta/refresh', { headers: { ...xhr, ...bearer(proof) } });
      expect([answer.status, errorOf(answer).message]).toEqual([
        401,
        expect.stringContaining('Missing session cookie'),
      ]);
    }
  });

  test('signs out with all that the session made', async () => {
    const signed = await signIn(at);
    const { token } = await refreshed(at, signed);
    const foreign = { method: 'POST', headers: { ...xhr, cookie: signed.cookie, origin: 'https://evil.example' } };
    expect((await at.get('/api/auth/okta/logout', foreign)).status).toBe(403);
    expect((await at.get('/api/auth/okta/logout', post({ cookie: signed.cookie }))).status).toBe(401);
    const out = await ask(at, '/api/auth/okta/logout', post({ ...xhr, cookie: signed.cookie }));
    expect([out.status, out.body]).toEqual([200, {}]);
    expect(out.headers.get('set-cookie')).toMatch(/^callboard-session=; Max-Age=0/);
    expect((await at.get('/api/v1/entities', { headers: bearer(token) })).status).toBe(401);
    expect((await ask(at, '/api/auth/okta/logout', post(xhr))).status).toBe(200);
  });

  test('has tokens that end with the session at the latest', async () => {
    const endsAt = Date.now() + 120_000;
    const start = { principal: jo, provider: 'okta', endsAt };
    const { cookie } = await at.access.sessions.begin(start, auditOf('access.session.create', jo));
    const { token } = await refreshed(at, { id: '', cookie: cookie.split(';')[0] ?? '' });
    expect(decodeJwt(token).exp).toBe(Math.floor(endsAt / 1000));
  });
});

describe('limited tokens', () => {
  test('go into a cookie for a user’s token, and out again', async () => {
    const { token } = await refreshed(at, await signIn(at));
    const path = '/api/techdocs/.backstage/auth/v1/cookie';
    const given = await ask(at, path, { headers: bearer(token) });
    expect(given.status).toBe(200);
    expect(given.body).toEqual({ expiresAt: new Date((decodeJwt(token).exp ?? 0) * 1000).toISOString() });
    expect(given.headers.get('set-cookie')).toMatch(
      /^backstage-auth=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; Priority=High; SameSite=Lax$/,
    );
    const taken = await ask(at, path, { method: 'DELETE', headers: bearer(token) });
    expect([taken.status, taken.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^backstage-auth=; .*Expires=Thu, 01 Jan 1970/),
    ]);
    expect((await ask(at, path)).status).toBe(401);
    expect((await ask(at, path, { method: 'DELETE' })).status).toBe(401);
  });

  test('open routes that say so, as a cookie or a bearer token', async () => {
    const { token } = await refreshed(at, await signIn(at));
    const { headers, status } = await ask(at, '/api/techdocs/.backstage/auth/v1/cookie', { headers: bearer(token) });
    expect(status).toBe(200);
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const limited = bearer(cookie.slice('backstage-auth='.length));
    for (const proof of [{ cookie }, limited, bearer(token)]) {
      expect((await ask(at, '/api/techdocs/static', { headers: proof })).body).toEqual({ who: jo });
    }
    expect((await ask(at, '/api/techdocs/other', { headers: bearer(token) })).status).toBe(200);
    for (const proof of [{ cookie }, limited])
      expect((await ask(at, '/api/techdocs/other', { headers: proof })).status).toBe(401);
    const changed = { cookie: cookie.replace(/.{6}$/, 'AAAAAA') };
    expect((await ask(at, '/api/techdocs/static', { headers: changed })).status).toBe(401);
  });

  test('open user information and no other route of the server, while a session of their person is open', async () => {
    const { token } = await refreshed(at, await signIn(at));
    const { headers } = await ask(at, '/api/catalog/.backstage/auth/v1/cookie', { headers: bearer(token) });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const limited = bearer(cookie.slice('backstage-auth='.length));
    for (let turn = 0; turn < 2; turn += 1) {
      const info = await ask(at, '/api/auth/v1/userinfo', { headers: limited });
      expect([info.status, info.body]).toEqual([200, { claims: { sub: jo, ent: joOwns } }]);
      for (const path of ['/api/catalog/entities?limit=1', '/api/v1/entities']) {
        expect((await at.get(path, { headers: limited })).status, path).toBe(401);
        expect((await at.get(path, { headers: { cookie } })).status, path).toBe(401);
      }
    }
    await at.access.sessions.endWhere(({ principal }) => principal === jo, auditOf('access.session.delete', jo));
    expect((await at.get('/api/auth/v1/userinfo', { headers: limited })).status).toBe(401);
  });
});

describe('external callers', () => {
  test('may do everything, or what their entry leaves them', async () => {
    const read = (token: string): Promise<Answer> =>
      ask(at, '/api/catalog/entities?limit=1&fields=kind', { headers: bearer(token) });
    const refresh = (token: string): Promise<Answer> =>
      ask(at, '/api/catalog/refresh', {
        method: 'POST',
        headers: { ...bearer(token), 'content-type': 'application/json' },
        body: JSON.stringify({ entityRef: 'component:default/mine' }),
      });
    expect([(await read('robot-token!')).status, (await refresh('robot-token!')).status]).toEqual([200, 200]);
    expect([(await read('reader-token')).status, (await refresh('reader-token')).status]).toEqual([200, 403]);
    expect((await at.get('/api/v1/access/policy', { headers: bearer('reader-token') })).status).toBe(403);
    expect((await read('other-token')).status).toBe(401);
  });

  test('are no users: no user information, no cookie', async () => {
    const headers = bearer('robot-token!');
    const info = await ask(at, '/api/auth/v1/userinfo', { headers });
    expect([info.status, errorOf(info).name]).toEqual([400, 'InputError']);
    const cookie = await ask(at, '/api/catalog/.backstage/auth/v1/cookie', { headers });
    expect([cookie.status, cookie.body['error'] ?? cookie.body['code']]).toEqual([403, expect.anything()]);
  });
});

test('user information without a token is refused, guest or not', async () => {
  const answer = await ask(open, '/api/auth/v1/userinfo');
  expect([answer.status, errorOf(answer).message]).toEqual([401, 'No token provided']);
  expect((await ask(open, '/api/auth/v1/userinfo', { headers: bearer('nonsense') })).status).toBe(401);
});

test('probes find the health of the server where Backstage’s is, and other plugins no keys of services', async () => {
  for (const kind of ['liveness', 'readiness'])
    expect((await ask(open, `/.backstage/health/v1/${kind}`)).body).toEqual({ status: 'ok' });
  expect((await ask(open, '/api/catalog/.backstage/auth/v1/jwks.json')).body).toEqual({ keys: [] });
});
