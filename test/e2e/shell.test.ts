import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { componentText, openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

describeInBrowser('the frame around the pages', ({ open, webFolder }) => {
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

  test('runs under a policy that allows no inline script but the import map, no inline style and no eval', async () => {
    const response = await server.get('/catalog', { headers: { accept: 'text/html' } });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']+'(;|$)/);
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain('unsafe');
    const { page, errors, close } = await open(`${server.url}/catalog`);
    await page.getByRole('row', { name: /desk/ }).waitFor();
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "broken into"';
      document.head.append(script);
    });
    expect(await page.title()).toBe('Catalog · Callboard');
    // The listener and the browser itself both tell of it.
    expect(errors.filter((error) => error.includes('script-src')).length).toBeGreaterThan(0);
    await close();
  });

  test('a chosen theme is there before the first paint of the next visit', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog`, { colorScheme: 'light' });
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole('row', { name: /desk/ }).waitFor();
    const light = await background();
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    // The app itself never comes: what is painted is the style sheet and the small script alone.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload({ waitUntil: 'load' });
    expect(await background()).toBe(dark);
    await page.unroute('**/assets/*.js');
    await page.reload();
    await expect.poll(() => page.getByRole('combobox', { name: 'Theme' }).inputValue()).toBe('dark');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Auto');
    await expect.poll(background).toBe(light);
    expect(errors).toEqual([]);
    await close();
  });

  test('the first Tab leads past the navigation; keys can be looked up and switched off', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog`);
    await page.getByRole('row', { name: /desk/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    await dialog.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.keyboard.press('?');
    expect(await dialog.isVisible()).toBe(false);
    expect(new URL(page.url()).pathname).toBe('/catalog');
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    // The button has the focus again; it is no field, so keys work.
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Problems', level: 1 }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a lost server is said, with the age of what is shown; when it is back the page goes on', async () => {
    const stage = await openTheatre();
    const dataFolder = await mkdtemp(join(tmpdir(), 'callboard-restart-'));
    const start = (port: number): Promise<TestServer> =>
      startTestServer({
        catalog: [stage.folder],
        webFolder: webFolder(),
        config: { dataFolder, listen: { host: '127.0.0.1', port } },
      });
    const first = await start(0);
    await waitForEntities(first, PARTS + 5);
    const { page, close } = await open(`${first.url}/catalog?q=desk`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('row', { name: /Sells seats/ }).waitFor();
    await first.close();
    await page.getByText(/Data as of \d+ s ago/).waitFor();
    expect(await page.getByRole('row', { name: /Sells seats/ }).isVisible()).toBe(true);

    await stage.write('desk.yaml', componentText('desk', 'Sells seats through the window'));
    const second = await start(first.address.port);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('row', { name: /through the window/ }).waitFor();
    await close();
    await second.close();
    await stage.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  test('a reader of one page holds one connection for everything live', async () => {
    const { page, close } = await open('');
    const streams: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/events')) streams.push(request.url());
    });
    await page.goto(`${server.url}/catalog`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'desk' }).click();
    await page.getByText('Sells seats').waitFor();
    await page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('link', { name: /Problems/ })
      .click();
    await page.getByText('broken.yaml:').waitFor();
    expect(streams).toHaveLength(1);
    expect(streams[0]).toContain('after=');
    await close();
  });
});
