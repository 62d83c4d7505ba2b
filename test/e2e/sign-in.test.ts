import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { allowAll } from '../support/allow-all.ts';
import { component } from '../support/server.ts';
import { startSignInServer, user, type SignInServer } from '../support/sign-in-server.ts';
import { describeInBrowser } from './browser.ts';

const account = (name: string) => [name, { email: `${name}@example.com`, email_verified: true }] as const;

describeInBrowser('signing in at a provider', ({ open, webFolder }) => {
  let suite: SignInServer;
  /** How far the server's clock is ahead, ms. */
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  beforeAll(async () => {
    suite = await startSignInServer({
      accounts: new Map(['jane', 'joe', 'stranger'].map(account)),
      entities: [user('jane', 'jane@example.com'), user('joe', 'joe@example.com'), component('lights')],
      policy: allowAll,
      provider: { endProviderSession: true },
      webFolder: webFolder(),
      clock,
    });
  });
  afterAll(() => suite.close());

  const wanted = (): string => `${suite.baseUrl}/catalog?q=lights`;

  /** From the page that one wanted to the consent page of the provider. */
  async function toConsent(page: Page, login: string, url = wanted()): Promise<void> {
    await page.goto(url);
    await page.getByRole('link', { name: 'Sign in with The provider' }).click();
    await page.getByPlaceholder('Enter any login').fill(login);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
  }

  const agree = (page: Page): Promise<void> => page.getByRole('button', { name: 'Continue' }).click();
  const signedIn = (page: Page, who = 'jane'): Promise<void> =>
    page.getByRole('button', { name: `The ${who}, your account` }).waitFor();

  test('comes back to the page that was wanted; the cookie is not for scripts', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'jane');
    await agree(page);
    await page.getByRole('row', { name: /lights/ }).waitFor();
    await signedIn(page);
    expect(page.url()).toBe(wanted());
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const cookies = await page.context().cookies(suite.baseUrl);
    expect(cookies.filter(({ name }) => name.startsWith('callboard'))).toMatchObject([
      { name: 'callboard-session', httpOnly: true, sameSite: 'Lax' },
    ]);
    expect(errors).toEqual([]);
    await close();
  });

  test('who does not agree reads that, and can try again', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'jane');
    await page.getByRole('link', { name: /Cancel/ }).click();
    await page.getByRole('alert', { name: 'The provider did not let you in' }).waitFor();
    expect(await page.getByRole('link', { name: 'Sign in with The provider' }).getAttribute('href')).toContain(
      encodeURIComponent('/catalog?q=lights'),
    );
    expect(errors).toEqual([]);
    await close();
  });

  test('who is no user of the catalog reads that', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'stranger');
    await agree(page);
    await page.getByRole('alert', { name: 'Nobody in the catalog is you' }).waitFor();
    expect(await page.getByText('stranger').count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  test('a sign-in whose cookie is gone, and one that is played again, ask to begin again', async () => {
    const { page, errors, close } = await open('');
    let callback = '';
    page.on('request', (request) => {
      if (request.url().includes('/handler/frame')) callback = request.url();
    });
    await toConsent(page, 'jane');
    await page.context().clearCookies({ name: /^callboard-flow-/ });
    await agree(page);
    await page.getByRole('alert', { name: 'That took too long, or was used before' }).waitFor();
    await page.getByRole('link', { name: 'Sign in with The provider' }).click();
    await signedIn(page);
    await page.goto(callback);
    await page.waitForURL(/problem=SIGN_IN_EXPIRED/);
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('two tabs that both began come back, each to its own page', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'jane');
    const other = await page.context().newPage();
    await other.goto(`${suite.baseUrl}/sources`);
    await other.getByRole('link', { name: 'Sign in with The provider' }).click();
    await other.getByRole('button', { name: 'Continue' }).click();
    await other.getByRole('heading', { name: 'Sources', exact: true }).waitFor();
    await agree(page);
    await page.getByRole('row', { name: /lights/ }).waitFor();
    await signedIn(page);
    expect(page.url()).toBe(wanted());
    await other.reload();
    await signedIn(other);
    expect(errors).toEqual([]);
    await close();
  });

  test('signing out signs out at the provider too, and the next person can sign in', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'jane');
    await agree(page);
    await signedIn(page);
    await page.getByRole('button', { name: 'The jane, your account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.origin === suite.idp.issuer);
    await page.getByRole('button', { name: /^Yes/ }).click();
    await page.getByRole('heading', { name: 'Sign in to Test' }).waitFor();
    expect(page.url()).toBe(`${suite.baseUrl}/sign-in`);
    await toConsent(page, 'joe');
    await agree(page);
    await signedIn(page, 'joe');
    expect(errors).toEqual([]);
    await close();
  });

  test('who is signed out by the provider sees it on the open page at once', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'joe');
    await agree(page);
    await page.getByRole('row', { name: /lights/ }).waitFor();
    const held = [...suite.server.access.sessions.list()].findLast(({ providerSubject }) => providerSubject === 'joe');
    await suite.endAtProvider('joe', held?.providerSession ?? '');
    await page.getByText('You are signed out').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to Test' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('who is locked out at the provider is soon signed out on the open page, without a word from there', async () => {
    const { page, errors, close } = await open('');
    await toConsent(page, 'joe');
    await agree(page);
    await signedIn(page, 'joe');
    const held = [...suite.server.access.sessions.list()].findLast(({ providerSubject }) => providerSubject === 'joe');
    const refreshToken = suite.server.access.secrets.decrypt('session-grant', held?.refresh ?? '');
    await (await suite.idp.provider.RefreshToken.find(refreshToken))?.destroy();
    ahead = 2 * 60_000;
    await page.reload();
    await signedIn(page, 'joe');
    ahead = 20 * 60_000;
    await page.getByText('You are signed out').waitFor({ timeout: 60_000 });
    expect(errors).toEqual([]);
    await close();
  });
});
