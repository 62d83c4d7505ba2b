// A whole catalog from descriptor files into an empty server: read, checked, stored durably, until the last relation is
// answered. Beside it what parsing the same texts costs alone. Takes the catalog of the generator, see README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDocuments } from '../src/catalog/document.ts';
import { type Figure, given, keep } from './measure.ts';
import { emptyStartMs, Served, startedProgram, writeCatalog } from './served.ts';

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    components: { type: 'string', default: '10000,73000' },
    rounds: { type: 'string', default: '3' },
    /** Seconds from the last relation until memory is read. */
    settle: { type: 'string', default: '60' },
    name: { type: 'string', default: 'ingest' },
  },
});
const generator = join(resolve(flags.tools), 'generate.js');

interface Ingestion {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly residentMiB: number;
  readonly peakMiB: number;
}

async function ingest(program: readonly string[], folder: string, total: number): Promise<Ingestion> {
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  const server = new Served(program, folder);
  await server.untilShown(total, 250);
  const { cpuMs, elapsedMs: wallMs } = server;
  await sleep(Number(flags.settle) * 1_000);
  const { residentMiB, peakMiB } = server;
  await server.close();
  return { cpuMs, wallMs, residentMiB, peakMiB };
}

/** CPU time of parsing the texts, ms. */
function parse(texts: readonly string[]): number {
  const before = process.cpuUsage();
  for (const text of texts) parseDocuments(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function measure(program: readonly string[], components: number, startCpuMs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-ingest-'));
  try {
    const { texts, total } = await writeCatalog(folder, generator, components);
    const runs: Ingestion[] = [];
    const parsing: number[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      runs.push(await ingest(program, folder, total));
      parsing.push(parse(texts));
    }
    const each = (name: string, unit: string, of: (run: Ingestion) => number): Figure =>
      given(`${total} entities: ${name}`, unit, runs.map(of));
    const micros = (ms: number): number => (ms * 1_000) / total;
    return [
      each('CPU time, less that of an empty start', 'us/entity', (run) => micros(run.cpuMs - startCpuMs)),
      given(`${total} entities: CPU time of parsing alone`, 'us/entity', parsing.map(micros)),
      each('process start to the last relation', 'ms', (run) => run.wallMs),
      each(`resident ${flags.settle} s after`, 'MiB', (run) => run.residentMiB),
      each('resident at most', 'MiB', (run) => run.peakMiB),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const program = await startedProgram();
const startCpuMs = await emptyStartMs(program, generator);
const figures = [given('empty start', 'ms CPU', [startCpuMs])];
for (const components of flags.components.split(',')) {
  figures.push(...(await measure(program, Number(components), startCpuMs)));
}
keep(flags.name, figures);
