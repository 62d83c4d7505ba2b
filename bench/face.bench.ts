// How fast the web interface is in Chromium over a large catalog: paints cold and warm, interactions, filters, the palette,
// going from page to page, long tasks, layout shifts, and the heap under live changes. See README.md for what it needs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeDescriptors } from './catalog/descriptors.ts';
import { startCallboard } from './catalog/servers.ts';
import { keepingIn, type FaceRun } from './face/bench-run.ts';
import { launchChromium } from './face/chromium.ts';
import { measureJourney, measurePalette } from './face/journey.ts';
import { measureLive } from './face/live.ts';
import { measureLoads } from './face/loads.ts';
import { type Figure, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    /** With the entities of other kinds about 50,000. */
    components: { type: 'string' },
    rounds: { type: 'string' },
    /** Minutes under live changes. */
    minutes: { type: 'string' },
    quick: { type: 'boolean', default: false },
    name: { type: 'string' },
  },
});
const usual = flags.quick
  ? { components: '2000', rounds: '1', minutes: '0.2', name: 'face-quick' }
  : { components: '36500', rounds: '3', minutes: '1', name: 'face' };
const { components, rounds, minutes, name } = { ...usual, ...flags };

/** So long without a change the collectors have written everything, ms; after the longest they are not waited for. */
const STILL_MS = 3_000;
const LONGEST_MS = 90_000;

/** Waits until a filled catalog changes no more by itself. */
async function untilStill(url: string): Promise<void> {
  const begun = performance.now();
  let [revision, since] = [-1, begun];
  while (performance.now() - since < STILL_MS) {
    if (performance.now() - begun > LONGEST_MS) {
      console.log(`The catalog still changes after ${LONGEST_MS / 1000} s; figures have that in them`);
      return;
    }
    const answer = (await (await fetch(`${url}/api/v1/entities?limit=0`)).json()) as { readonly revision: number };
    if (answer.revision !== revision) [revision, since] = [answer.revision, performance.now()];
    await sleep(250);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'callboard-bench-face-'));
const figures: Figure[] = [];
try {
  // The program serves what was built last, which may be older than the sources.
  execFileSync(process.execPath, ['tools/build-web.mjs'], { stdio: 'inherit' });
  const descriptors = await writeDescriptors(folder, join(resolve(flags.tools), 'generate.js'), Number(components));
  const server = await startCallboard({
    catalog: join(folder, 'catalog', '*.yaml'),
    data: join(folder, 'data'),
    port: 17_073,
    total: descriptors.total,
  });
  const browser = await launchChromium();
  try {
    await untilStill(server.url);
    console.log(`${descriptors.total} entities, ${rounds} rounds, ${Math.round(performance.now() / 1000)} s to fill`);
    const run: FaceRun = { browser, url: server.url, rounds: Number(rounds), ...keepingIn(figures) };
    const parts = [
      () => measureLoads(run),
      () => measureJourney(run),
      () => measurePalette(run),
      () => measureLive(run, descriptors, Number(minutes) * 60_000),
    ];
    for (const part of parts) {
      // What fails in one part says nothing of the others.
      await part().catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    }
    keep(name, figures);
  } finally {
    await browser.close();
    await server.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
