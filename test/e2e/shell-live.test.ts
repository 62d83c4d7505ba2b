import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { componentText, openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

const titles = ['first', 'second', 'third'] as const;

describeInBrowser('several tabs of one browser', ({ open, webFolder }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ webFolder: webFolder(), entities: titles.map((name) => component(name)) });
  });
  afterAll(() => server.close());

  /** Notes which page of a context opens an event stream. */
  function watchStreams(context: BrowserContext): Page[] {
    const streams: Page[] = [];
    context.on('request', (request) => {
      if (request.url().includes('/api/v1/events')) streams.push(request.frame().page());
    });
    return streams;
  }

  async function openCatalog(page: Page): Promise<Page> {
    await page.goto(`${server.url}/catalog`);
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }

  /** Waits until pages show a description; returns how many of them do. */
  async function show(pages: readonly Page[], text: string): Promise<number> {
    await Promise.all(pages.map((page) => page.getByText(text).first().waitFor()));
    return pages.length;
  }

  const describeFirst = (description: string): Promise<number> => server.put(component('first', {}, { description }));

  test('hold one connection, and all of them are live', async () => {
    const { page, errors, close } = await open('');
    const streams = watchStreams(page.context());
    await openCatalog(page);
    const others = [await page.context().newPage(), await page.context().newPage()];
    for (const other of others) await openCatalog(other);
    await describeFirst('Shown in three tabs');
    expect(await show([page, ...others], 'Shown in three tabs')).toBe(3);
    expect(streams).toEqual([page]);
    expect(errors).toEqual([]);
    await close();
  });

  test('go on without a gap when the one with the connection is closed', async () => {
    const { page, close } = await open('');
    const context = page.context();
    const streams = watchStreams(context);
    await openCatalog(page);
    const others = [await openCatalog(await context.newPage()), await openCatalog(await context.newPage())];
    // What happens while nobody has the connection must not be missed.
    await Promise.all([page.close(), describeFirst('Written between two leaders')]);
    expect(await show(others, 'Written between two leaders')).toBe(2);
    await vi.waitFor(() => expect(streams).toHaveLength(2), { timeout: 20_000 });
    await describeFirst('Written under the second leader');
    expect(await show(others, 'Written under the second leader')).toBe(2);
    expect(streams).toHaveLength(2);
    await close();
  });

  test('go on when the one with the connection crashes', async () => {
    const { page, close } = await open('');
    const context = page.context();
    await openCatalog(page);
    const other = await openCatalog(await context.newPage());
    const crashed = page.waitForEvent('crash');
    const devtools = await context.newCDPSession(page);
    void devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    await describeFirst('Written after a crash');
    expect(await show([other], 'Written after a crash')).toBe(1);
    await close();
  });

  test('show as lost what is lost for all of them, and come back together', async () => {
    const { page, close } = await open('');
    const context = page.context();
    await openCatalog(page);
    const other = await openCatalog(await context.newPage());
    await context.setOffline(true);
    for (const tab of [page, other]) {
      await tab.getByText(/Data as of \d+ s ago/).waitFor();
      await expect.poll(() => tab.title()).toBe('Offline · Catalog · Callboard');
      await expect.poll(() => tab.locator('link[rel=icon]').getAttribute('href')).toBe('/favicon-offline.svg');
    }
    await describeFirst('Written while the browser was away');
    await context.setOffline(false);
    expect(await show([page, other], 'Written while the browser was away')).toBe(2);
    for (const tab of [page, other]) {
      await tab.getByText('Live', { exact: true }).waitFor();
      await expect.poll(() => tab.title()).toBe('Catalog · Callboard');
    }
    await close();
  });

  test('each have a connection where the browser has no locks', async () => {
    const { page, close } = await open('');
    const context = page.context();
    await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    const streams = watchStreams(context);
    await openCatalog(page);
    await openCatalog(await context.newPage());
    expect(streams).toHaveLength(2);
    await close();
  });

  test('a storm of changes is painted at most four times a second', async () => {
    const { page, close } = await open('');
    await openCatalog(page);
    await page.evaluate(() => {
      const paints: number[] = [];
      Object.assign(globalThis, { paints });
      const table = document.querySelector('table');
      if (table)
        new MutationObserver(() => paints.push(performance.now())).observe(table, {
          subtree: true,
          childList: true,
          characterData: true,
        });
    });
    for (let at = 0; at < 40; at += 1) {
      await describeFirst(`Storm ${at}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await show([page], 'Storm 39');
    const paints = await page.evaluate(() => (globalThis as unknown as { paints: number[] }).paints);
    expect(paints.length).toBeGreaterThan(1);
    // Over the whole storm: where a frame is late the next one follows sooner. Both ends may be late.
    const quarters = ((paints.at(-1) ?? 0) - (paints[0] ?? 0)) / 250;
    expect(paints.length).toBeLessThanOrEqual(quarters + 3);
    await close();
  });
});

describeInBrowser('a browser without network', ({ open, webFolder }) => {
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

  test('keeps what is loaded, refuses changes plainly, and asks again when it is back', async () => {
    const { page, close } = await open(`${server.url}/catalog?q=desk`);
    await page.getByRole('row', { name: /Sells seats/ }).waitFor();
    await page.goto(`${server.url}/sources`);
    const refresh = page.getByRole('button', { name: /Refresh now/ }).first();
    await refresh.waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText(/Data as of/).waitFor();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') sent.push(request.url());
    });
    await refresh.click();
    await page.getByText('This browser has no network, so nothing was sent.').waitFor();
    expect(sent).toEqual([]);
    await theatre.write('desk.yaml', componentText('desk', 'Sells seats by post'));
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => page.getByText(/Data as of/).count()).toBe(0);
    await refresh.click();
    await page.getByText(/Looked again/).waitFor();
    await close();
  });
});
