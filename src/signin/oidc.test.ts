import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  PlainBrowser,
  startIdentityProvider,
  type Account,
  type IdentityProvider,
} from '../../test/support/identity-provider.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { oidcOf } from '../config/sign-in-value.ts';
import type { OidcConfig } from '../config/sign-in-config.ts';
import type { Flow } from './flow-cookie.ts';
import type { ProviderGrant } from './identity.ts';
import { OidcProvider } from './oidc.ts';

const baseUrl = 'http://localhost:7007';
const callback = `${baseUrl}/api/auth/oidc/handler/frame`;
const jane = {
  email: 'jane@example.com',
  email_verified: true,
  name: 'Jane',
  preferred_username: 'jane.d',
  groups: ['eng/platform', 'eng/two words', 'sre'],
};
const accounts = new Map<string, Account>([
  ['jane', jane],
  ['unsure', { ...jane, email_verified: undefined }],
  ['unverified', { ...jane, email_verified: false }],
]);

let idp: IdentityProvider;
/** Set: the provider is away, or answers this. */
let answer: ((path: string) => { readonly status: number; readonly location?: string } | undefined) | undefined;

beforeAll(async () => {
  idp = await startIdentityProvider({
    baseUrl,
    accounts,
    before(request, response) {
      const instead = answer?.(request.url ?? '');
      if (instead === undefined) return false;
      const { status, location } = instead;
      response.writeHead(status, location === undefined ? {} : { location }).end();
      return true;
    },
  });
});
afterAll(() => idp.close());

function providerWith(changes: Partial<OidcConfig> = {}, clock: Clock = systemClock): OidcProvider {
  const config = oidcOf({
    id: 'oidc',
    issuer: idp.issuer,
    clientId: idp.clientId,
    clientSecret: { secret: 'client' },
    clientAuthentication: 'client_secret_basic',
    scopes: ['profile', 'email', 'groups'],
    groupsClaim: 'groups',
    groups: { namespace: 'default', strip: 'eng/' },
    ...changes,
  });
  const vault = plainVault({ client: idp.clientSecret });
  return new OidcProvider({ config, baseUrl, vault, clock, log: pino({ level: 'silent' }) });
}

function freshFlow(): Flow {
  const random = (): string => systemClock.token(32);
  const secrets = { state: random(), nonce: random(), verifier: random() };
  return { provider: 'oidc', ...secrets, form: 'redirect', redirectPath: '/', startedAt: 0 };
}

async function returned(provider: OidcProvider, flow: Flow, login = 'jane', consents = true): Promise<URL> {
  const start = await provider.authorizationUrl(flow);
  const { url } = await new PlainBrowser().go(start, { login, consents }, callback);
  return new URL(url);
}

async function signIn(provider: OidcProvider, login = 'jane'): Promise<ProviderGrant> {
  const flow = freshFlow();
  return provider.identify(await returned(provider, flow, login), flow);
}

describe('a provider of OpenID Connect', () => {
  test('says who somebody is: subject, verified e-mail, groups as refs, session', async () => {
    const grant = await signIn(providerWith());
    expect(grant.identity).toMatchObject({
      provider: 'oidc',
      subject: 'jane',
      email: 'jane@example.com',
      login: 'jane.d',
      name: 'Jane',
      groups: ['group:default/platform', 'group:default/sre'],
    });
    expect(grant.session).toMatch(/./);
    expect(grant.refreshToken).toMatch(/./);
    expect(grant.idToken).toMatch(/^ey/);
  });

  test.each([
    ['unsure', false, undefined],
    ['unsure', true, 'jane@example.com'],
    ['unverified', true, undefined],
  ])('the address of %s with trustEmail %s is %s', async (login, trustEmail, email) => {
    expect((await signIn(providerWith({ trustEmail }), login)).identity.email).toBe(email);
  });

  test('asks with code, PKCE, state and nonce, and for its own callback', async () => {
    const flow = freshFlow();
    const { searchParams } = new URL(await providerWith({ prompt: 'select_account' }).authorizationUrl(flow));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid profile email groups',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
    expect(searchParams.get('code_challenge')).not.toBe(flow.verifier);
  });

  test('one who does not agree is told so', async () => {
    const provider = providerWith();
    const flow = freshFlow();
    const back = await returned(provider, flow, 'jane', false);
    expect(back.searchParams.get('error')).toBe('access_denied');
    await expect(provider.identify(back, flow)).rejects.toMatchObject({ code: 'SIGN_IN_DENIED' });
  });

  test('a code is taken once', async () => {
    const provider = providerWith();
    const flow = freshFlow();
    const back = await returned(provider, flow);
    await provider.identify(back, flow);
    await expect(provider.identify(back, flow)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
  });

  test.each(['state', 'nonce', 'verifier'] as const)('a callback with another %s is refused', async (part) => {
    const provider = providerWith();
    const flow = freshFlow();
    const back = await returned(provider, flow);
    const other = { ...flow, [part]: systemClock.token(32) };
    await expect(provider.identify(back, other)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
  });

  test('a callback of another issuer is refused (mix-up)', async () => {
    const provider = providerWith();
    const flow = freshFlow();
    const back = await returned(provider, flow);
    expect(back.searchParams.get('iss')).toBe(idp.issuer);
    back.searchParams.set('iss', 'https://other.example');
    await expect(provider.identify(back, flow)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
  });

  test('a wrong client secret is a fault of the set-up, not of the person', async () => {
    const provider = providerWith({ clientSecret: 'wrong' });
    const flow = freshFlow();
    const back = await returned(provider, flow);
    await expect(provider.identify(back, flow)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
  });
});

describe('a session held against its provider', () => {
  test('holds, with the refresh token renewed', async () => {
    const provider = providerWith();
    const { refreshToken, idToken } = await signIn(provider);
    const result = await provider.recheck({ subject: 'jane', refreshToken, idToken });
    expect(result).toMatchObject({
      status: 'holds',
      renewal: { groups: ['group:default/platform', 'group:default/sre'] },
    });
    expect(result.status === 'holds' && result.renewal.refreshToken).not.toBe(refreshToken);
  });

  test('ends where the provider refuses to renew it', async () => {
    const provider = providerWith();
    const { refreshToken } = await signIn(provider);
    await provider.leave({ subject: 'jane', refreshToken });
    const result = await provider.recheck({ subject: 'jane', refreshToken });
    expect(result).toEqual({ status: 'ended', reason: 'the provider refused to renew it' });
  });

  test('ends where it names another person, or cannot be renewed at all', async () => {
    const provider = providerWith();
    const { refreshToken } = await signIn(provider);
    expect((await provider.recheck({ subject: 'joe', refreshToken })).status).toBe('ended');
    expect((await provider.recheck({ subject: 'joe' })).status).toBe('ended');
  });

  test('is in doubt while the provider is away', async () => {
    const provider = providerWith();
    const { refreshToken } = await signIn(provider);
    answer = () => ({ status: 503 });
    try {
      const asked = provider.recheck({ subject: 'jane', refreshToken });
      await expect(asked).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_AWAY' });
    } finally {
      answer = undefined;
    }
  });
});

describe('signing out', () => {
  test('leads to the provider only where the configuration says so', async () => {
    const provider = providerWith({ endProviderSession: true });
    const { idToken, refreshToken } = await signIn(provider);
    const next = new URL((await provider.leave({ subject: 'jane', idToken, refreshToken })) ?? '');
    expect(next.origin).toBe(idp.issuer);
    expect(Object.fromEntries(next.searchParams)).toMatchObject({
      id_token_hint: idToken,
      post_logout_redirect_uri: `${baseUrl}/sign-in`,
    });
    expect(await providerWith().leave({ subject: 'jane', idToken })).toBeUndefined();
  });
});

describe('what a provider says of itself', () => {
  test('is asked when it is first needed, and again when it answers again', async () => {
    const clock = new ManualClock(Date.now());
    const provider = providerWith({}, clock);
    answer = () => ({ status: 500 });
    await expect(provider.authorizationUrl(freshFlow())).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_AWAY' });
    answer = undefined;
    // A provider that does not answer is left alone for a moment.
    await expect(provider.authorizationUrl(freshFlow())).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_AWAY' });
    clock.drift(2_001);
    expect(await provider.authorizationUrl(freshFlow())).toMatch(idp.issuer);
  });

  test('stays in use for as long as the provider does not say it anew', async () => {
    const clock = new ManualClock(Date.now());
    const provider = providerWith({}, clock);
    await provider.authorizationUrl(freshFlow());
    clock.drift(3_600_001);
    answer = () => ({ status: 500 });
    try {
      expect(await provider.authorizationUrl(freshFlow())).toMatch(idp.issuer);
    } finally {
      answer = undefined;
    }
    const before = idp.requests.length;
    clock.drift(2_001);
    await Promise.all([provider.authorizationUrl(freshFlow()), provider.authorizationUrl(freshFlow())]);
    expect(idp.requests.slice(before)).toEqual(['GET /.well-known/openid-configuration']);
  });

  test('a redirect is not followed', async () => {
    const before = idp.requests.length;
    answer = () => ({ status: 302, location: `${idp.issuer}/elsewhere` });
    try {
      const asked = providerWith().authorizationUrl(freshFlow());
      await expect(asked).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
    } finally {
      answer = undefined;
    }
    expect(idp.requests.slice(before)).toEqual(['GET /.well-known/openid-configuration']);
  });

  test.each(['none', 'client_secret_post'] as const)('a client may say who it is by %s', async (authentication) => {
    const other = await startIdentityProvider({ baseUrl, accounts, authentication });
    try {
      const clientSecret = authentication === 'none' ? undefined : other.clientSecret;
      const provider = providerWith({ issuer: other.issuer, clientSecret, clientAuthentication: authentication });
      expect((await signIn(provider)).identity.subject).toBe('jane');
    } finally {
      await other.close();
    }
  });
});
