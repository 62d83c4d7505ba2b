import { afterAll, beforeAll, expect, test } from 'vitest';
import { noBackstage } from '../../src/config/backstage-config.ts';
import { PlainBrowser, type Account } from '../support/identity-provider.ts';
import { allowAll } from '../support/allow-all.ts';
import { startSignInServer, user, type SignInServer } from '../support/sign-in-server.ts';

// A Backstage frontend signs people in as it does at its own backend: in a window, at a real provider.

const app = 'https://portal.example';
const account = (name: string): [string, Account] => [name, { email: `${name}@example.com`, email_verified: true }];

let suite: SignInServer;
beforeAll(async () => {
  suite = await startSignInServer({
    accounts: new Map(['jane', 'stranger'].map(account)),
    entities: [user('jane', 'jane@example.com')],
    policy: allowAll,
    provider: { endProviderSession: true },
    config: { backstage: { ...noBackstage, appOrigins: [app] } },
  });
});
afterAll(() => suite.close());

interface Answer {
  readonly origin: string;
  readonly answer: {
    readonly response?: {
      readonly profile: object;
      readonly backstageIdentity: { readonly token: string; readonly identity: { readonly userEntityRef: string } };
    };
    readonly error?: { readonly name: string; readonly message: string };
  };
}

function start(query: Readonly<Record<string, string>>): string {
  return `${suite.baseUrl}/api/auth/oidc/start?${new URLSearchParams({ env: 'production', ...query }).toString()}`;
}

/** Goes through the window and reads what its last page tells the opener. */
async function throughWindow(browser: PlainBrowser, login: string, query = { origin: app }): Promise<Answer> {
  const { response } = await browser.go(start(query), { login });
  expect(response?.status).toBe(200);
  expect(response?.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
  const html = (await response?.text()) ?? '';
  return JSON.parse(/<script id="answer" type="application\/json">(.*?)<\/script>/.exec(html)?.[1] ?? '') as Answer;
}

test('the window tells its opener alone who signed in, with a token and a session that make more of them', async () => {
  const browser = new PlainBrowser();
  const { origin, answer } = await throughWindow(browser, 'jane');
  expect(origin).toBe(app);
  expect(answer.response).toMatchObject({
    profile: { displayName: 'The jane', email: 'jane@example.com' },
    backstageIdentity: { expiresInSeconds: 3600, identity: { type: 'user', userEntityRef: 'user:default/jane' } },
  });
  const { token = '' } = answer.response?.backstageIdentity ?? {};
  const headers = { authorization: `Bearer ${token}` };
  const info = await fetch(`${suite.baseUrl}/api/auth/v1/userinfo`, { headers });
  expect(await info.json()).toEqual({ claims: { sub: 'user:default/jane', ent: ['user:default/jane'] } });

  const script = { 'x-requested-with': 'XMLHttpRequest', origin: app };
  const refreshed = await browser.send(`${suite.baseUrl}/api/auth/oidc/refresh?scope=openid`, { headers: script });
  expect([refreshed.status, refreshed.headers.get('access-control-allow-origin')]).toEqual([200, app]);
  const out = await browser.send(`${suite.baseUrl}/api/auth/oidc/logout`, { method: 'POST', headers: script });
  const { logoutUrl } = (await out.json()) as { logoutUrl: string };
  expect(logoutUrl.startsWith(suite.idp.issuer)).toBe(true);
  expect((await fetch(`${suite.baseUrl}/api/auth/v1/userinfo`, { headers })).status).toBe(401);
  const [record] = await suite.audit('access.session.delete');
  expect(record).toMatchObject({ actor: 'user:default/jane', target: 'user:default/jane', outcome: 'success' });
});

test('the window tells what went wrong, and not who was turned away', async () => {
  const { origin, answer } = await throughWindow(new PlainBrowser(), 'stranger');
  expect(origin).toBe(app);
  expect(answer.error).toMatchObject({ name: 'SIGN_IN_UNRESOLVED' });
  expect(JSON.stringify(answer)).not.toContain('stranger@');
});

test('without an origin the opener is a page of the server itself', async () => {
  const browser = new PlainBrowser();
  const { response } = await browser.go(start({}), { login: 'jane' });
  expect(await response?.text()).toContain(`{"origin":"${suite.baseUrl}"`);
});

test.each(['https://evil.example', 'null', 'https://portal.example.evil.example', 'http://portal.example'])(
  'pages of %s are told nothing, nor is anybody sent to the provider for them',
  async (origin) => {
    const response = await fetch(start({ origin }), { redirect: 'manual' });
    const text = await response.text();
    // What is no origin counts as none.
    if (origin === 'null') expect(response.status).toBe(302);
    else expect([response.status, text.includes('<script')]).toEqual([403, false]);
  },
);
