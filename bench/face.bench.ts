// How fast the web interface is in Chromium over a large catalog: paints cold and warm, interactions, filters, the palette,
// going from page to page, long tasks, layout shifts, and the heap under live changes. See README.md for what it needs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { budgetLine, webBudgets, type WebBudget } from '../test/support/web-budgets.ts';
import { writeDescriptors, type Descriptors } from './catalog/descriptors.ts';
import { cores, pinSelf } from './catalog/pinned.ts';
import { startCallboard } from './catalog/servers.ts';
import { heapMiB, launchChromium, openBenchPage } from './face/chromium.ts';
import { beginJourney, clickToChange, readVitals, type PageVitals } from './face/page-vitals.ts';
import { type Figure, keep, median, percentile } from './measure.ts';

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    /** With the entities of other kinds about 50,000. */
    components: { type: 'string', default: '36500' },
    rounds: { type: 'string', default: '3' },
    /** Minutes under live changes before the heap is read. */
    minutes: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
    name: { type: 'string', default: 'face' },
  },
});
const tools = resolve(flags.tools);
const count = flags.quick ? 2_000 : Number(flags.components);
const rounds = flags.quick ? 1 : Number(flags.rounds);
const liveMs = (flags.quick ? 0.2 : Number(flags.minutes)) * 60_000;

/** Entities that change in a second while the heap is watched. */
const CHANGES = 10;

const figures: Figure[] = [];

/** Prints a figure beside its limit and keeps it. */
function hold(budget: WebBudget, of: string, values: readonly number[], value = median(values)): void {
  console.log(budgetLine(budget, value, of));
  const name = `${budget.what}: ${of} (limit ${budget.limit})`;
  figures.push({ name, unit: budget.unit, median: Number(value.toPrecision(4)), rounds: values });
}

const pages = [
  ['home', '/', 'main h1'],
  ['catalog', '/catalog?kind=component', 'main tbody tr'],
  ['entity', '/catalog/component/default/component-0', 'main h1'],
  ['problems', '/problems', 'main .tabs'],
  ['sources', '/sources', 'main tbody tr'],
] as const;

async function measureLoads(browser: Browser, url: string): Promise<void> {
  for (const [name, path, useful] of pages) {
    const cold: PageVitals[] = [];
    const warm: PageVitals[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const slow = await openBenchPage(browser, true);
      await slow.page.goto(url + path);
      await slow.page.locator(useful).first().waitFor();
      cold.push(await readVitals(slow.page));
      await slow.close();
      const fast = await openBenchPage(browser, false);
      for (const isSecond of [false, true]) {
        await fast.page.goto(url + path);
        await fast.page.locator(useful).first().waitFor();
        if (isSecond) warm.push(await readVitals(fast.page));
      }
      await fast.close();
    }
    hold(
      webBudgets.coldFirstPaint,
      name,
      cold.map(({ firstPaint }) => firstPaint),
    );
    hold(
      webBudgets.coldPaint,
      name,
      cold.map(({ largestPaint }) => largestPaint),
    );
    hold(
      webBudgets.warmPaint,
      name,
      warm.map(({ largestPaint }) => largestPaint),
    );
    hold(
      webBudgets.layoutShift,
      name,
      [...cold, ...warm].map(({ layoutShift }) => layoutShift),
    );
  }
}

/** Filters and navigations, measured in the page; then the keys of a whole journey as the browser itself times them. */
async function measureJourney(browser: Browser, url: string): Promise<void> {
  const bench = await openBenchPage(browser, false);
  const { page } = bench;
  await page.goto(`${url}/catalog?kind=component`);
  await page.locator('main tbody tr').first().waitFor();
  await beginJourney(page);
  const filters: number[] = [];
  for (let at = 0; at < Math.max(4, rounds * 2); at += 1) {
    filters.push(await clickToChange(page, '.facet input[type=checkbox]', 'main .page-sub output'));
    await page.waitForTimeout(200);
  }
  hold(webBudgets.filterRows, 'first facet on and off', filters);
  const fresh: number[] = [];
  const seen: number[] = [];
  for (let at = 0; at < Math.max(3, rounds); at += 1) {
    const row = `main tbody tr:nth-child(${at + 2}) [data-row-link]`;
    fresh.push(await clickToChange(page, row, 'main h1'));
    await page.waitForTimeout(200);
    await page.goBack();
    await page.locator(row).waitFor();
    seen.push(await clickToChange(page, row, 'main h1'));
    await page.waitForTimeout(200);
    await page.goBack();
    await page.locator(row).waitFor();
  }
  hold(webBudgets.freshNavigation, 'row to its entity', fresh);
  hold(webBudgets.cachedNavigation, 'row to its entity', seen);
  await walkByKeys(bench.page);
  const vitals = await readVitals(page);
  const worst = Math.max(0, ...vitals.interactions);
  hold(webBudgets.interactionP75, 'journey by keys', [...vitals.interactions], percentile(vitals.interactions, 0.75));
  hold(webBudgets.interactionWorst, 'journey by keys', [worst]);
  hold(webBudgets.longTasks, 'journey by keys', [vitals.longTasks.length]);
  hold(webBudgets.layoutShift, 'journey by keys', [vitals.layoutShift]);
  await bench.close();
}

/** What a person does at the keyboard: walks the rows, opens one, searches, filters, goes to other places. */
async function walkByKeys(page: Page): Promise<void> {
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
  };
  await press('j', 'j', 'j', 'k', 'Enter');
  await page.goBack();
  await page.locator('main tbody tr').first().waitFor();
  await press('/', 's', 'e', 'r', 'v', 'Escape');
  await press('g', 'p');
  await page.locator('main .tabs').waitFor();
  await press('g', 's');
  await page.locator('main tbody tr').first().waitFor();
  await press('g', 'c');
  await page.locator('main tbody tr').first().waitFor();
}

async function measurePalette(browser: Browser, url: string): Promise<void> {
  const bench = await openBenchPage(browser, false);
  const { page } = bench;
  await page.goto(`${url}/catalog?kind=component`);
  await page.locator('main tbody tr').first().waitFor();
  await beginJourney(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await beginJourney(page);
  for (const key of 'service team') {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.waitForTimeout(150);
  }
  const { interactions } = await readVitals(page);
  // The browser tells of what took 16 ms and more; what it does not tell of was quicker.
  const keys = [...interactions, ...Array.from({ length: Math.max(0, 12 - interactions.length) }, () => 16)];
  hold(webBudgets.paletteKey, 'three of four keys', keys, percentile(keys, 0.75));
  await bench.close();
}

async function measureLive(browser: Browser, url: string, descriptors: Descriptors): Promise<void> {
  const bench = await openBenchPage(browser, false);
  await bench.page.goto(`${url}/catalog?kind=component`);
  await bench.page.locator('main tbody tr').first().waitFor();
  const before = await heapMiB(bench);
  const end = descriptors.change(CHANGES);
  await sleep(liveMs);
  const changes = end();
  await sleep(2_000);
  const after = await heapMiB(bench);
  hold(webBudgets.heap, `catalog after ${changes} live changes, ${before.toFixed(1)} MiB before`, [after]);
  await bench.close();
}

const folder = mkdtempSync(join(tmpdir(), 'callboard-bench-face-'));
pinSelf(cores.client);
// The program serves what was built last, which may be older than the sources.
execFileSync(process.execPath, ['tools/build-web.mjs'], { stdio: 'inherit' });
const descriptors = await writeDescriptors(folder, join(tools, 'generate.js'), count);
const server = await startCallboard({
  catalog: join(folder, 'catalog', '*.yaml'),
  data: join(folder, 'data'),
  port: 17_073,
  total: descriptors.total,
});
const browser = await launchChromium();
try {
  console.log(`${descriptors.total} entities, ${rounds} rounds`);
  await measureLoads(browser, server.url);
  await measureJourney(browser, server.url);
  await measurePalette(browser, server.url);
  await measureLive(browser, server.url, descriptors);
  keep(flags.name, figures);
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
