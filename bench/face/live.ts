import { webBudgets } from '../../test/support/web-budgets.ts';
import type { Descriptors } from '../catalog/descriptors.ts';
import type { FaceRun } from './bench-run.ts';
import { heapMiB, openBenchPage } from './chromium.ts';
import { beginJourney, readVitals, untilDrawn } from './page-vitals.ts';

/** Entities that change in a second. */
const CHANGES = 10;
/** Readings of the heap. */
const READINGS = 6;

/** The list of the catalog while entities change: its heap, what it asks again, and what holds it up. */
export async function measureLive(run: FaceRun, descriptors: Descriptors, liveMs: number): Promise<void> {
  const bench = await openBenchPage(run.browser, false);
  const { page } = bench;
  await page.goto(`${run.url}/catalog?kind=component`);
  await untilDrawn(page, 'main tbody tr');
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/')) asked += 1;
  });
  const heap = [await heapMiB(bench)];
  const longTasks: number[] = [];
  const begunAt = performance.now();
  const end = descriptors.change(CHANGES);
  for (let reading = 0; reading < READINGS; reading += 1) {
    // The reading itself holds the page up, which is not the page's.
    await beginJourney(page);
    await page.waitForTimeout(liveMs / READINGS);
    longTasks.push(...(await readVitals(page)).longTasks);
    heap.push(await heapMiB(bench));
  }
  const changes = end();
  const of = `list during ${changes} changes in ${Math.round((performance.now() - begunAt) / 1000)} s`;
  run.hold(webBudgets.heap, of, heap, Math.max(...heap));
  run.note('heap, last of these readings beside the second', 'MiB', [(heap.at(-1) ?? 0) - (heap[1] ?? 0)]);
  run.note('answers that the list asked for again', 'requests', [asked]);
  run.hold(webBudgets.longTasks, of, longTasks, longTasks.length);
  await bench.close();
}
