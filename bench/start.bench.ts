// From process start to the first correct page with a data folder that is full, with the image of the cache and without it;
// memory after a first ingestion and after a start, the CPU time of a server that nobody asks anything, and how soon a
// saved file shows. Takes the catalog of the generator, see README.md.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Figure, given, keep, percentile } from './measure.ts';
import { Served, startedProgram, writeCatalog } from './served.ts';

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    components: { type: 'string', default: '1000,10000,30000,73000' },
    rounds: { type: 'string', default: '3' },
    /** Seconds from the first page until memory is read. */
    settle: { type: 'string', default: '60' },
    saves: { type: 'string', default: '200' },
    name: { type: 'string', default: 'start' },
  },
});
const generator = join(resolve(flags.tools), 'generate.js');
const IDLE_SECONDS = 30;
const IMAGE = 'watch-cache';

/** One component that depends on one of two others, by turns. */
function changingFile(turn: number): string {
  const component = (name: string, more: string): string =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n` +
    `  type: service\n  lifecycle: production\n  owner: team-0\n${more}`;
  const dependsOn = `  dependsOn: ['component:saved-${turn % 2}']\n`;
  return [component('saved', dependsOn), component('saved-0', ''), component('saved-1', '')].join('---\n');
}

/** Ms from saving a file until its relation shows at the other end, for each of many saves. */
async function measureSaves(server: Served, catalog: string, saves: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn <= saves; turn += 1) {
    const saved = performance.now();
    writeFileSync(join(catalog, 'saved.yaml'), changingFile(turn));
    for (;;) {
      const path = `/api/catalog/entities/by-name/component/default/saved-${turn % 2}`;
      const target = (await server.read(path)) as { relations: { type: string; targetRef: string }[] } | undefined;
      if (target?.relations.some(({ type, targetRef }) => type === 'dependencyOf' && targetRef.endsWith('/saved')))
        break;
      if (performance.now() - saved > 30_000) throw new Error('A saved file does not show');
      await sleep(2);
    }
    // The first one comes with a new file; the others are saves.
    if (turn > 0) times.push(performance.now() - saved);
    await sleep(100 + 13 * (turn % 17));
  }
  return times;
}

async function measure(program: readonly string[], components: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-start-'));
  try {
    const { total } = await writeCatalog(folder, generator, components);
    const figures = await fill(program, folder, total);
    const image = join(folder, 'data', 'cache');
    const starts: Start[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) starts.push(await start(program, folder, total));
    const fills: Start[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      rmSync(image, { recursive: true, force: true });
      fills.push(await start(program, folder, total));
    }
    await written(program, folder, total);
    figures.push(
      ...startFigures(`${total} entities: `, starts),
      ...startFigures(`${total} entities without an image: `, fills),
    );
    const server = new Served(program, folder);
    await server.untilShown(total, 2);
    return [...figures, ...(await settled(server, folder, total))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first ingestion, until the image of the cache is written and memory has come to rest. */
async function fill(program: readonly string[], folder: string, total: number): Promise<Figure[]> {
  const server = new Served(program, folder);
  await server.untilShown(total, 200);
  await untilImage(folder);
  await sleep(Number(flags.settle) * 1_000);
  const { residentMiB, peakMiB } = server;
  await server.close();
  const image = statSync(join(folder, 'data', 'cache', IMAGE)).size / 2 ** 20;
  return [
    given(`${total} entities: resident ${flags.settle} s after the first ingestion`, 'MiB', [residentMiB]),
    given(`${total} entities: resident at most meanwhile`, 'MiB', [peakMiB]),
    given(`${total} entities: image of the cache`, 'MiB', [image]),
  ];
}

/** Runs a server until the image is written: a large one is not written at the end of a run. */
async function written(program: readonly string[], folder: string, total: number): Promise<void> {
  const server = new Served(program, folder);
  await server.untilShown(total, 50);
  await untilImage(folder);
  await server.close();
}

async function untilImage(folder: string): Promise<void> {
  for (let waited = 0; !existsSync(join(folder, 'data', 'cache', IMAGE)); waited += 1) {
    if (waited > 600) throw new Error('No image of the cache is written');
    await sleep(1_000);
  }
}

interface Start {
  readonly pageMs: number;
  readonly cpuMs: number;
}

async function start(program: readonly string[], folder: string, total: number): Promise<Start> {
  const server = new Served(program, folder);
  await server.untilShown(total, 2);
  const { elapsedMs: pageMs, cpuMs } = server;
  await server.close();
  return { pageMs, cpuMs };
}

function startFigures(of: string, starts: readonly Start[]): Figure[] {
  return [
    given(
      `${of}process start to the first page`,
      'ms',
      starts.map(({ pageMs }) => pageMs),
    ),
    given(
      `${of}CPU time until then, all threads`,
      'ms',
      starts.map(({ cpuMs }) => cpuMs),
    ),
  ];
}

async function settled(server: Served, folder: string, total: number): Promise<Figure[]> {
  await sleep(Number(flags.settle) * 1_000);
  const resident = server.residentMiB;
  const before = server.cpuMs;
  await sleep(IDLE_SECONDS * 1_000);
  const idle = (server.cpuMs - before) / (IDLE_SECONDS * 10);
  const saves = await measureSaves(server, join(folder, 'catalog'), Number(flags.saves));
  const peak = server.peakMiB;
  await server.close();
  return [
    given(`${total} entities: resident ${flags.settle} s after`, 'MiB', [resident]),
    given(`${total} entities: resident at most`, 'MiB', [peak]),
    given(`${total} entities: CPU while nobody asks`, '% of a core', [idle]),
    given(`${total} entities: saved file to its reverse relation, half of them`, 'ms', [percentile(saves, 0.5)]),
    given(`${total} entities: saved file to its reverse relation, 99 of 100`, 'ms', [percentile(saves, 0.99)]),
  ];
}

const program = await startedProgram();
const figures: Figure[] = [];
for (const components of flags.components.split(',')) figures.push(...(await measure(program, Number(components))));
keep(flags.name, figures);
