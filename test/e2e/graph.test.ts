import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { faults, openLook, waitUntilDrawn, type Theme } from './inspection.ts';

const ref = (name: string): string => `component:default/${name}`;
const PARTS = 600;

const entities = [
  component('desk', { system: 'tickets', dependsOn: [ref('seats'), ref('ghost')] }, { title: 'Ticket desk' }),
  component('seats', { system: 'tickets', dependsOn: [ref('store')] }),
  component('store', { system: 'vault' }),
  component('till', { dependsOn: [ref('desk')] }),
  component('web', { dependsOn: [ref('desk')] }),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: 'stage' },
    spec: { type: 'team', children: [] },
  },
  { apiVersion: 'backstage.io/v1alpha1', kind: 'System', metadata: { name: 'tickets' }, spec: { owner: 'stage' } },
  { apiVersion: 'backstage.io/v1alpha1', kind: 'System', metadata: { name: 'machinery' }, spec: { owner: 'stage' } },
  ...Array.from({ length: PARTS }, (_, at) =>
    component(`part-${at}`, { system: 'machinery', owner: `group:default/crew-${at % 7}` }),
  ),
];

describeInBrowser('the graph in a browser', ({ open, webFolder }) => {
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    server = await startTestServer({ entities, webFolder: webFolder() });
    await server.store.commit([
      {
        op: 'putProblem',
        problem: {
          id: 'p',
          source: 'test',
          location: 'test:entities',
          code: 'dangling-relation',
          severity: 'error',
          message: 'ghost does not exist',
          entityRef: ref('desk'),
          since: 1,
        },
      },
    ]);
  });
  afterAll(() => server.close());
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });
  const visit = async (path: string): Promise<Page> => {
    opened = await open(server.url + path);
    return opened.page;
  };
  const box = (page: Page, name: RegExp) => page.locator('.graph-svg').getByRole('link', { name });
  const boxes = (page: Page): Promise<string[]> =>
    page
      .locator('.graph-svg [data-box]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-box') ?? '').sort());
  const search = (page: Page): string => decodeURIComponent(new URL(page.url()).search);

  test('begins with an entity that is chosen', async () => {
    const page = await visit('/graph');
    await page.getByText('What an entity needs, what needs it').waitFor();
    await page.getByLabel('Begin with').fill('des');
    await page.getByRole('option', { name: /component:default\/desk/ }).click();
    await box(page, /^Ticket desk/).waitFor();
    expect(search(page)).toBe(`?root=${ref('desk')}`);
    expect(await boxes(page)).toEqual(
      [
        ref('desk'),
        ref('seats'),
        ref('ghost'),
        ref('till'),
        ref('web'),
        'group:default/stage',
        'system:default/tickets',
      ].sort(),
    );
    await box(page, /^Ticket desk, Component, service, root, 1 error$/).waitFor();
    await page.getByText(/^7 entities, \d+ edges · \d+ edges hidden$/).waitFor();
  });

  test('what is needed stands left, what needs it right', async () => {
    const page = await visit(`/graph?root=${ref('desk')}`);
    const left = async (name: RegExp): Promise<number> => (await box(page, name).boundingBox())?.x ?? NaN;
    await box(page, /^seats/).waitFor();
    expect(await left(/^seats/)).toBeLessThan(await left(/^Ticket desk/));
    expect(await left(/^till/)).toBeGreaterThan(await left(/^Ticket desk/));
  });

  test('is walked by keys along its lines: Enter looks, Escape comes back, Shift and Enter makes the root', async () => {
    const page = await visit(`/graph?root=${ref('desk')}&rel=dependsOn`);
    await box(page, /^Ticket desk/).focus();
    await page.keyboard.press('ArrowRight');
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('data-box') ?? undefined);
    const first = (await focused()) ?? '';
    expect([ref('till'), ref('web')]).toContain(first);
    await page.keyboard.press('ArrowDown');
    if ((await focused()) === first) await page.keyboard.press('ArrowUp');
    expect(new Set([first, await focused()])).toEqual(new Set([ref('till'), ref('web')]));
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe(ref('desk'));
    await page.keyboard.press('Enter');
    await page.locator('.graph-peek').getByText('Ticket desk').first().waitFor();
    expect(search(page)).toContain(`peek=${ref('desk')}`);
    await page.keyboard.press('Escape');
    await page.locator('.graph-peek').waitFor({ state: 'detached' });
    expect(await focused()).toBe(ref('desk'));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+Enter');
    await page.getByRole('heading', { name: /^Graph of (till|web)$/ }).waitFor();
  });

  test('opens, closes and pins one box at a time; the URL reopened elsewhere shows the same', async () => {
    const page = await visit(`/graph?root=${ref('till')}&rel=dependsOn`);
    await box(page, /^Ticket desk/).focus();
    await page.getByRole('button', { name: /^Show \d+ more$/ }).click();
    await box(page, /^seats/).waitFor();
    await box(page, /^seats/).focus();
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByRole('link', { name: 'Take back: pinned seats' }).waitFor();
    const shown = await boxes(page);
    expect(search(page)).toBe(`?root=${ref('till')}&rel=dependsOn&open=${ref('desk')}&pin=${ref('seats')}`);
    const other = await open(page.url());
    await box(other.page, /^seats/).waitFor();
    expect(await boxes(other.page)).toEqual(shown);
    await other.close();
    await page.getByRole('link', { name: 'Take back: opened desk' }).click();
    await box(page, /^web/).waitFor({ state: 'detached' });
    expect(await boxes(page)).toEqual([ref('desk'), ref('seats'), ref('till')]);
    await page.goBack();
    await box(page, /^web/).waitFor();
  });

  test('filters by relation and direction, and folds', async () => {
    const page = await visit(`/graph?root=${ref('desk')}`);
    await page.getByRole('checkbox', { name: /^owned by/ }).uncheck();
    await box(page, /^stage/).waitFor({ state: 'detached' });
    expect(search(page)).not.toContain('ownedBy');
    await page.getByRole('link', { name: 'Needing' }).click();
    await box(page, /^seats/).waitFor({ state: 'detached' });
    expect(await boxes(page)).toEqual([ref('desk'), ref('till'), ref('web')]);
    const folded = await visit('/graph?root=system:default/tickets&fold=system&rel=dependsOn,partOf');
    await box(folded, /^tickets, System, 2 inside/).waitFor();
  });

  test('the table is the same as the drawing, one key away, and first on a narrow screen', async () => {
    const page = await visit(`/graph?root=${ref('desk')}`);
    await box(page, /^Ticket desk/).waitFor();
    const drawn = await boxes(page);
    await page.keyboard.press('v');
    await page.getByRole('table', { name: 'Entities of the graph' }).waitFor();
    expect(search(page)).toContain('twin=table');
    const rows = await page
      .locator('[data-row-link]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-row-link') ?? '').sort());
    expect(rows).toEqual(drawn);
    await page.getByRole('row', { name: /Ticket desk.*1 error/ }).waitFor();
    await page
      .getByRole('table', { name: 'Relations of the graph' })
      .getByRole('row', { name: /till.*depends on.*Ticket desk/ })
      .waitFor();
    const narrow = await open(`${server.url}/graph?root=${ref('desk')}`, { viewport: { width: 320, height: 700 } });
    await narrow.page.getByRole('table', { name: 'Entities of the graph' }).waitFor();
    expect(await narrow.page.locator('.graph-svg').count()).toBe(0);
    await narrow.close();
  });

  test('a system of hundreds comes folded, and opens group by group', async () => {
    const page = await visit('/graph?root=system:default/machinery');
    await page.getByText(/^2 entities, 7 groups, /).waitFor();
    await page
      .locator('.graph-svg')
      .getByRole('button', { name: /^crew-3/ })
      .click();
    await expect.poll(() => boxes(page).then((all) => all.length)).toBe(60);
    await page.getByRole('link', { name: 'Take back: opened crew-3' }).click();
    await page.getByText(/^2 entities, 7 groups, /).waitFor();
  });

  test('is taken along as SVG that needs nothing else, as Mermaid and as JSON', async () => {
    const page = await visit(`/graph?root=${ref('desk')}`);
    await box(page, /^Ticket desk/).waitFor();
    const take = async (label: string): Promise<string> => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: label }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const svg = await take('SVG picture');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('Ticket desk');
    expect(svg).toContain('1 error');
    expect(svg).not.toMatch(/var\(|class=|href=|light-dark/);
    expect(await take('Mermaid text')).toMatch(/^flowchart RL\n[^]*depends on/);
    expect(JSON.parse(await take('JSON data'))).toMatchObject({ root: ref('desk') });
  });

  test('lists what feels a failure and what is needed, and tells ways between two', async () => {
    const page = await visit(`/graph?root=${ref('store')}`);
    await page.getByRole('link', { name: 'What feels its failure' }).click();
    await page.getByText(/^6 entities feel it when this fails, 2 of them directly\.$/).waitFor();
    await page.getByRole('row', { name: /Ticket desk.*2 .*seats/ }).waitFor();
    await page.getByRole('link', { name: 'What it needs' }).click();
    await page.getByText('It needs nothing that the catalog knows of.').waitFor();
    await page.getByRole('link', { name: 'Way to another' }).click();
    await page.getByLabel('Way to').fill(ref('till'));
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await page.getByText('One way of 3 edges; none is shorter.').waitFor();
    await box(page, /^Ticket desk/).waitFor();
    expect(search(page)).toBe(`?root=${ref('store')}&view=path&to=${ref('till')}`);
    await page.getByRole('button', { name: 'Swap ends' }).click();
    await page.getByRole('heading', { name: 'Graph of till' }).waitFor();
  });

  test('follows the catalog while it is looked at', async () => {
    const page = await visit(`/graph?root=${ref('web')}&rel=dependsOn`);
    await box(page, /^Ticket desk/).waitFor();
    await server.put(component('late', { dependsOn: [ref('web')] }));
    await box(page, /^late/).waitFor();
    await server.remove(ref('late'));
    await box(page, /^late/).waitFor({ state: 'detached' });
  });

  test('a root that nobody knows is told as such; a missing one that others name is shown', async () => {
    const page = await visit(`/graph?root=${ref('nothing')}`);
    await page.getByText('The catalog has no such entity').waitFor();
    const missing = await visit(`/graph?root=${ref('ghost')}`);
    await box(missing, /^ghost, component, not in the catalog, root/).waitFor();
    await box(missing, /^Ticket desk/).waitFor();
  });

  const looks: readonly (readonly [theme: Theme, width: number])[] = [
    ['light', 1280],
    ['dark', 1280],
    ['contrast', 768],
    ['light', 320],
  ];
  test.each(looks)('has no serious accessibility fault (%s, %i px)', async (theme, width) => {
    const pages = [
      ['/graph', 'What an entity needs'],
      [`/graph?root=${ref('desk')}&twin=both`, 'edges hidden'],
      ['/graph?root=system:default/machinery&twin=graph', '7 groups'],
      [`/graph?root=${ref('desk')}&peek=${ref('seats')}`, 'Close'],
      [`/graph?root=${ref('store')}&view=dependents`, 'feel it when this fails'],
      [`/graph?root=${ref('store')}&view=path&to=${ref('till')}`, 'none is shorter'],
      [`/graph?root=${ref('nothing')}`, 'no such entity'],
    ] as const;
    const { page, errors, close } = await openLook(open, theme, width);
    const wrong: string[] = [];
    for (const [path, text] of pages) {
      await page.goto(server.url + path);
      await waitUntilDrawn(page, text);
      wrong.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
    }
    await close();
    expect([...wrong, ...errors]).toEqual([]);
  });
});
