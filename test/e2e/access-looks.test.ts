import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser } from './browser.ts';
import { faults, inspect, widths } from './inspection.ts';
import { openHouse, setCookie, type House } from './people.ts';

/** Path of each page, and a text that is there once it is drawn. */
const pages = [
  ['/settings', 'Who you are to Callboard'],
  ['/access', 'owns(principal, entity)'],
  ['/access?view=bindings', 'all-read'],
  ['/access?view=permissions', 'access.audit.export'],
  ['/access/roles/stagehand', 'It stands in the policy file'],
  ['/access/roles/electrician', 'See what changes'],
  ['/access/roles/nobody', 'No role is called nobody'],
  ['/access/bindings/stage', 'It stands in the policy file'],
  ['/access/new-role', 'See what changes'],
  ['/access/new-binding', 'See what changes'],
  ['/access/check?principal=user:default/bob&permission=catalog.entity.delete', 'For some entities'],
  ['/access/sessions', 'Firefox on Linux'],
  ['/access/tokens', 'mirror'],
  ['/secrets', 'okta-client'],
  ['/audit', 'access.token.create'],
  ['/sign-in', 'You are signed in'],
] as const;

const denied = ['/access', '/secrets', '/audit'].map((path) => [path, 'You may not see this.'] as const);

const nobody = [
  ['/catalog?kind=component', 'Sign in with The provider'],
  ['/sign-in?problem=SIGN_IN_UNRESOLVED', 'Nobody in the catalog is you'],
] as const;

describeInBrowser('pages around access in every look', ({ open, webFolder }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(webFolder());
    const write = async (method: string, path: string, body: object): Promise<void> => {
      const { headers } = await signIn(house.server, 'user:default/ada', {
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
      });
      const response = await house.server.get(path, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.ok).toBe(true);
    };
    const rule = { permissions: ['catalog.entity.refresh'], where: 'metadata.name.startsWith("light")' };
    await write('PUT', '/api/v1/access/roles/electrician', { description: 'Looks after lights', rules: [rule] });
    await write('POST', '/api/v1/access/tokens', {
      name: 'mirror',
      service: 'catalog-mirror',
      scopes: ['catalog.*.read', 'access.audit.export', 'access.audit.read'],
      expiresInDays: 30,
    });
    await write('PUT', '/api/v1/secrets/okta-client', { value: 'a value that nobody reads' });
  });
  afterAll(() => house.close());

  const as = (who: string) => async (page: Page) => {
    await setCookie(page, house.baseUrl, (await signIn(house.server, `user:default/${who}`)).cookie);
  };

  test.each(widths)('they have no serious accessibility fault (%i px)', async (width) => {
    expect(await inspect(open, width, house.baseUrl, pages, as('ada'))).toEqual([]);
  });

  test.each(widths)('nor where they are denied (%i px)', async (width) => {
    expect(await inspect(open, width, house.baseUrl, denied, as('bob'))).toEqual([]);
  });

  test.each(widths)('nor where nobody is signed in (%i px)', async (width) => {
    expect(await inspect(open, width, house.baseUrl, nobody)).toEqual([]);
  });

  test.each(widths)('nor with what opens: menu, completion, forms, what changes, a record (%i px)', async (width) => {
    const { page, errors, close } = await open('', { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await as('ada')(page);
    const wrong: string[] = [];
    const look = async (what: string): Promise<void> => {
      wrong.push(...(await faults(page)).map((fault) => `${what}: ${fault}`));
    };
    await page.goto(`${house.baseUrl}/settings`);
    await page.getByRole('button', { name: /your account/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await look('menu');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Make a token…' }).click();
    await page.getByRole('combobox', { name: 'Only these permissions' }).pressSequentially('cat');
    await page.locator('.combobox-choice').first().waitFor();
    await look('token form with completion');
    await page.goto(`${house.baseUrl}/access/roles/electrician`);
    await page.getByLabel('Only where').fill('nosuch(entity)');
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByText('There is no function').waitFor();
    await look('condition with a fault');
    await page.goto(`${house.baseUrl}/access/new-binding?role=admin`);
    await page.getByLabel('Name').fill('boss');
    await page.getByRole('combobox', { name: 'Who has it' }).fill('everyone');
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByText(/Something for \d+ principals/).waitFor();
    await look('what changes');
    await page.goto(`${house.baseUrl}/secrets`);
    await page.getByRole('button', { name: 'Set a secret' }).click();
    await look('secret form');
    await page.goto(`${house.baseUrl}/audit`);
    await page.getByRole('link', { expanded: false }).first().click();
    await page.getByText('Proved by').or(page.getByText('Hash')).first().waitFor();
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText('Intact').waitFor();
    await look('open record');
    expect([...wrong, ...errors]).toEqual([]);
    await close();
  });
});
