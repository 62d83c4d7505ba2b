import type { Page } from 'playwright-core';
import { webBudgets } from '../../test/support/web-budgets.ts';
import { percentile } from '../measure.ts';
import type { FaceRun } from './bench-run.ts';
import { openBenchPage, type BenchPage } from './chromium.ts';
import { beginJourney, readVitals, timeToChange, timeToLastChange, untilDrawn } from './page-vitals.ts';

const ROWS = 'main tbody tr';
/** Between two acts of somebody quick, ms. */
const BREATH_MS = 200;

/** Places of the navigation by the second key of `g`. */
const places = ['p', 's', 'h', 'c'] as const;

async function openCatalog({ browser, url }: FaceRun): Promise<BenchPage> {
  const bench = await openBenchPage(browser, false);
  await bench.page.goto(`${url}/catalog?kind=component`);
  await untilDrawn(bench.page, ROWS);
  await beginJourney(bench.page);
  return bench;
}

/** Filters, rows opened, places gone to by keys: each timed by itself, all of them as the browser times interactions. */
export async function measureJourney(run: FaceRun): Promise<void> {
  const { page, close } = await openCatalog(run);
  await filter(run, page);
  await navigate(run, page);
  await walkRows(page);
  const { interactions, longTasks, layoutShift } = await readVitals(page);
  const of = `journey of ${interactions.length} interactions`;
  run.hold(webBudgets.interactionP75, of, interactions, percentile(interactions, 0.75));
  run.hold(webBudgets.interactionWorst, of, interactions, Math.max(0, ...interactions));
  run.hold(webBudgets.longTasks, of, longTasks, longTasks.length);
  run.hold(webBudgets.layoutShift, of, [layoutShift]);
  await close();
}

/** Chooses values of the first facets that have a choice, one after the other, and takes each away again. */
async function filter(run: FaceRun, page: Page): Promise<void> {
  const [chosen, taken]: [number[], number[]] = [[], []];
  const boxes = page.locator('.facet input[type=checkbox]');
  for (let at = 0; at < Math.min(await boxes.count(), run.rounds + 2); at += 1) {
    for (const times of [chosen, taken]) {
      // Its place in the list may change with the choice, what it is does not.
      const box = times === chosen ? boxes.nth(at) : page.locator('.facet input[type=checkbox]:checked').first();
      times.push(await timeToChange(page, 'main .page-sub output', () => box.click()));
      await page.waitForTimeout(BREATH_MS);
    }
  }
  run.hold(webBudgets.filterRows, 'value of a facet chosen', chosen);
  run.hold(webBudgets.filterRows, 'and taken away', taken);
}

/** Rows opened, and places gone to: each the first time and again. */
async function navigate(run: FaceRun, page: Page): Promise<void> {
  const timed = async (act: () => Promise<unknown>): Promise<number> => {
    const ms = await timeToChange(page, 'main h1', act);
    await page.waitForTimeout(BREATH_MS);
    return ms;
  };
  const rows: readonly [number[], number[]] = [[], []];
  for (let at = 0; at < run.rounds + 2; at += 1) {
    const link = page.locator(`${ROWS}:nth-child(${at + 2}) [data-row-link]`);
    for (const times of rows) {
      times.push(await timed(() => link.click()));
      await page.goBack();
      await link.waitFor();
      await page.waitForTimeout(BREATH_MS);
    }
  }
  run.hold(webBudgets.freshNavigation, 'row to its entity', rows[0]);
  run.hold(webBudgets.cachedNavigation, 'row to its entity', rows[1]);
  const byKeys: readonly [number[], number[]] = [[], []];
  for (const times of byKeys) {
    for (const place of places) {
      await page.keyboard.press('g');
      times.push(await timed(() => page.keyboard.press(place)));
    }
  }
  // The catalog was seen before.
  run.hold(
    webBudgets.freshNavigation,
    'place by two keys',
    byKeys[0].slice(0, -1),
    Math.max(...byKeys[0].slice(0, -1)),
  );
  run.hold(webBudgets.cachedNavigation, 'place by two keys', byKeys[1], Math.max(...byKeys[1]));
}

/** What a person does at the keyboard in a list: walks the rows, opens one, comes back, searches. */
async function walkRows(page: Page): Promise<void> {
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
  };
  await page.locator(ROWS).first().waitFor();
  await press('j', 'j', 'j', 'k', 'Enter');
  await page.goBack();
  await page.locator(ROWS).first().waitFor();
  await press('/', 's', 'e', 'r', 'v', 'Escape');
}

/** Letters of the palette: to the next paint, and to the last rows that the server found for them. */
export async function measurePalette(run: FaceRun): Promise<void> {
  const { page, close } = await openCatalog(run);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await beginJourney(page);
  const toRows: number[] = [];
  for (const key of 'component-12 team') {
    const press = (): Promise<void> => page.keyboard.press(key === ' ' ? 'Space' : key);
    toRows.push(await timeToLastChange(page, '[role=dialog], dialog[open]', 400, press));
  }
  const { interactions, longTasks } = await readVitals(page);
  run.hold(webBudgets.paletteLocalKey, `${interactions.length} keys`, interactions, percentile(interactions, 0.75));
  run.hold(webBudgets.paletteKey, `${toRows.length} keys`, toRows, percentile(toRows, 0.75));
  run.hold(webBudgets.longTasks, 'typing in the palette', longTasks, longTasks.length);
  await close();
}
