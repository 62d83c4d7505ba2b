import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser } from './browser.ts';
import { faults, openLook, themes, waitUntilDrawn } from './inspection.ts';
import { setCookie, type House } from './people.ts';
import { openFurnishedHouse } from './stages.ts';

/** Paths that one comes to without being signed in, and a text that is there once each is drawn. */
const nobody = [
  ['/catalog?kind=component', 'Sign in with The provider'],
  ['/sign-in?problem=SIGN_IN_UNRESOLVED', 'Nobody in the catalog is you'],
] as const;

describeInBrowser('what opens on pages around access, and where nobody is signed in', ({ open, webFolder }) => {
  let house: House;
  beforeAll(async () => {
    house = await openFurnishedHouse(webFolder());
  });
  afterAll(() => house.close());

  test.each(themes)('signing in has no serious accessibility fault (%s)', async (theme) => {
    const wrong: string[] = [];
    for (const width of [1280, 320]) {
      const { page, errors, close } = await openLook(open, theme, width);
      for (const [path, text] of nobody) {
        await page.goto(house.baseUrl + path);
        await waitUntilDrawn(page, text);
        wrong.push(...(await faults(page)).map((fault) => `${path}, ${width} px: ${fault}`));
      }
      wrong.push(...errors);
      await close();
    }
    expect(wrong).toEqual([]);
  });

  const looks = [
    ['light', 1280],
    ['dark', 320],
  ] as const;
  test.each(looks)(
    'nor has what opens: menu, completion, forms, what changes, a record (%s, %i px)',
    async (theme, width) => {
      const { page, errors, close } = await openLook(open, theme, width);
      await setCookie(page, house.baseUrl, (await signIn(house.server, 'user:default/ada')).cookie);
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
      await page.getByLabel('Name', { exact: true }).fill('boss');
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
    },
  );
});
