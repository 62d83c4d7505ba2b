// What the Running page costs its browser with 1,500 cells, and the pane of logs with 50,000 lines: CPU time of the page's main
// thread, elements, heap, frames while it is scrolled, and what live changes take. The server, its clusters and this program
// are one process beside the browser.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openLogStage } from '../test/support/log-stage.ts';
import { liveObject, memoryFleet } from '../test/support/memory-fleet.ts';
import { component, startTestServer } from '../test/support/server.ts';
import { signIn } from '../test/support/signed-in.ts';
import { type BenchPage, heapMiB, launchChromium, openBenchPage } from './face/chromium.ts';
import { countWork, cpuMs, elementsOf, type PageWork, workOf } from './face/page-work.ts';
import { beginJourney, readVitals, untilDrawn } from './face/page-vitals.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    name: { type: 'string', default: 'running' },
    parts: { type: 'string', default: 'cells,lines' },
  },
});
const ROUNDS = Number(flags.rounds);
const CLUSTERS = 150;
const WORKLOADS = 10;
const LINES = 50_000;
const PODS = 4;
/** Lines of the last five minutes are asked for. */
const SPAN_MS = 300_000;
const CHANGES = 10;

const figures: Figure[] = [];
const annotated = (name: string) =>
  component(
    name,
    {},
    { annotations: { 'backstage.io/kubernetes-id': name, 'backstage.io/kubernetes-namespace': 'shop' } },
  );

/** A workload of the till as it stands in a cluster. */
function tillIn(cluster: number, workload: number, ready: number): ReturnType<typeof liveObject> {
  const isIll = (cluster * WORKLOADS + workload) % 61 === 0;
  return liveObject(`till-${workload}`, {
    namespace: 'shop',
    labels: 'backstage.io/kubernetes-id=till',
    selector: `app=till-${workload}`,
    images: `registry.example.com/till:1.4.${cluster % 50 === 0 ? 1 : 2}`,
    desired: 3,
    ready: isIll ? 1 : ready,
    health: isIll ? 'Degraded' : 'Healthy',
  });
}

/** Turns the wheel over an element, so many steps. */
async function wheel(
  { page }: BenchPage,
  selector: string,
  steps: number,
  by: readonly [x: number, y: number],
): Promise<void> {
  await page
    .locator(selector)
    .first()
    .hover({ position: { x: 40, y: 40 } });
  for (let step = 0; step < steps; step += 1) {
    await page.mouse.wheel(...by);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(300);
}

const noted = new Map<string, { readonly unit: string; readonly values: number[] }>();
function note(name: string, unit: string, value: number): void {
  const known = noted.get(name) ?? { unit, values: [] };
  known.values.push(value);
  noted.set(name, known);
}

function noteWork(what: string, { cpuMs: cpu, frames, longestFrameMs }: PageWork): void {
  note(`${what}: main thread`, 'CPU-ms', cpu);
  note(`${what}: frames`, '', frames);
  note(`${what}: longest time between frames`, 'ms', longestFrameMs);
}

async function measureMatrix(browser: Browser, webFolder: string): Promise<void> {
  const fleet = memoryFleet();
  const nameOf = (cluster: number): string => `prod-${String(cluster).padStart(3, '0')}`;
  const put = (cluster: number, ready: number): void =>
    fleet.put(
      nameOf(cluster),
      'Deployment',
      Array.from({ length: WORKLOADS }, (_, workload) => tillIn(cluster, workload, ready)),
    );
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
    fleet.putCluster(nameOf(cluster), { labels: { environment: ['prod', 'stage', 'test'][cluster % 3] ?? '' } });
    fleet.watchAll(nameOf(cluster));
    put(cluster, 3);
  }
  const server = await startTestServer({ webFolder, live: fleet.live, entities: [annotated('till')] });
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const bench = await openBenchPage(browser, false);
      await countWork(bench);
      const url = `${server.url}/catalog/component/default/till?view=running&scope=all`;
      await bench.page.goto(url);
      await untilDrawn(bench.page, '.running-matrix .running-cell');
      const cells = await bench.page.locator('.running-cell').count();
      if (cells !== CLUSTERS * WORKLOADS) throw new Error(`${cells} cells are drawn`);
      note('1,500 cells: until they are drawn, main thread', 'CPU-ms', await cpuMs(bench));
      note('1,500 cells: largest paint', 'ms', (await readVitals(bench.page)).largestPaint);
      note('1,500 cells: elements of the page', '', await elementsOf(bench));
      note('1,500 cells: heap', 'MiB', await heapMiB(bench));
      noteWork(
        '1,500 cells, 40 turns of the wheel aside',
        await workOf(bench, () => wheel(bench, '.running-frame', 40, [300, 0])),
      );
      await beginJourney(bench.page);
      const choosing = await workOf(bench, async () => {
        for (const cell of [5, 305, 605, 905]) {
          await bench.page.locator('.running-cell').nth(cell).click();
          await bench.page.waitForTimeout(500);
        }
      });
      note('1,500 cells: a cell is chosen, main thread', 'CPU-ms', choosing.cpuMs / 4);
      note(
        '1,500 cells: a cell is chosen, worst interaction to next paint',
        'ms',
        Math.max(...(await readVitals(bench.page)).interactions),
      );
      const following = await workOf(bench, async () => {
        for (let change = 0; change < CHANGES; change += 1) {
          put(change + 20, (round + change) % 3);
          await bench.page.waitForTimeout(2_000);
        }
      });
      note('1,500 cells: one cluster changes, main thread', 'CPU-ms', following.cpuMs / CHANGES);
      await bench.close();
    }
  } finally {
    await server.close();
  }
}

async function measureLogs(browser: Browser, webFolder: string): Promise<void> {
  const stage = await openLogStage(
    { 'prod-north': true },
    {
      webFolder,
      entities: [component('ticket-office', {}, { annotations: { 'backstage.io/kubernetes-id': 'ticket-office' } })],
    },
  );
  try {
    for (const { cluster } of stage.demo.servers)
      cluster.printing = {
        everyMs: (SPAN_MS * PODS) / (LINES * 1.04),
        kept: LINES,
        filling: ' and more that a line says, until it is as long as lines are',
      };
    const { cookie } = await signIn(stage.server);
    const [name = '', ...value] = cookie.split('=');
    for (let round = 0; round < ROUNDS; round += 1) {
      const bench = await openBenchPage(browser, false);
      await bench.page.context().addCookies([{ name, value: value.join('='), url: stage.server.url }]);
      await countWork(bench);
      const query = 'view=running&workload=Deployment/ticketing/ticket-office&cluster=prod-north&pane=logs&since=5m';
      await bench.page.goto(`${stage.server.url}/catalog/component/default/ticket-office?${query}`);
      await bench.page.getByText(/[5-9]\d,\d{3} lines, following/).waitFor({ timeout: 120_000 });
      note('50,000 lines: until they are there, main thread', 'CPU-ms', await cpuMs(bench));
      note('50,000 lines: elements of the page', '', await elementsOf(bench));
      note('50,000 lines: heap', 'MiB', await heapMiB(bench));
      const up = await workOf(bench, () => wheel(bench, '.logs-frame', 60, [0, -800]));
      noteWork('50,000 lines, 60 turns of the wheel up', up);
      const jumps = await workOf(bench, async () => {
        for (const part of [0, 0.5, 0.1, 0.9]) {
          await bench.page
            .locator('.logs-frame')
            .evaluate((frame, at) => (frame.scrollTop = frame.scrollHeight * at), part);
          await bench.page.waitForTimeout(200);
        }
      });
      note('50,000 lines: somewhere else in them, main thread', 'CPU-ms', jumps.cpuMs / 4);
      await bench.page.getByRole('button', { name: 'Go to the newest' }).click();
      const following = await workOf(bench, () => bench.page.waitForTimeout(10_000));
      note('50,000 lines, followed at 170 lines a second: main thread in a second', 'CPU-ms', following.cpuMs / 10);
      note('50,000 lines, followed: longest time between frames', 'ms', following.longestFrameMs);
      await bench.page.getByRole('button', { name: 'Wrap' }).click();
      await bench.page.waitForTimeout(1_000);
      noteWork(
        '50,000 lines, wrapped, 60 turns of the wheel up',
        await workOf(bench, () => wheel(bench, '.logs-frame', 60, [0, -800])),
      );
      await bench.close();
    }
  } finally {
    await stage.close();
  }
}

const webFolder = mkdtempSync(join(tmpdir(), 'callboard-bench-running-'));
try {
  execFileSync(process.execPath, ['tools/build-web.mjs', webFolder], { stdio: 'inherit' });
  const browser = await launchChromium();
  try {
    if (flags.parts.includes('cells')) await measureMatrix(browser, webFolder);
    if (flags.parts.includes('lines')) await measureLogs(browser, webFolder);
  } finally {
    await browser.close();
  }
} finally {
  rmSync(webFolder, { recursive: true, force: true });
}
for (const [name, { unit, values }] of noted) figures.push(given(name, unit, values));
keep(flags.name, figures);
