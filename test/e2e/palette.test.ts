import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { faults, openLook, themes, tryAgain, widths } from './inspection.ts';
import { componentText, openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

describeInBrowser('the palette', ({ open, webFolder }) => {
  let theatre: Theatre;
  let server: TestServer;

  beforeAll(async () => {
    theatre = await openTheatre();
    await theatre.write('people.yaml', people);
    await theatre.write('ropes.yaml', componentText('rope-loft', 'Holds what hangs above the stage'));
    server = await startTestServer({ catalog: [theatre.folder], webFolder: webFolder() });
    await waitForEntities(server, PARTS + 7);
  });
  afterAll(async () => {
    await server.close();
    await theatre.close();
  });

  const field = (page: Page) => page.getByRole('combobox', { name: 'Find anything' });
  const chosen = (page: Page) => page.getByRole('listbox', { name: 'Results' }).getByRole('option', { selected: true });
  const path = (page: Page): string => decodeURIComponent(new URL(page.url()).pathname + new URL(page.url()).search);

  async function openPalette(page: Page, typed = ''): Promise<void> {
    await page.keyboard.press('Control+k');
    await field(page).waitFor();
    if (typed !== '') await page.keyboard.type(typed);
  }

  async function watched(at = '/problems') {
    const opened = await open(`${server.url}${at}`);
    await opened.page.getByRole('heading', { level: 1 }).waitFor();
    return opened;
  }

  test('three letters and Enter open the entity, from anywhere, and the focus goes there', async () => {
    const { page, errors, close } = await watched();
    await openPalette(page, 'des');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    expect(path(page)).toBe('/catalog/component/default/desk');
    await field(page).waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.closest('#content, body')?.id)).toBe('content');
    expect(errors).toEqual([]);
    await close();
  });

  test('Enter before the server answered opens what it answers, not a guess; nothing is said to be missing meanwhile', async () => {
    const { page, close } = await watched();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/find?*', async (route) => {
      await held;
      await route.continue();
    });
    // A page called so is known here at once; the entity only to the server.
    await openPalette(page, 'se');
    await page.getByRole('option', { name: /Settings/ }).waitFor();
    expect(await chosen(page).count()).toBe(0);
    await page.keyboard.type('ats');
    expect(await page.getByText(/Nothing is called/).count()).toBe(0);
    await page.keyboard.press('Enter');
    release();
    await page.getByRole('heading', { name: 'Seats', level: 1 }).waitFor();
    await close();
  });

  test('what is typed while the palette itself is still on its way is typed into it', async () => {
    const { page, errors, close } = await open('');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/assets/palette-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.url}/catalog`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Find anything' }).waitFor();
    await page.keyboard.type('jog');
    await page.keyboard.press('Backspace');
    release();
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe('jo');
    await page.keyboard.type('x');
    expect(await field(page).inputValue()).toBe('jox');
    expect(errors).toEqual([]);
    await close();
  });

  test('what the server adds never moves the row that is highlighted', async () => {
    const { page, close } = await watched();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/find?*', async (route) => {
      await held;
      await route.continue();
    });
    await openPalette(page, 'se');
    await page.getByRole('option', { name: /Settings/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    const row = await chosen(page).boundingBox();
    const name = await chosen(page).innerText();
    release();
    await page.getByRole('option', { name: /Seats/ }).waitFor();
    expect([await chosen(page).innerText(), await chosen(page).boundingBox()]).toEqual([name, row]);
    await close();
  });

  test('a slip of the fingers is forgiven, and the reason stands there', async () => {
    const { page, close } = await watched();
    await openPalette(page, 'rpoe-loft');
    const row = page.getByRole('option', { name: /rope-loft/ });
    await row.getByText('spelled differently').waitFor();
    await field(page).fill('hangs');
    await row.getByText('says Holds what hangs').waitFor();
    expect(await row.locator('mark').allInnerTexts()).toEqual(['hangs']);
    await close();
  });

  test('keeps what was visited and starred at hand, and shows the pages one may go to', async () => {
    const { page, close } = await watched('/catalog/component/default/desk');
    await page.keyboard.press('s');
    await page.getByText('Starred', { exact: true }).first().waitFor();
    await page.goto(`${server.url}/problems`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await openPalette(page);
    await page.getByRole('group', { name: 'Recent' }).getByRole('option', { name: /desk/ }).waitFor();
    const pages = page.getByRole('group', { name: 'Pages' });
    expect(await pages.getByRole('option', { name: 'Sources' }).count()).toBe(1);
    // Typed, it is there before the server answers.
    await page.route('**/api/v1/find?*', () => undefined);
    await page.keyboard.type('des');
    expect(await chosen(page).innerText()).toContain('desk');
    await close();
  });

  test('groups people apart, and no group is longer than eight', async () => {
    const { page, close } = await watched();
    await openPalette(page, 'part');
    const catalog = page.getByRole('group', { name: 'Catalog' });
    await catalog.getByRole('option', { name: /part-01/ }).waitFor();
    expect(await catalog.getByRole('option').count()).toBe(8);
    await page.getByText(/^\d+\+ results$/).waitFor();
    await page.getByRole('option', { name: 'Search the catalog for “part”' }).click();
    await page.getByText(`${PARTS} `, { exact: false }).first().waitFor();
    expect(path(page)).toContain('/catalog?q=part');
    await close();
  });

  test('prefixes narrow: @ people, # tags, : kinds, > actions, ? what there is', async () => {
    const { page, errors, close } = await watched();
    await openPalette(page, '@ada');
    await page
      .getByRole('group', { name: 'People and teams' })
      .getByRole('option', { name: /Ada Footlight/ })
      .waitFor();
    await field(page).fill('#');
    await page
      .getByRole('group', { name: 'Tags' })
      .getByRole('option', { name: /counter/ })
      .waitFor();
    await page.keyboard.press('Tab');
    expect(await field(page).inputValue()).toBe('#counter ');
    await page.keyboard.type('desk');
    await page.getByRole('option', { name: /desk/ }).first().waitFor();
    await field(page).fill(':ap');
    await page.getByRole('group', { name: 'Kinds' }).getByRole('option', { name: /API/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: /Seats/ }).waitFor();
    await field(page).fill('>theme dark');
    await page.getByRole('option', { name: 'Theme: dark' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await openPalette(page, '?');
    await page
      .getByRole('group', { name: 'Prefixes' })
      .getByRole('option', { name: /People and teams/ })
      .click();
    expect(await field(page).inputValue()).toBe('@');
    await field(page).fill('#counter');
    await page.getByRole('option', { name: /counter/ }).click();
    expect(path(page)).toBe('/catalog?tag=counter');
    expect(errors).toEqual([]);
    await close();
  });

  test('Tab goes into what can be done with an entity, Escape back layer by layer', async () => {
    const { page, close } = await watched();
    await openPalette(page, 'desk');
    await page.getByRole('option', { name: /desk/, selected: true }).waitFor();
    await page.keyboard.press('Tab');
    const actions = page.getByRole('combobox', { name: 'What to do with desk' });
    await actions.waitFor();
    await page.getByText('10 actions').waitFor();
    await page.keyboard.press('Escape');
    await field(page).waitFor();
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'hidden' });
    await openPalette(page, 'desk');
    await page.getByRole('option', { name: /desk/, selected: true }).waitFor();
    await page.keyboard.press('Tab');
    await actions.fill('owner');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'stage', level: 1 }).waitFor();
    await close();
  });

  test('. shows what can be done with the focused row', async () => {
    const { page, close } = await watched('/catalog?q=rope');
    await page
      .getByRole('link', { name: /rope-loft/ })
      .first()
      .waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('.');
    await page.getByRole('combobox', { name: 'What to do with rope-loft' }).waitFor();
    await page.keyboard.type('history');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/catalog/component/default/rope-loft?view=history');
    await close();
  });

  test('opens in a new tab with Control, and gives the focus back where it was', async () => {
    const { page, close } = await watched();
    const button = page.getByRole('button', { name: /Find anything/ });
    await button.click();
    await field(page).waitFor();
    await page.keyboard.type('desk');
    await page.getByRole('option', { name: /desk/, selected: true }).waitFor();
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Control+Enter')]);
    expect(new URL(tab.url()).pathname).toBe('/catalog/component/default/desk');
    await tab.close();
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'hidden' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await close();
  });

  test('says when nothing is called so, and when the server cannot be reached', async () => {
    const { page, close } = await watched();
    await openPalette(page, 'no-such-thing');
    await page.getByText('Nothing is called “no-such-thing”, nor spelled much like it.').waitFor();
    await page.route('**/api/v1/find?*', (route) => route.abort());
    await field(page).fill('desk');
    await page.getByText('Callboard cannot be reached.').first().waitFor();
    expect(await page.getByText(/Nothing is called/).count()).toBe(0);
    await page.unroute('**/api/v1/find?*');
    await tryAgain(page);
    await page.getByRole('option', { name: /desk/ }).first().waitFor();
    await close();
  });

  test.each(themes)('is without serious faults of accessibility in the theme %s, at every width', async (theme) => {
    for (const width of widths) {
      const { page, errors, close } = await openLook(open, theme, width);
      await page.goto(`${server.url}/problems`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await openPalette(page, 'des');
      await page.getByRole('option', { name: /desk/, selected: true }).waitFor();
      expect(await faults(page), `found, ${width}`).toEqual([]);
      await page.keyboard.press('Tab');
      await page.getByRole('combobox', { name: 'What to do with desk' }).waitFor();
      expect(await faults(page), `actions, ${width}`).toEqual([]);
      await page.keyboard.press('Escape');
      await field(page).fill('no-such-thing');
      await page.getByText(/Nothing is called/).waitFor();
      expect(await faults(page), `nothing, ${width}`).toEqual([]);
      expect(errors).toEqual([]);
      await close();
    }
  });

  test('fills a small screen, and is closed there by a button', async () => {
    const { page, close } = await open(`${server.url}/problems`, { viewport: { width: 320, height: 640 } });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await openPalette(page, 'desk');
    const box = await page.getByRole('dialog').boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 320, height: 640 });
    await page.getByRole('button', { name: 'Close' }).click();
    await field(page).waitFor({ state: 'hidden' });
    await close();
  });
});

describeInBrowser('the palette of one who sees little', ({ open, webFolder }) => {
  test('never shows what is hidden', async () => {
    const server = await startTestServer({
      webFolder: webFolder(),
      policy: {
        decide: (_, permission) =>
          permission === 'catalog.entity.read'
            ? { result: 'condition', key: 'open', condition: { op: 'field', key: 'metadata.tags', values: ['open'] } }
            : { result: 'allow' },
      },
    });
    await server.put(component('lamp', {}, { tags: ['open'] }), component('lamp-of-the-vault', {}));
    const { page, close } = await open(`${server.url}/problems`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find anything' }).fill('lamp');
    await page.getByRole('option', { name: /^lamp/ }).waitFor();
    await page.getByText('1 result', { exact: true }).waitFor();
    expect(await page.getByText('vault').count()).toBe(0);
    await close();
    await server.close();
  });
});

const people = `apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada }
spec: { memberOf: [stage], profile: { displayName: Ada Footlight } }
`;
