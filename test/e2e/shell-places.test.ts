import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

/** Paths of Backstage, and where they lead. */
const oldPaths = [
  ['/catalog/default/Component/desk', '/catalog/component/default/desk'],
  [
    '/catalog/default/component/desk/dependencies?from=chat',
    '/catalog/component/default/desk?from=chat&view=relations',
  ],
  ['/docs/default/component/desk/guides/start', '/catalog/component/default/desk'],
  [
    '/catalog?filters[kind]=component&filters[tags][0]=counter&filters[tags][1]=x',
    '/catalog?kind=component&tag=counter,x',
  ],
  ['/api-docs', '/catalog?kind=api'],
  ['/search?query=desk', '/catalog?q=desk'],
  ['/settings/auth-providers', '/settings'],
  ['/catalog-import', '/sources/register'],
] as const;

describeInBrowser('the places of the frame', ({ open, webFolder }) => {
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

  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });

  test.each(oldPaths)('%s leads to %s', async (from, to) => {
    const { page, errors, close } = await open(server.url + from);
    await page.waitForURL(server.url + to);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('of the navigation the icons alone may stay, and do so at the next visit before the first paint', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`);
    const places = page.getByRole('navigation', { name: 'Places' });
    const width = async (): Promise<number> => (await places.boundingBox())?.width ?? 0;
    await places.getByRole('link', { name: /Problems \d+ open/ }).waitFor();
    await expect.poll(width).toBeGreaterThan(150);
    await page.getByRole('button', { name: 'Narrow the navigation' }).click();
    await expect.poll(width).toBeLessThan(40);
    await page.reload();
    await page.getByRole('button', { name: 'Widen the navigation' }).waitFor();
    await expect.poll(width).toBeLessThan(40);
    // Names are still told, and links still lead.
    await places.getByRole('link', { name: 'Catalog' }).click();
    await page.getByRole('heading', { name: 'Catalog', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Widen the navigation' }).click();
    await expect.poll(width).toBeGreaterThan(150);
    expect(errors).toEqual([]);
    await close();
  });

  test('what is starred stands below the places, and what is gone does not', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog/api/default/seats`);
    await page.getByRole('button', { name: 'Star Seats' }).click();
    const pins = page.getByRole('navigation', { name: 'Places' }).getByRole('list', { name: 'Starred' });
    await pins.getByRole('link', { name: 'Seats' }).waitFor();
    await page.evaluate(() => {
      const stars = ['component:default/nowhere', 'api:default/seats'];
      localStorage.setItem('callboard.preferences', JSON.stringify({ stars }));
    });
    await page.goto(`${server.url}/problems`);
    await pins.getByRole('link', { name: 'Seats' }).waitFor();
    await expect.poll(() => pins.getByRole('link').allTextContents()).toEqual(['Seats']);
    await pins.getByRole('link', { name: 'Seats' }).click();
    await page.getByRole('heading', { name: 'Seats', level: 1 }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('on a phone they are in a drawer that keeps the focus, and gives it back', async () => {
    const { page, errors, close } = await open('', { viewport: { width: 320, height: 640 }, hasTouch: true });
    await page.goto(`${server.url}/catalog`);
    await page.getByRole('link', { name: 'desk' }).first().waitFor();
    expect(await page.getByRole('navigation', { name: 'Places' }).count()).toBe(0);
    const button = page.getByRole('button', { name: 'Places' });
    await button.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Places' });
    await drawer.getByRole('link', { name: 'Catalog' }).waitFor();
    for (let at = 0; at < 20; at += 1) {
      await page.keyboard.press('Tab');
      const isInside = await drawer.evaluate(
        (element) => element.contains(document.activeElement) || document.activeElement === document.body,
      );
      expect(isInside).toBe(true);
    }
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).toBe('Places');
    await button.click();
    await drawer.getByRole('link', { name: 'Catalog' }).waitFor();
    const sizes = await drawer
      .locator('a, button, select')
      .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
    await drawer.getByRole('combobox', { name: 'Theme' }).selectOption('High contrast');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['contrast'])).toBe('more');
    await drawer.getByRole('link', { name: 'Problems' }).click();
    await page.getByRole('heading', { name: 'Problems', level: 1 }).waitFor();
    await drawer.waitFor({ state: 'hidden' });
    expect(errors).toEqual([]);
    await close();
  });

  test('going somewhere moves the focus to the content and tells its title; coming back restores row and place', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog?kind=component`, {
      viewport: { width: 1280, height: 500 },
    });
    await page.getByRole('link', { name: /part-30/ }).focus();
    const before = await page.evaluate(() => scrollY);
    expect(before).toBeGreaterThan(300);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'part-30', level: 1 }).waitFor();
    await page.locator('output', { hasText: 'part-30 · Callboard' }).waitFor({ state: 'attached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await page.getByRole('link', { name: /part-30/ }).waitFor();
    await expect.poll(() => focused(page)).toContain('part-30');
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(before);
    expect(errors).toEqual([]);
    await close();
  });

  test('a slow answer shows a line that takes no room, and the old rows stay', async () => {
    const { page, close } = await open(`${server.url}/problems`);
    await page.getByText('broken.yaml').first().waitFor();
    const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>();
    await page.route('**/api/v1/problems?*', async (route) => {
      await isLetGo;
      await route.continue();
    });
    const top = async (): Promise<number> => (await page.getByRole('heading', { level: 1 }).boundingBox())?.y ?? -1;
    const before = await top();
    await page.getByRole('link', { name: /Errors/ }).click();
    await page.locator('.shell-progress').waitFor();
    await expect.poll(() => page.locator('#content').getAttribute('aria-busy')).toBe('true');
    expect(await top()).toBe(before);
    letGo();
    await page.locator('.shell-progress').waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('#content').getAttribute('aria-busy')).toBe('false');
    await close();
  });

  test('high contrast follows the system, and a choice goes before it', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog`, { contrast: 'more', colorScheme: 'dark' });
    await page.getByRole('row', { name: /desk/ }).waitFor();
    /** The page's ground and the frame's, once the browser has told of a change. */
    const expectLook = (...look: readonly string[]): Promise<void> =>
      expect
        .poll(() =>
          page.evaluate(() => [
            getComputedStyle(document.body).backgroundColor,
            document.querySelector<HTMLMetaElement>('meta[name="theme-color"]')?.content,
          ]),
        )
        .toEqual(look);
    await expectLook('rgb(0, 0, 0)', '#000000');
    await page.emulateMedia({ contrast: 'no-preference' });
    await expectLook('rgb(18, 19, 22)', '#191b1f');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('High contrast');
    await expectLook('rgb(0, 0, 0)', '#000000');
    await page.emulateMedia({ colorScheme: 'light' });
    await expectLook('rgb(255, 255, 255)', '#ffffff');
    await page.reload();
    await expectLook('rgb(255, 255, 255)', '#ffffff');
    expect(errors).toEqual([]);
    await close();
  });
});
