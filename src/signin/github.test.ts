import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGithubServer, type GithubAccount, type GithubServer } from '../../test/support/github-server.ts';
import { PlainBrowser } from '../../test/support/identity-provider.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import { systemClock } from '../base/clock.ts';
import { githubOf } from '../config/sign-in-value.ts';
import type { GithubConfig } from '../config/sign-in-config.ts';
import type { Flow } from './flow-cookie.ts';
import { GithubProvider } from './github.ts';
import type { Identity } from './identity.ts';

const baseUrl = 'http://localhost:7007';
const app = { clientId: 'app', clientSecret: 'known to both' };
const flow: Flow = {
  provider: 'github',
  state: 'state',
  nonce: 'nonce',
  verifier: 'v'.repeat(43),
  form: 'redirect',
  redirectPath: '/',
  startedAt: 0,
};
const jane: GithubAccount = {
  id: 7,
  login: 'JaneD',
  name: 'Jane',
  email: 'boss@example.com',
  emails: [
    { email: 'old@example.com', primary: false, verified: true },
    { email: 'jane@example.com', primary: true, verified: true },
  ],
  organizations: ['Acme', 'mallorys'],
  teams: ['Acme/platform', 'mallorys/admins'],
};

let github: GithubServer;
beforeAll(async () => {
  github = await startGithubServer(app);
});
afterAll(() => github.close());

function providerWith(changes: Partial<GithubConfig> = {}): GithubProvider {
  const config = githubOf({ id: 'github', url: github.url, ...app, ...changes });
  return new GithubProvider({
    config,
    baseUrl,
    vault: plainVault(),
    clock: systemClock,
    log: pino({ level: 'silent' }),
  });
}

async function returned(provider: GithubProvider, account: GithubAccount | undefined): Promise<URL> {
  github.account = account;
  const { url } = await new PlainBrowser().go(await provider.authorizationUrl(flow), { login: '' }, baseUrl);
  return new URL(url);
}

async function signIn(account: GithubAccount, changes: Partial<GithubConfig> = {}): Promise<Identity> {
  const provider = providerWith(changes);
  return (await provider.identify(await returned(provider, account), flow)).identity;
}

describe('GitHub', () => {
  test('says who somebody is, by the number of the account and the address that it verified', async () => {
    expect(await signIn(jane)).toEqual({
      provider: 'github',
      subject: '7',
      login: 'JaneD',
      email: 'jane@example.com',
      name: 'Jane',
      picture: 'https://avatars.example/7',
      groups: [],
      claims: { sub: '7', login: 'JaneD' },
    });
  });

  test('an address that it has not verified, or that is only public, does not count', async () => {
    const emails = [{ email: 'jane@example.com', primary: true, verified: false }];
    expect((await signIn({ ...jane, emails })).email).toBeUndefined();
    expect((await signIn({ ...jane, emails: [] })).email).toBeUndefined();
    expect((await signIn(jane, { scopes: ['read:user'] })).email).toBeUndefined();
  });

  test('organizations that are named let in their members, and their teams are groups; others are nothing', async () => {
    const scopes = ['read:user', 'user:email', 'read:org'];
    const one = await signIn(jane, { scopes, organizations: ['acme'] });
    expect(one.groups).toEqual(['group:default/acme', 'group:default/platform']);
    const two = await signIn(jane, { scopes, organizations: ['acme', 'other'] });
    expect(two.groups).toEqual(['group:default/acme', 'group:default/acme.platform']);
    const asked = signIn(jane, { scopes, organizations: ['other'] });
    await expect(asked).rejects.toMatchObject({ code: 'SIGN_IN_NOT_MEMBER' });
  });

  test('somebody in very many teams is read page by page, up to a bound', async () => {
    const teams = Array.from({ length: 1000 }, (_, at) => `acme/team-${at}`);
    const scopes = ['read:org'];
    const before = github.requests.length;
    const { groups } = await signIn({ ...jane, teams }, { scopes, organizations: ['acme'] });
    expect(groups).toHaveLength(300);
    expect(github.requests.slice(before).filter((request) => request.endsWith('/user/teams'))).toHaveLength(5);
  });

  test('one who does not agree is told so', async () => {
    const provider = providerWith();
    const back = await returned(provider, undefined);
    await expect(provider.identify(back, flow)).rejects.toMatchObject({ code: 'SIGN_IN_DENIED' });
  });

  test('a code is taken once, with its verifier, by who knows the secret', async () => {
    const provider = providerWith();
    const fault = { code: 'SIGN_IN_PROVIDER_FAULT' };
    const first = await returned(provider, jane);
    await expect(provider.identify(first, { ...flow, verifier: 'w'.repeat(43) })).rejects.toMatchObject(fault);
    await expect(providerWith({ clientSecret: 'guessed' }).identify(first, flow)).rejects.toMatchObject(fault);
    await provider.identify(first, flow);
    await expect(provider.identify(first, flow)).rejects.toMatchObject(fault);
  });

  test('away it is away, and that is all that is said', async () => {
    const provider = providerWith({ url: 'http://127.0.0.1:1' });
    const callback = new URL(`${baseUrl}/api/auth/github/handler/frame?code=c&state=state`);
    await expect(provider.identify(callback, flow)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_AWAY' });
  });

  test.each([
    ['https://github.com', 'https://github.com/login/oauth/authorize'],
    ['https://ghe.example', 'https://ghe.example/login/oauth/authorize'],
  ])('of %s sends the browser to %s', async (url, start) => {
    const location = new URL(await providerWith({ url }).authorizationUrl(flow));
    expect(`${location.origin}${location.pathname}`).toBe(start);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      client_id: 'app',
      scope: 'read:user user:email',
      state: 'state',
      code_challenge_method: 'S256',
      redirect_uri: `${baseUrl}/api/auth/github/handler/frame`,
    });
  });
});
