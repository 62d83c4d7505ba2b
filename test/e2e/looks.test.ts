import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { inspect, widths } from './inspection.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

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

  test.each(widths)('full pages have no serious accessibility fault (%i px)', async (width) => {
    expect(await inspect(open, width, server.url, full)).toEqual([]);
  });

  test.each(widths)('empty pages have none either (%i px)', async (width) => {
    expect(await inspect(open, width, emptyServer.url, empty)).toEqual([]);
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
    expect(await inspect(open, width, server.url, failing, fail)).toEqual([]);
  });
});
