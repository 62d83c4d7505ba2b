import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

const widths = [1280, 320];

/** The rules whose outcome depends on the theme; the dark theme is held to these alone, in the same page. */
const colorRules = ['color-contrast', 'link-in-text-block'];

/** Path of each page, and a text that is there once it is drawn. */
const full = [
  ['/catalog', 'desk'],
  ['/catalog?kind=component&type=service&more=owner', 'desk'],
  ['/catalog?where=spec.lifecycle+%3D%3D+"production"', 'could not be decided'],
  ['/catalog?where=spec.', 'Invalid expression'],
  ['/catalog/component/default/desk', 'Sells seats'],
  ['/catalog/component/default/lost', 'not in the catalog'],
  ['/catalog/component/default/desk?view=relations', 'Owned by'],
  ['/catalog/component/default/desk?view=facts', 'completeness'],
  ['/catalog/component/default/lost?view=problems', 'nobody'],
  ['/catalog/component/default/desk?view=history', 'Created'],
  ['/catalog/component/default/desk?view=descriptor', 'apiVersion'],
  ['/problems', 'broken.yaml'],
  ['/sources', 'desk.yaml'],
] as const;
const empty = [
  ['/catalog', 'The catalog is empty'],
  ['/catalog?q=nothing', 'No entity matches'],
  ['/problems', 'No problem is known'],
  ['/problems?severity=error', 'No problem of this choice'],
  ['/sources', 'No location of this choice'],
  ['/catalog/component/default/nobody', 'The catalog has no such entity'],
  ['/nowhere', 'Nothing is pinned at'],
] as const;
const failing = [
  ['/catalog', 'The server could not answer.'],
  ['/catalog/component/default/desk', 'The server could not answer.'],
  ['/problems', 'The server could not answer.'],
  ['/sources', 'The server could not answer.'],
] as const;

describeInBrowser('every page in every look', ({ open, webFolder }) => {
  let theatre: Theatre;
  let server: TestServer;
  let emptyServer: TestServer;

  beforeAll(async () => {
    theatre = await openTheatre();
    server = await startTestServer({ catalog: [theatre.folder], webFolder: webFolder() });
    emptyServer = await startTestServer({ webFolder: webFolder() });
    await waitForEntities(server, PARTS + 5);
  });
  afterAll(async () => {
    await server.close();
    await emptyServer.close();
    await theatre.close();
  });

  /** Goes through the pages at one width, in both themes; returns what is wrong with any of them. */
  const inspect = async (
    width: number,
    base: string,
    pages: readonly (readonly [path: string, text: string])[],
    prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly string[]> => {
    const { page, errors, close } = await open('', {
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    await prepare(page);
    const wrong: string[] = [];
    for (const [path, text] of pages) {
      await page.goto(base + path);
      await page.getByText(text).first().waitFor({ state: 'attached' });
      await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
      wrong.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
      await page.emulateMedia({ colorScheme: 'dark' });
      wrong.push(...(await faults(page, colorRules)).map((fault) => `${path}, dark: ${fault}`));
      await page.emulateMedia({ colorScheme: 'light' });
    }
    await close();
    return [...wrong, ...errors];
  };

  test.each(widths)('full pages have no serious accessibility fault (%i px)', async (width) => {
    expect(await inspect(width, server.url, full)).toEqual([]);
  });

  test.each(widths)('empty pages have none either (%i px)', async (width) => {
    expect(await inspect(width, emptyServer.url, empty)).toEqual([]);
  });

  test.each(widths)('nor have failing ones, which say what happened (%i px)', async (width) => {
    const failed = {
      title: 'Internal Server Error',
      detail: 'The store is on fire.',
      code: 'STORE_FAILED',
      status: 500,
    };
    const fail = async (page: Page): Promise<void> => {
      await page.route('**/api/v1/**', (route) => route.fulfill({ status: 500, json: failed }));
    };
    expect(await inspect(width, server.url, failing, fail)).toEqual([]);
  });
});

async function faults(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // The other mode opens a page for each result, to join those of frames; there are no frames here.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (rules) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const wrong = grave.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) wrong.push(`wider than the window by ${overflow} px`);
  return wrong;
}
