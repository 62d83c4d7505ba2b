import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

describeInBrowser('shortcuts', ({ open, webFolder }) => {
  let theatre: Theatre;
  let server: TestServer;
  beforeAll(async () => {
    theatre = await openTheatre();
    server = await startTestServer({ catalog: [theatre.folder], webFolder: webFolder() });
    await waitForEntities(server, PARTS + 5);
  });
  afterAll(async () => {
    await server.close();
    await theatre.close();
  });

  const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Keyboard shortcuts' });

  /** Types keys one after the other. */
  async function type(page: Page, ...keys: readonly string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key);
  }

  /** Moves the focus by Tab alone. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    for (let at = 0; at < 80; at += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('Not reached by Tab');
  }

  test('are chosen by keyboard alone; what they are taken from is said first; each can be reset', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`);
    await page.getByText('broken.yaml').first().waitFor();
    await type(page, '?');
    const dialog = dialogOf(page);
    for (const group of ['Anywhere', 'Go to', 'In a list', 'On what is shown'])
      await dialog.getByRole('heading', { name: group }).waitFor();
    await tabTo(page, dialog.getByRole('button', { name: /Change the keys of Catalog/ }));
    await type(page, 'Enter', 'g', 'p');
    await dialog.getByText('Taken from: Problems.').waitFor();
    // After a second the sequence is over, and the next key confirms.
    const confirm = dialog.getByRole('button', { name: 'Use them here' });
    await expect
      .poll(() => confirm.evaluate((element) => element === document.activeElement), { timeout: 10_000 })
      .toBe(true);
    await type(page, 'Enter');
    await dialog.getByRole('button', { name: 'Change the keys of Problems: none' }).waitFor();
    await type(page, 'Escape');
    await dialog.waitFor({ state: 'hidden' });
    await type(page, 'g', 'p');
    await page.getByRole('heading', { name: 'Catalog', level: 1 }).waitFor();
    // Another tab of the browser has the same keys, and a reset reaches this one.
    const other = await page.context().newPage();
    await other.goto(`${server.url}/sources`);
    await other.getByText('Live', { exact: true }).waitFor();
    await type(other, '?');
    await dialogOf(other).getByRole('button', { name: 'Reset the keys of Problems' }).press('Enter');
    await dialogOf(other).getByRole('button', { name: 'Reset all' }).press('Enter');
    await expect.poll(() => dialogOf(other).getByRole('button', { name: /Reset/ }).count()).toBe(0);
    // The other tab hears of it a moment later; until then these keys lead to the catalog.
    const pressed = async (): Promise<string | null> => {
      await type(page, 'g', 'p');
      return page.getByRole('heading', { level: 1 }).textContent();
    };
    await expect.poll(pressed, { interval: 500 }).toBe('Problems');
    expect(errors).toEqual([]);
    await close();
  });

  test('can have no keys; Escape leaves the choice as it was, and cannot be taken', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`);
    await page.getByText('broken.yaml').first().waitFor();
    await type(page, '?');
    const dialog = dialogOf(page);
    await dialog.getByRole('button', { name: /Change the keys of Sources/ }).click();
    await dialog.getByRole('button', { name: 'Press the keys for Sources' }).press('Escape');
    await dialog.getByRole('button', { name: 'Change the keys of Sources: g s' }).waitFor();
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByRole('button', { name: /Change the keys of Sources/ }).click();
    await dialog.getByRole('button', { name: 'No keys' }).click();
    await type(page, 'Escape', 'g', 's');
    expect(new URL(page.url()).pathname).toBe('/problems');
    expect(errors).toEqual([]);
    await close();
  });

  test('never act in a field; Escape leaves it with what was typed, and then goes back', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog`);
    await page.getByRole('link', { name: 'desk' }).first().click();
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    await type(page, 'g', 'c');
    await page.getByRole('heading', { name: 'Catalog', level: 1 }).waitFor();
    await type(page, '/');
    await page.keyboard.type('g pj?x');
    const field = page.locator('[data-search]');
    expect(await field.inputValue()).toContain('g pj?x');
    expect(await dialogOf(page).isVisible()).toBe(false);
    await type(page, 'Escape');
    expect(await field.inputValue()).toContain('g pj?x');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(false);
    expect(new URL(page.url()).pathname).toBe('/catalog');
    expect(errors).toEqual([]);
    await close();
  });

  test('Escape closes one thing at a time: a menu, a dialog, then the page', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog`);
    await page.getByRole('link', { name: 'desk' }).first().click();
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    const menu = page.locator('#account-menu');
    await page.getByRole('button', { name: /your account/ }).click();
    await menu.waitFor();
    await type(page, 'Escape');
    await menu.waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/catalog/component/default/desk');
    await type(page, '?');
    await dialogOf(page).waitFor();
    await type(page, 'Escape');
    await dialogOf(page).waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/catalog/component/default/desk');
    await type(page, 'Escape');
    await page.waitForURL(`${server.url}/catalog`);
    expect(errors).toEqual([]);
    await close();
  });
});
