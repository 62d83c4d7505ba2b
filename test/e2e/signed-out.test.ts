import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf } from '../support/access.ts';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser } from './browser.ts';
import { openHouse, setCookie, type House } from './people.ts';

describeInBrowser('who is signed in, and who is not', ({ open, webFolder }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(webFolder());
  });
  afterAll(() => house.close());

  test('nobody sees nothing but the ways to sign in, and comes back to the page that was wanted', async () => {
    const { page, errors, close } = await open('');
    await page.addInitScript(() => {
      const seen = new Set<string>();
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        for (const element of document.querySelectorAll<HTMLElement>('.nav-link, .table, .page-head, .failure'))
          if (element.checkVisibility({ visibilityProperty: true })) seen.add(element.className);
      }).observe(document, { childList: true, subtree: true, attributes: true });
    });
    await page.goto(`${house.baseUrl}/catalog?kind=component&q=lights`);
    await page.getByRole('heading', { name: 'Sign in to Old Theatre' }).waitFor();
    expect(page.url()).toBe(`${house.baseUrl}/catalog?kind=component&q=lights`);
    expect(await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen])).toEqual([]);
    expect(await page.getByText('Ask at the stage door.').count()).toBe(1);
    await page.getByRole('link', { name: 'Sign in with The provider' }).click();
    await page.getByPlaceholder('Enter any login').fill('bob');
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button').first().click();
    await page.getByRole('button').first().click();
    await page.getByRole('row', { name: /lights/ }).waitFor();
    expect(page.url()).toBe(`${house.baseUrl}/catalog?kind=component&q=lights`);
    await page.getByRole('button', { name: 'The bob, your account' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('what went wrong at the provider is said in plain words, with the page that was wanted kept', async () => {
    const { page, errors, close } = await open(
      `${house.baseUrl}/sign-in?problem=SIGN_IN_UNRESOLVED&provider=oidc&redirectUrl=/sources`,
    );
    await page.getByRole('alert', { name: 'Nobody in the catalog is you' }).waitFor();
    const way = page.getByRole('link', { name: 'Sign in with The provider' });
    expect(await way.getAttribute('href')).toBe('/api/auth/oidc/start?flow=redirect&redirectUrl=%2Fsources');
    await page.goto(`${house.baseUrl}/sign-in?problem=%3Cimg%20src%3Dx%3E&redirectUrl=//elsewhere.example`);
    await page.getByText('Signing in did not work').waitFor();
    expect(await way.getAttribute('href')).toContain('redirectUrl=%2Fcatalog');
    expect(errors).toEqual([]);
    await close();
  });

  test('who is signed in already is told so, and may sign out', async () => {
    const { page, errors, close } = await house.enter(open, 'bob', '/sign-in?redirectUrl=/sources');
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Sources', exact: true }).waitFor();
    await page.getByRole('button', { name: 'bob, your account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Old Theatre' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.goto(`${house.baseUrl}/settings`);
    await page.getByRole('heading', { name: 'Sign in to Old Theatre' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a session that ends while the page is open is told in place; what was typed stays, and one goes on', async () => {
    const { page, errors, close, sessionId } = await house.enter(open, 'ada', '/access/new-role');
    await page.getByLabel('Name', { exact: true }).fill('half-written');
    await page.getByText('Live', { exact: true }).waitFor();
    await house.server.access.sessions.end(sessionId, auditOf('access.session.delete'));
    await page.getByText('You are signed out', { exact: true }).waitFor();
    await page.getByText('Signed out', { exact: true }).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('half-written');
    const again = page.getByRole('link', { name: 'Sign in again in a new tab' });
    expect(await again.getAttribute('target')).toBe('_blank');
    // The other tab has signed in: the browser has a new cookie, and the person comes back to this one.
    await setCookie(page, house.baseUrl, (await signIn(house.server, 'user:default/ada')).cookie);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('You are signed out', { exact: true }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('half-written');
    expect(errors).toEqual([]);
    await close();
  });

  test('somebody else who signs in gets a page of their own', async () => {
    const { page, errors, close, sessionId } = await house.enter(open, 'ada', '/audit');
    await page.getByText('Live', { exact: true }).waitFor();
    await house.server.access.sessions.end(sessionId, auditOf('access.session.delete'));
    await page.getByText('You are signed out', { exact: true }).waitFor();
    await setCookie(page, house.baseUrl, (await signIn(house.server, 'user:default/bob')).cookie);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByText('You may not see this.').waitFor();
    await page.getByRole('button', { name: 'bob, your account' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a denied page says which permission is missing, to whom, why, and whom to ask; no place leads there', async () => {
    const { page, errors, close } = await house.enter(open, 'bob', '/audit?outcome=denied');
    const notice = page.getByRole('alert');
    await notice.getByText('You may not see this.').waitFor();
    const text = await notice.textContent();
    expect(text).toContain('access.audit.read');
    expect(text).toContain('user:default/bob');
    expect(text).toContain('none of its roles has this permission');
    expect(text).toContain('Ask at the stage door.');
    expect(page.url()).toBe(`${house.baseUrl}/audit?outcome=denied`);
    const places = page.getByRole('navigation', { name: 'Places' });
    expect(await places.getByRole('link').allTextContents()).toEqual([
      'Home',
      'Catalog',
      'Clusters',
      'Graph',
      'Problems',
      'Sources',
    ]);
    expect(errors).toEqual([]);
    await close();
  });
});
