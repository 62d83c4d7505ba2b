// From process start to the first correct page with a data folder that is full, the memory and the CPU time of a server that
// nobody asks anything, and how soon a saved file shows. Takes the catalog of the generator, see README.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
    const filling = new Served(program, folder);
    await filling.untilShown(total, 200);
    await sleep(5_000);
    await filling.close();
    const [pages, cpus]: [number[], number[]] = [[], []];
    for (let round = 1; round <= Number(flags.rounds); round += 1) {
      const server = new Served(program, folder);
      await server.untilShown(total, 2);
      pages.push(server.elapsedMs);
      cpus.push(server.cpuMs);
      if (round === Number(flags.rounds))
        return [...startFigures(total, pages, cpus), ...(await settled(server, folder, total))];
      await server.close();
    }
    throw new Error('At least one round');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startFigures(total: number, pages: readonly number[], cpus: readonly number[]): Figure[] {
  return [
    given(`${total} entities: process start to the first page`, 'ms', pages),
    given(`${total} entities: CPU time until then, all threads`, 'ms', cpus),
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
