import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { SignJWT, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ui } from '../../src/api/ui.ts';
import { githubOf } from '../../src/config/sign-in-value.ts';
import { proxyOf } from '../../src/config/proxy-value.ts';
import { noSignIn } from '../../src/config/sign-in-config.ts';
import { allowAll } from '../support/allow-all.ts';
import { PlainBrowser, type Account } from '../support/identity-provider.ts';
import { startTestServer } from '../support/server.ts';
import { startSignInServer, user, type SignInServer } from '../support/sign-in-server.ts';
import { openSse } from '../support/sse.ts';

const account = (email: string, more: Account = {}): Account => ({ email, email_verified: true, ...more });
const accounts = new Map<string, Account>([
  ['jane', account('jane@example.com', { name: 'Jane D', groups: ['crew'] })],
  ['joe', account('joe@example.com')],
  ['stranger', account('stranger@example.com', { name: 'A Stranger' })],
  ['twin', account('twin@example.com')],
]);
const entities = [
  user('jane', 'jane@example.com'),
  user('joe', 'joe@example.com'),
  user('twin-one', 'twin@example.com'),
  user('twin-two', 'twin@example.com'),
];
const BEGIN = 'access.session.create';
const END = 'access.session.delete';

let suite: SignInServer;
/** Sessions that the server had when it was last asked to revoke a token. */
let heldAtRevocation: number | undefined;
beforeAll(async () => {
  suite = await startSignInServer({
    accounts,
    entities,
    policy: allowAll,
    before({ url }) {
      if (url === '/token/revocation') heldAtRevocation = [...suite.server.access.sessions.list()].length;
      return false;
    },
    provider: { groupsClaim: 'groups', endProviderSession: true },
    providers: (idp) => [githubOf({ id: 'github', url: idp.issuer, clientId: 'x', clientSecret: 'y' })],
  });
});
afterAll(() => suite.close());

const startUrl = (redirectUrl = '/catalog?kind=API', provider = 'oidc'): string =>
  `${suite.baseUrl}/api/auth/${provider}/start?flow=redirect&redirectUrl=${encodeURIComponent(redirectUrl)}`;
const callback = (): string => `${suite.baseUrl}/api/auth/oidc/handler/frame`;

async function ui(browser: PlainBrowser): Promise<Ui> {
  return (await (await browser.send(`${suite.baseUrl}/api/v1/ui`)).json()) as Ui;
}

/** A browser in which somebody has signed in. */
async function signedIn(login = 'jane'): Promise<PlainBrowser> {
  const browser = new PlainBrowser();
  const { url } = await browser.go(startUrl(), { login }, `${suite.baseUrl}/catalog`);
  expect(url).toBe(`${suite.baseUrl}/catalog?kind=API`);
  return browser;
}

/** Goes all the way; the path and query where it ends on this server. */
async function outcome(
  login: string,
  { browser = new PlainBrowser(), consents = true, redirectUrl = '/catalog' } = {},
): Promise<string> {
  const { url } = await browser.go(startUrl(redirectUrl), { login, consents }, `${suite.baseUrl}/sign-in`);
  return url.slice(suite.baseUrl.length);
}

describe('signing in', () => {
  test('comes back to where one wanted to be, as the user of the catalog, and is written down', async () => {
    const browser = await signedIn();
    expect((await ui(browser)).principal).toEqual({
      kind: 'user',
      ref: 'user:default/jane',
      name: 'The jane',
      email: 'jane@example.com',
    });
    const [record] = await suite.audit(BEGIN);
    expect(record).toMatchObject({
      actor: 'user:default/jane',
      target: 'user:default/jane',
      outcome: 'success',
      data: { provider: 'oidc', by: 'email', address: '127.0.0.1' },
    });
  });

  test('leaves one cookie, which scripts and other sites do not get', async () => {
    const browser = new PlainBrowser();
    const { url } = await browser.go(startUrl(), { login: 'jane' }, callback());
    expect(browser.cookieFor(suite.baseUrl)).toMatch(/^callboard-flow-/);
    const response = await browser.send(url);
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    expect(cookies[0]).toMatch(/^callboard-flow-[^;]+; Max-Age=0/);
    expect(cookies[1]).toMatch(/^callboard-session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(browser.cookieFor(suite.baseUrl)).toMatch(/^callboard-session=[\w-]{43}$/);
  });

  test('keeps no token of the provider in readable form', async () => {
    await signedIn();
    const session = [...suite.server.access.sessions.list()].find(({ refresh }) => refresh !== undefined);
    expect(session?.idToken).toBeDefined();
    expect(session?.idToken).not.toMatch(/^ey[\w-]+\.ey/);
    expect(session).toMatchObject({ provider: 'oidc', groups: ['group:default/crew'], providerSubject: 'jane' });
  });

  test('again ends the session of before', async () => {
    const browser = await signedIn();
    const before = browser.cookieFor(suite.baseUrl);
    await browser.go(startUrl(), { login: 'jane' }, `${suite.baseUrl}/catalog`);
    const answer = await fetch(`${suite.baseUrl}/api/v1/ui`, { headers: { cookie: before } });
    expect(((await answer.json()) as Ui).principal.kind).toBe('anonymous');
    expect((await ui(browser)).principal.kind).toBe('user');
  });

  test('in two tabs at once works in both, whichever comes back first', async () => {
    const browser = new PlainBrowser();
    const first = await browser.go(startUrl('/one'), { login: 'jane' }, callback());
    const second = await browser.go(startUrl('/two'), { login: 'jane' }, callback());
    expect((await browser.send(second.url)).headers.get('location')).toBe('/two');
    expect((await browser.send(first.url)).headers.get('location')).toBe('/one');
    expect((await ui(browser)).principal.kind).toBe('user');
  });

  test.each([
    ['//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/fine#here', '/fine#here'],
  ])('with %s to come back to leads to %s', async (redirectUrl, path) => {
    const browser = new PlainBrowser();
    const { url } = await browser.go(startUrl(redirectUrl), { login: 'jane' }, callback());
    expect((await browser.send(url)).headers.get('location')).toBe(path);
  });

  test('by another name of the server begins again by the public one', async () => {
    const other = suite.baseUrl.replace('localhost', '127.0.0.1');
    const browser = new PlainBrowser();
    const { url } = await browser.go(
      startUrl().replace(suite.baseUrl, other),
      { login: 'jane' },
      `${suite.baseUrl}/catalog`,
    );
    expect(url).toContain('/catalog');
    expect((await ui(browser)).principal.kind).toBe('user');
  });
});

describe('signing in that does not work is explained', () => {
  test('who does not agree', async () => {
    expect(await outcome('jane', { consents: false })).toBe(
      '/sign-in?problem=SIGN_IN_DENIED&provider=oidc&redirectUrl=%2Fcatalog',
    );
    await expect
      .poll(async () => (await suite.audit(BEGIN))[0])
      .toMatchObject({ actor: 'anonymous', outcome: 'denied', data: { provider: 'oidc', reason: 'SIGN_IN_DENIED' } });
  });

  test('who is no user of the catalog: the details stand in the audit log alone', async () => {
    const browser = new PlainBrowser();
    const path = await outcome('stranger', { browser });
    expect(path).toBe('/sign-in?problem=SIGN_IN_UNRESOLVED&provider=oidc&redirectUrl=%2Fcatalog');
    expect((await ui(browser)).principal.kind).toBe('anonymous');
    await expect
      .poll(async () => (await suite.audit(BEGIN))[0])
      .toMatchObject({
        outcome: 'denied',
        data: { reason: 'SIGN_IN_UNRESOLVED', subject: 'stranger', email: 'stranger@example.com', tried: ['email'] },
      });
  });

  test('who could be two', async () => {
    expect(await outcome('twin')).toContain('problem=SIGN_IN_AMBIGUOUS');
    await expect
      .poll(async () => (await suite.audit(BEGIN))[0]?.data)
      .toMatchObject({ by: 'email', refs: ['user:default/twin-one', 'user:default/twin-two'] });
  });

  test('a way in that does not exist, and one that is away', async () => {
    const send = async (provider: string): Promise<string | null> =>
      (await fetch(startUrl('/x', provider), { redirect: 'manual' })).headers.get('location');
    expect(await send('nobody')).toBe('/sign-in?problem=SIGN_IN_PROVIDER_UNKNOWN&provider=nobody&redirectUrl=%2Fx');
    expect(await send('guest')).toContain('problem=SIGN_IN_PROVIDER_UNKNOWN');
  });

  const expired = /^\/sign-in\?problem=SIGN_IN_EXPIRED/;

  test('a callback that is played again', async () => {
    const browser = new PlainBrowser();
    const { url } = await browser.go(startUrl(), { login: 'jane' }, callback());
    const cookie = browser.cookieFor(suite.baseUrl);
    expect((await browser.send(url)).headers.get('location')).toBe('/catalog?kind=API');
    expect((await browser.send(url)).headers.get('location')).toMatch(expired);
    const stolen = await fetch(url, { headers: { cookie }, redirect: 'manual' });
    expect(stolen.headers.get('location')).toMatch(expired);
    expect(stolen.headers.getSetCookie()).toEqual([]);
  });

  test('a callback in a browser that began nothing: nobody is signed in as somebody else unawares', async () => {
    const { url } = await new PlainBrowser().go(startUrl(), { login: 'jane' }, callback());
    const victim = new PlainBrowser();
    await victim.go(startUrl(), { login: 'joe' }, callback());
    expect((await victim.send(url)).headers.get('location')).toMatch(expired);
    expect((await ui(victim)).principal.kind).toBe('anonymous');
  });

  test('a callback at another provider, without a state, or with two', async () => {
    const browser = new PlainBrowser();
    const { url } = await browser.go(startUrl(), { login: 'jane' }, callback());
    const elsewhere = url.replace('/oidc/', '/github/');
    expect((await browser.send(elsewhere)).headers.get('location')).toMatch(expired);
    expect((await browser.send(`${url}&state=other`)).headers.get('location')).toMatch(expired);
    expect((await browser.send(`${callback()}?code=x`)).headers.get('location')).toMatch(expired);
    expect((await browser.send(`${callback()}?error=access_denied`)).headers.get('location')).toMatch(expired);
  });
});

describe('a window that a client of Backstage opened', () => {
  const start = (origin: string): string =>
    `${suite.baseUrl}/api/auth/oidc/start?env=development&scope=openid&origin=${encodeURIComponent(origin)}`;

  test('tells its opener who signed in, or that nobody did', async () => {
    const browser = new PlainBrowser();
    const { response } = await browser.go(start(suite.baseUrl), { login: 'jane' });
    const page = await response?.text();
    expect(page).toContain('"userEntityRef":"user:default/jane"');
    expect(page).toContain(`"origin":"${suite.baseUrl}"`);
    expect((await ui(browser)).principal.kind).toBe('user');
    const denied = await new PlainBrowser().go(start(suite.baseUrl), { login: 'stranger' });
    expect(await denied.response?.text()).toContain('no User entity of the catalog');
  });

  test('is not opened for pages of others', async () => {
    const answer = await fetch(start('https://evil.example'), { redirect: 'manual' });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe('signing out', () => {
  test('ends the session here, takes back the refresh token, and leads to the provider', async () => {
    const browser = await signedIn();
    const held = [...suite.server.access.sessions.list()].length;
    const out = await browser.send(`${suite.baseUrl}/api/v1/account/sign-out`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: suite.baseUrl },
      body: '{}',
    });
    const { next = '' } = (await out.json()) as { next?: string };
    expect(new URL(next).searchParams.get('post_logout_redirect_uri')).toBe(`${suite.baseUrl}/sign-in`);
    expect((await ui(browser)).principal.kind).toBe('anonymous');
    expect(suite.idp.requests).toContain('POST /token/revocation');
    // However slow the provider is, nobody stays signed in here.
    expect(heldAtRevocation).toBe(held - 1);
  });
});

describe('back-channel logout', () => {
  const url = (): string => `${suite.baseUrl}/api/auth/oidc/backchannel-logout`;
  const sessionsOf = (subject: string): string[] =>
    [...suite.server.access.sessions.list()].filter((held) => held.providerSubject === subject).map(({ id }) => id);
  const send = (token: string): Promise<Response> =>
    fetch(url(), { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

  test('by the provider ends the session and its open page', async () => {
    const browser = await signedIn('joe');
    const stream = await openSse(`${suite.baseUrl}/api/v1/events`, { cookie: browser.cookieFor(suite.baseUrl) });
    await stream.next('bookmark', 'relist', 'change', 'hello');
    const held = [...suite.server.access.sessions.list()].find(({ providerSubject }) => providerSubject === 'joe');
    await suite.endAtProvider('joe', held?.providerSession ?? '');
    expect(await stream.ended()).toContain('event: ended');
    expect((await ui(browser)).principal.kind).toBe('anonymous');
    expect((await suite.audit(END))[0]).toMatchObject({
      actor: 'provider:oidc',
      data: { reason: 'ended at the provider' },
    });
  });

  test('of one session leaves the other', async () => {
    const one = await signedIn('joe');
    const [first = ''] = sessionsOf('joe');
    const two = await signedIn('joe');
    const sid = suite.server.access.sessions.get(first)?.providerSession ?? '';
    await suite.endAtProvider('joe', sid);
    expect((await ui(one)).principal.kind).toBe('anonymous');
    expect((await ui(two)).principal.kind).toBe('user');
  });

  test('with a token that was made up ends nothing', async () => {
    await signedIn('joe');
    const before = sessionsOf('joe');
    const { privateKey } = await generateKeyPair('RS256');
    const claims = {
      iss: suite.idp.issuer,
      aud: suite.idp.clientId,
      sub: 'joe',
      jti: 'made-up',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'logout+jwt' })
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey);
    for (const token of [forged, 'nonsense', 'a.b.c']) {
      const answer = await send(token);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('The logout token is not accepted');
    }
    expect((await fetch(url(), { method: 'POST', body: new URLSearchParams({ token: 'x' }) })).status).toBe(400);
    expect(
      (
        await fetch(url().replace('/oidc/', '/github/'), {
          method: 'POST',
          body: new URLSearchParams({ logout_token: forged }),
        })
      ).status,
    ).toBe(404);
    expect(sessionsOf('joe')).toEqual(before);
  });
});

describe('a provider that is away', () => {
  test('does not keep the server from starting; who wants to sign in is told', async () => {
    const signIn = {
      ...noSignIn,
      providers: [githubOf({ id: 'github', url: 'http://127.0.0.1:1', clientId: 'x', clientSecret: 'y' })],
    };
    const away = await startSignInServer({
      accounts,
      provider: { issuer: 'http://127.0.0.1:1' },
      config: {},
      providers: () => signIn.providers,
    });
    try {
      const answer = await fetch(`${away.baseUrl}/api/auth/oidc/start?flow=redirect`, { redirect: 'manual' });
      expect(answer.headers.get('location')).toBe('/sign-in?problem=SIGN_IN_PROVIDER_AWAY&provider=oidc');
      expect((await away.server.get('/readyz')).status).toBe(200);
    } finally {
      await away.close();
    }
  });
});

describe('a trusted proxy', () => {
  const secret = { header: 'x-proof', value: 'sixteen characters' };
  const trusted = { 'x-proof': secret.value };

  test('a header that comes twice counts for nothing: one of them is not the proxy’s', async () => {
    const server = await startTestServer({
      entities,
      config: { guests: 'never', signIn: { ...noSignIn, providers: [proxyOf({ id: 'gate', secret })] } },
    });
    const claims = async (groups: string | string[]): Promise<unknown> => {
      const headers = {
        ...trusted,
        'x-forwarded-email': 'jane@example.com',
        'x-forwarded-groups': groups,
        'content-type': 'application/json',
      };
      const asked = request(`${server.url}/api/v1/access/check`, { method: 'POST', headers });
      asked.end(JSON.stringify({ permission: 'catalog.entity.read' }));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return ((await json(response)) as { claims: unknown }).claims;
    };
    try {
      expect(await claims('crew')).toEqual(['group:default/crew', 'user:default/jane']);
      expect(await claims(['crew', 'admins'])).toEqual(['user:default/jane']);
    } finally {
      await server.close();
    }
  });

  test('names people in each request, without a session; nobody else can', async () => {
    const server = await startTestServer({
      entities,
      config: { guests: 'never', signIn: { ...noSignIn, providers: [proxyOf({ id: 'gate', secret })] } },
    });
    const get = (path: string, headers: Record<string, string>): Promise<Response> =>
      server.get(path, { headers, redirect: 'manual' });
    try {
      const jane = { ...trusted, 'x-forwarded-email': 'jane@example.com' };
      expect(((await (await get('/api/v1/ui', jane)).json()) as Ui).principal.ref).toBe('user:default/jane');
      const forged = await get('/api/v1/ui', { 'x-forwarded-email': 'jane@example.com' });
      expect(forged.status).toBe(401);
      expect(await forged.json()).toMatchObject({ code: 'SIGN_IN_PROXY_REFUSED' });
      expect(((await (await get('/api/v1/ui', {})).json()) as Ui).principal.kind).toBe('anonymous');
      const start = '/api/auth/gate/start?flow=redirect&redirectUrl=/x';
      expect((await get(start, jane)).headers.get('location')).toBe('/x');
      expect((await get(start, trusted)).headers.get('location')).toContain('problem=SIGN_IN_PROXY_ABSENT');
      const stranger = { ...trusted, 'x-forwarded-email': 'stranger@example.com' };
      expect((await get(start, stranger)).headers.get('location')).toContain('problem=SIGN_IN_UNRESOLVED');
      expect((await get('/api/v1/entities', stranger)).status).toBe(401);
    } finally {
      await server.close();
    }
  });
});

describe('guests', () => {
  test('go on as guests where they are let in', async () => {
    const guests = await startSignInServer({ accounts, config: { guests: 'everywhere' } });
    try {
      const told = (await (await guests.server.get('/api/v1/ui')).json()) as Ui;
      expect(told.signIn.providers.map(({ id }) => id)).toEqual(['oidc', 'guest']);
      const path = told.signIn.providers.at(-1)?.startPath ?? '';
      const answer = await guests.server.get(`${path}&redirectUrl=/catalog`, { redirect: 'manual' });
      expect(answer.headers.get('location')).toBe('/catalog');
    } finally {
      await guests.close();
    }
  });
});
