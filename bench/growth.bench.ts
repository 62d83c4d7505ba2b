// How everything grows with the catalog: a first ingestion from files, the memory after it, and then what each work of the read
// API takes, one server a size, while ten entities a second change. Takes what `catalog.bench.ts` takes, see README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Descriptors, writeDescriptors } from './catalog/descriptors.ts';
import { putLoad } from './catalog/load.ts';
import { cores, pin, pinSelf } from './catalog/pinned.ts';
import { type Figure, given, keep } from './measure.ts';
import { emptyStartMs, Served, startedProgram } from './served.ts';

/** Of ten components the generator makes 3.7 other entities beside. */
const ENTITIES_A_COMPONENT = 1.37;
const CHANGES_A_SECOND = 10;

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    entities: { type: 'string', default: '10000,30000,100000,300000' },
    works: {
      type: 'string',
      default: 'query-page,query-mixed,facets-tags,facets-mixed,query-ownedby,by-name,by-refs-100,list-all-fields',
    },
    connections: { type: 'string', default: '16' },
    /** Seconds of each work, after three that are not counted: its code is warm, its orders are sorted. */
    seconds: { type: 'string', default: '3' },
    /** Seconds from the last relation until memory is read: the image of the cache is written by then. */
    settle: { type: 'string', default: '60' },
    name: { type: 'string', default: 'growth' },
  },
});
const tools = resolve(flags.tools);
const generator = join(tools, 'generate.js');
const figures: Figure[] = [];

/** One size: ingestion, memory, every work. */
async function measure(program: readonly string[], entities: number, emptyMs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-growth-'));
  const count = Math.round(entities / ENTITIES_A_COMPONENT);
  try {
    const descriptors = await writeDescriptors(folder, generator, count);
    const server = new Served(program, folder);
    try {
      const tell = (what: string, unit: string, value: number): void => {
        figures.push(given(`${descriptors.total} entities: ${what}`, unit, [value]));
      };
      await server.untilShown(descriptors.total, 500);
      tell('process start to the last relation', 'ms', server.elapsedMs);
      tell('CPU time of ingestion', 'us/entity', ((server.cpuMs - emptyMs) * 1_000) / descriptors.total);
      await sleep(Number(flags.settle) * 1_000);
      tell(`resident ${flags.settle} s after`, 'MiB', server.residentMiB);
      if (server.pid !== undefined) pin(server.pid, cores.server);
      pinSelf(cores.client);
      for (const work of flags.works.split(',')) await measureWork(server, { folder, descriptors, work, count }, tell);
      tell('resident after all works', 'MiB', server.residentMiB);
      tell('resident at most', 'MiB', server.peakMiB);
    } finally {
      await server.close();
    }
  } finally {
    // What is started next ingests with both cores again.
    pinSelf(`${cores.server},${cores.client}`);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Work {
  readonly folder: string;
  readonly descriptors: Descriptors;
  readonly work: string;
  readonly count: number;
}

async function measureWork(
  server: Served,
  { folder, descriptors, work, count }: Work,
  tell: (what: string, unit: string, value: number) => void,
): Promise<void> {
  const { url, pid } = server;
  const [connections, seconds] = [Number(flags.connections), Number(flags.seconds)];
  const end = descriptors.change(CHANGES_A_SECOND);
  try {
    await loopDelayMs(url);
    const round = await putLoad({ tools, folder, url, work, count, connections, seconds, warmup: 3, pid });
    tell(work, 'requests/s', round.rps);
    tell(`${work}, p50`, 'ms', round.p50);
    tell(`${work}, p99`, 'ms', round.p99);
    tell(`${work}, CPU a request`, 'us', round.cpuUs);
    tell(`${work}, delay of the event loop, p99`, 'ms', await loopDelayMs(url));
  } finally {
    end();
  }
}

/** How late the event loop ran since this was last asked, 99 of 100. */
async function loopDelayMs(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  const seconds = /^callboard_event_loop_delay_p99_seconds (\S+)$/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`No metrics of the event loop: ${response.status}`);
  return Number(seconds) * 1_000;
}

const program = await startedProgram();
const emptyMs = await emptyStartMs(program, generator);
for (const entities of flags.entities.split(',')) await measure(program, Number(entities), emptyMs);
keep(flags.name, figures);
