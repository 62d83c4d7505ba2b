import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { budgetLine, webBudgets, type WebBudget } from '../support/web-budgets.ts';
import { readWebBundle, type WebBundle } from '../support/web-bundle.ts';
import { describeInBrowser } from './browser.ts';
import { waitUntilDrawn } from './inspection.ts';
import { pageOfRoute } from './pages.ts';
import { openStages, type Stages } from './stages.ts';

/** Pages that people come to first, and what is useful on them. */
const first = [
  ['/', '/?team=group:default/nobody', 'spec.owner names group:default/nobody'],
  ['/catalog', '/catalog?kind=component', 'desk'],
  ['/catalog/$kind/$namespace/$name', '/catalog/component/default/desk', 'Sells seats'],
] as const;

/** How long everything must be silent before nothing more is expected to be asked for, ms. */
const SILENCE_MS = 600;
/** A page that asks for nothing and shows nothing by then never will, ms. */
const LONGEST_MS = 20_000;

describeInBrowser('the web interface stays small', ({ open, webFolder }) => {
  let stages: Stages;
  let bundle: WebBundle;
  const over: string[] = [];

  /** Prints a figure beside its limit and keeps what is over it. */
  const hold = (budget: WebBudget, value: number, of: string): void => {
    const line = budgetLine(budget, value, of);
    console.log(line);
    if (value > budget.limit) over.push(line);
  };
  const sum = (files: Iterable<string>): number => [...files].reduce((total, file) => total + bundle.sizeKb(file), 0);
  const clear = (): readonly string[] => over.splice(0);

  beforeAll(async () => {
    bundle = readWebBundle(webFolder());
    stages = await openStages(webFolder());
  });
  afterAll(() => stages.close());

  test('files: scripts, parts fetched on demand, style sheets, the text font', () => {
    const ofSort = (ending: string): readonly string[] => bundle.files.filter((file) => file.endsWith(ending));
    hold(webBudgets.shellScripts, sum(bundle.shell), 'index.html');
    hold(webBudgets.allScripts, sum(ofSort('.js')), `${ofSort('.js').length} files`);
    hold(webBudgets.styles, sum(ofSort('.css')), `${ofSort('.css').length} files`);
    for (const font of ofSort('.woff2').filter((name) => name.includes('inter'))) {
      hold(webBudgets.textFont, bundle.sizeKb(font), font);
    }
    for (const part of bundle.onDemand) {
      const added = [...bundle.closure(part)].filter((file) => !bundle.shell.has(file));
      hold(webBudgets.viewerScripts, sum(added), part);
    }
    expect(clear()).toEqual([]);
  });

  test('every page: the shell and what it fetches', async () => {
    const { page, close } = await open('');
    await stages.enterAs(page, 'full');
    let loaded = new Set<string>();
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname.slice(1);
      if (bundle.files.includes(path) && path.endsWith('.js')) loaded.add(path);
    });
    for (const [route, shown] of pageOfRoute) {
      loaded = new Set();
      await page.goto(stages.urlOf(shown, 'full'));
      await waitUntilDrawn(page, shown.shows.full ?? '');
      hold(webBudgets.pageScripts, sum(loaded), route);
    }
    expect(clear()).toEqual([]);
    await close();
  });

  test.each(first)('%s: requests and chain before it is useful', async (route, path, text) => {
    const shown = pageOfRoute.get(route);
    if (shown === undefined) throw new Error(`No page of ${route}`);
    const url = stages.urlOf({ ...shown, path }, 'full');
    const waves = await wavesUntil(url, text);
    const needed: string[] = [];
    for (const request of waves.flat()) {
      // What the page itself names needs no trial: without its scripts and style sheets it is nothing.
      const isPart = waves.slice(0, 2).some((wave) => wave.includes(request));
      if (isPart || !(await isUsefulWithout(url, request, text))) needed.push(request);
    }
    console.log(needed.map((request) => `      ${request}`).join('\n'));
    hold(webBudgets.requests, needed.length, route);
    hold(
      webBudgets.chain,
      waves.findLastIndex((wave) => wave.some((request) => needed.includes(request))),
      route,
    );
    expect(clear()).toEqual([]);
  });

  /** Loads a page with each answer held until nothing more is asked for: what a wave asks for came of the one before. */
  async function wavesUntil(url: string, text: string): Promise<readonly (readonly string[])[]> {
    const { page, close } = await open('');
    let held: { readonly path: string; readonly release: () => void }[] = [];
    let heardAt = Date.now();
    await page.route('**/*', async (route) => {
      if (isAside(route.request())) return route.continue();
      heardAt = Date.now();
      await new Promise<void>((release) => held.push({ path: pathOf(route.request()), release }));
      return route.continue();
    });
    const loading = page.goto(url).catch((error: unknown) => error);
    const waves: string[][] = [];
    // Of a page that has not begun nothing can be asked: the first wave is the page itself.
    while (waves.length === 0 || !(await isThere(page, text))) {
      if (held.length === 0 && Date.now() - heardAt > LONGEST_MS) throw new Error(`${url} never shows ${text}`);
      await quiet(() => heardAt);
      if (held.length === 0) continue;
      waves.push(held.map(({ path }) => path));
      const wave = held;
      held = [];
      heardAt = Date.now();
      for (const { release } of wave) release();
    }
    for (const { release } of held) release();
    await loading;
    await close();
    return waves;
  }

  /** Whether a page shows what is useful while one answer never comes. */
  async function isUsefulWithout(url: string, withheld: string, text: string): Promise<boolean> {
    const { page, close } = await open('');
    await page.route('**/*', (route) => {
      if (pathOf(route.request()) !== withheld) return route.continue();
      return undefined;
    });
    await page.goto(url, { waitUntil: 'commit' });
    const useful = await page
      .getByText(text)
      .first()
      .waitFor({ timeout: 4_000 })
      .then(
        () => true,
        () => false,
      );
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await close();
    return useful;
  }
});

/** Fonts and icons are drawn when they come, and the event stream begins after the first answer. */
function isAside(request: Request): boolean {
  return ['font', 'image', 'other'].includes(request.resourceType()) || request.url().includes('/api/v1/events');
}

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url());
  return pathname + search;
}

async function isThere(page: Page, text: string): Promise<boolean> {
  return page
    .getByText(text)
    .first()
    .isVisible()
    .catch(() => false);
}

async function quiet(heardAt: () => number): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 50));
  while (Date.now() - heardAt() < SILENCE_MS);
}
