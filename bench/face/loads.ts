import { webBudgets } from '../../test/support/web-budgets.ts';
import type { FaceRun } from './bench-run.ts';
import { openBenchPage } from './chromium.ts';
import { readVitals, untilDrawn, type PageVitals } from './page-vitals.ts';

/** Pages that people open first, and what is useful on each. */
const pages = [
  ['home', '/', 'main h1'],
  ['catalog', '/catalog?kind=component', 'main tbody tr'],
  ['entity', '/catalog/component/default/component-0', 'main h1'],
  ['problems', '/problems', 'main .tabs'],
  ['sources', '/sources', 'main tbody tr'],
] as const;

/** Pages opened cold on a slow machine, and a second time on this one. */
export async function measureLoads(run: FaceRun): Promise<void> {
  for (const [name, path, useful] of pages) {
    const cold: PageVitals[] = [];
    const warm: PageVitals[] = [];
    for (let round = 0; round < run.rounds; round += 1) {
      cold.push(...(await loads(run, path, useful, true)));
      warm.push(...(await loads(run, path, useful, false)).slice(1));
    }
    const of = (all: readonly PageVitals[], key: 'firstPaint' | 'largestPaint' | 'layoutShift'): readonly number[] =>
      all.map((vitals) => vitals[key]);
    run.hold(webBudgets.coldFirstPaint, name, of(cold, 'firstPaint'));
    run.hold(webBudgets.coldPaint, name, of(cold, 'largestPaint'));
    run.hold(webBudgets.warmPaint, name, of(warm, 'largestPaint'));
    const shifts = of([...cold, ...warm], 'layoutShift');
    run.hold(webBudgets.layoutShift, name, shifts, Math.max(...shifts));
  }
}

/** Opens a page in a new browser context: once where the machine is slow, else twice. */
async function loads({ browser, url }: FaceRun, path: string, useful: string, isSlow: boolean): Promise<PageVitals[]> {
  const { page, close } = await openBenchPage(browser, isSlow);
  const all: PageVitals[] = [];
  for (let visit = 0; visit < (isSlow ? 1 : 2); visit += 1) {
    await page.goto(url + path);
    await untilDrawn(page, useful);
    all.push(await readVitals(page));
  }
  await close();
  return all;
}
