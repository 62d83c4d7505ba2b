import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { openHouse, type House } from './people.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describeInBrowser('sessions, tokens, secrets and the audit log', ({ open, webFolder }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(webFolder());
  });
  afterAll(() => house.close());

  const answerTo = (token: string): Promise<Response> =>
    house.server.get('/api/v1/entities?limit=0', { headers: { authorization: `Bearer ${token}` } });

  test('settings say who one is; a token is made, shown once, works, and is ended', async () => {
    const { page, errors, close } = await house.enter(open, 'bob', '/settings', { userAgent: FIREFOX });
    const who = page.getByRole('region', { name: 'Who you are to Callboard' });
    await who.getByRole('link', { name: /stage/ }).waitFor();
    expect(await who.textContent()).toContain('user:default/bob');
    expect(await who.textContent()).toMatch(/catalog\.entity\.refresh\s*some/);
    await page.getByRole('row', { name: /Firefox on Linux.*This one/ }).waitFor();
    await page.getByRole('button', { name: 'Make a token…' }).click();
    await page.getByLabel('What it is for').fill('nightly report');
    await page.getByLabel('Ends after').selectOption('7');
    await page.getByRole('combobox', { name: 'Only these permissions' }).fill('catalog.*.read');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const made = page.getByRole('region', { name: 'The new token' });
    await made.getByText('Copy it now: it is not shown again').waitFor();
    const token = (await made.locator('.made-token-text code').textContent()) ?? '';
    expect(token).toMatch(/^cb_/);
    expect((await answerTo(token)).status).toBe(200);
    await made.getByRole('button', { name: 'I have it' }).click();
    expect(await page.getByText(token).count()).toBe(0);
    const row = page.getByRole('row', { name: /nightly report/ });
    expect(await row.textContent()).toContain('catalog.*.read');
    await row.getByRole('button', { name: 'End the token nightly report' }).click();
    await row.getByRole('button', { name: 'End it the token nightly report' }).press('Escape');
    await row.getByRole('button', { name: 'End the token nightly report' }).click();
    await row.getByRole('button', { name: 'End it the token nightly report' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await answerTo(token)).status).toBe(401);
    expect(errors).toEqual([]);
    await close();
  });

  test('one ends the other sessions that one has, and the present one last', async () => {
    const other = await house.enter(open, 'bob', '/catalog', { userAgent: FIREFOX });
    const third = await house.enter(open, 'bob', '/catalog', { userAgent: FIREFOX });
    await other.page.getByText('Live', { exact: true }).waitFor();
    const { page, errors, close } = await house.enter(open, 'bob', '/settings', { userAgent: 'curl/8.14.1' });
    await page.getByRole('button', { name: 'End all others but this one' }).click();
    await page.getByRole('button', { name: /^End \d+ sessions but this one/ }).click();
    await other.page.getByText('You are signed out', { exact: true }).waitFor();
    const sessions = page.getByRole('region', { name: 'Sessions' });
    await expect.poll(() => sessions.getByRole('row').count()).toBe(2);
    await sessions.getByRole('button', { name: /^End the session/ }).click();
    await sessions.getByRole('button', { name: /^Sign out here/ }).click();
    await page.getByRole('heading', { name: 'Sign in to Old Theatre' }).waitFor();
    expect(errors).toEqual([]);
    await Promise.all([close(), other.close(), third.close()]);
  });

  test('who administers sees all sessions, of one person by the URL, and ends one', async () => {
    const bob = await house.enter(open, 'bob', '/catalog', { userAgent: FIREFOX });
    await bob.page.getByText('Live', { exact: true }).waitFor();
    const { page, errors, close } = await house.enter(open, 'ada', '/access/sessions');
    await page.getByRole('row', { name: /ada/ }).waitFor();
    await page.getByRole('combobox', { name: 'Only of this principal' }).fill('user:default/bob');
    await page.getByRole('row', { name: /ada/ }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('principal')).toBe('user:default/bob');
    const row = page.getByRole('row', { name: /bob/ });
    await row.getByRole('button', { name: /^End the session/ }).click();
    await row.getByRole('button', { name: /^End it/ }).click();
    await page.getByText('user:default/bob is not signed in anywhere.').waitFor();
    await bob.page.getByText('You are signed out', { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await Promise.all([close(), bob.close()]);
  });

  test('a token for a service asks as the service, beside those of people', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/access/tokens');
    await page.getByText('No service has a token').waitFor();
    await page.getByRole('button', { name: 'Make a token for a service…' }).click();
    await page.getByLabel('What it is for').fill('mirror');
    await page.getByLabel('Service', { exact: true }).fill('catalog-mirror');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const made = page.getByRole('region', { name: 'The new token' });
    const token = (await made.locator('.made-token-text code').textContent()) ?? '';
    expect(token).toMatch(/^cbs_/);
    await page.getByRole('row', { name: /mirror.*service:default\/catalog-mirror.*made by/ }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a secret is set without ever being shown, and taken away', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/secrets');
    await page.getByText('No secret is kept here').waitFor();
    await page.getByRole('button', { name: 'Set a secret' }).click();
    await page.getByLabel('Name').fill('okta-client');
    await page.getByLabel('Value').fill('a value that nobody reads');
    await page.getByRole('button', { name: 'Set it' }).click();
    const row = page.getByRole('row', { name: /okta-client/ });
    await row.waitFor();
    const shown = await page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify(Object.entries(sessionStorage)),
    );
    expect(shown).not.toContain('nobody reads');
    await row.getByRole('button', { name: 'Set anew okta-client' }).click();
    expect(await page.getByLabel('Value').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await row.getByRole('button', { name: 'Remove okta-client' }).click();
    await row.getByRole('button', { name: 'Remove it okta-client' }).click();
    await page.getByText('No secret is kept here').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('the audit log is searched as one types, filtered by the URL, opened by record, checked, exported', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/audit');
    await page.getByRole('row', { name: /access\.secret\.delete/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('okta-client');
    await page
      .getByRole('row', { name: /access\.session\.create/ })
      .first()
      .waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('q')).toBe('okta-client');
    const row = page.getByRole('row', { name: /access\.secret\.delete/ });
    await row.getByRole('link', { expanded: false }).click();
    await page.getByRole('definition').filter({ hasText: 'session' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('record')).toMatch(/^\d+$/);
    await page.getByRole('link', { name: /^only these.*Who/ }).click();
    expect(new URL(page.url()).searchParams.get('actor')).toBe('user:default/ada');
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('denied');
    await page.getByText('No record of this choice').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText('Intact', { exact: true }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(await download.failure()).toBeNull();
    expect(errors).toEqual([]);
    await close();
  });
});
