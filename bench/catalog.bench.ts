// What the catalog's read API carries: the same load on Callboard, on a plain node:http server that sends the same bytes
// (the limit) and, where one runs, on Backstage. See README.md for what it needs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDescriptors } from './catalog/descriptors.ts';
import { type LoadOptions, putLoad, type Round } from './catalog/load.ts';
import { cores, pinSelf } from './catalog/pinned.ts';
import { recordedRates } from './catalog/recorded.ts';
import { startBare, startCallboard, type Target } from './catalog/servers.ts';
import { keep, median } from './measure.ts';

/** Entities that change in a second of every round on Callboard. */
const CHANGES = 10;

const works = [
  'query-page',
  'query-mixed',
  'facets-tags',
  'facets-mixed',
  'query-ownedby',
  'by-name',
  'by-refs-100',
  'list-all-fields',
];

const { values: flags } = parseArgs({
  options: {
    tools: { type: 'string', default: '../shared/bench' },
    components: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    backstage: { type: 'string' },
    quick: { type: 'boolean', default: false },
    name: { type: 'string', default: 'catalog' },
  },
});
const tools = resolve(flags.tools);
const count = Number(flags.components);
const connections = Number(flags.connections);
const seconds = flags.quick ? 2 : Number(flags.seconds);
const rounds = flags.quick ? 1 : Number(flags.rounds);

interface Row {
  readonly work: string;
  readonly bytes: number;
  readonly callboard: Round;
  readonly bare: Round;
  /** Of the bare server's requests a second, and of its CPU time a request. */
  readonly ofBare: number;
  readonly ofBareCpu: number;
  readonly timesBackstage: number | undefined;
  readonly backstage: 'measured' | 'recorded' | 'not known';
}

/** The round of medians. */
function middle(all: readonly Round[]): Round {
  const of = (name: keyof Round): number => median(all.map((round) => round[name]));
  return { rps: of('rps'), p50: of('p50'), p95: of('p95'), p99: of('p99'), cpuUs: of('cpuUs'), bytes: of('bytes') };
}

const folder = mkdtempSync(join(tmpdir(), 'callboard-bench-catalog-'));
const recorded = recordedRates(tools, connections);
const rows: Row[] = [];
const closing: Target[] = [];
pinSelf(cores.client);
try {
  const descriptors = await writeDescriptors(folder, join(tools, 'generate.js'), count);
  const catalog = join(folder, 'catalog', '*.yaml');
  const callboard = await startCallboard({
    catalog,
    data: join(folder, 'data'),
    port: 17_071,
    total: descriptors.total,
  });
  closing.push(callboard);
  const bare = await startBare(17_072);
  closing.push(bare);
  const load = (target: Target, work: string): Promise<Round> => {
    const warmup = Math.min(2, seconds / 2);
    const options: LoadOptions = { tools, folder, work, count, connections, seconds, warmup, ...target };
    return putLoad(options);
  };
  const underChanges = async (work: string): Promise<Round> => {
    const end = descriptors.change(CHANGES);
    try {
      return await load(callboard, work);
    } finally {
      end();
    }
  };
  const backstage = flags.backstage === undefined ? undefined : { url: flags.backstage, pid: undefined };
  for (const work of works.filter((name) => flags.only === undefined || flags.only.split(',').includes(name))) {
    await bare.tell({ mode: 'record', upstream: callboard.url });
    await putLoad({ tools, folder, url: bare.url, work, count, connections: 4, seconds: 3, warmup: 0 });
    await bare.tell({ mode: 'replay' });
    const taken = { callboard: [] as Round[], bare: [] as Round[], backstage: [] as Round[] };
    for (let round = 0; round < rounds; round += 1) {
      taken.callboard.push(await underChanges(work));
      taken.bare.push(await load(bare, work));
      if (backstage) taken.backstage.push(await load({ ...backstage, close: () => Promise.resolve() }, work));
    }
    const own = middle(taken.callboard);
    const limit = middle(taken.bare);
    const other = backstage ? middle(taken.backstage).rps : count === 10_000 ? recorded.get(work) : undefined;
    const row: Row = {
      work,
      bytes: own.bytes,
      callboard: own,
      bare: limit,
      ofBare: own.rps / limit.rps,
      ofBareCpu: limit.cpuUs / own.cpuUs,
      timesBackstage: other === undefined ? undefined : own.rps / other,
      backstage: backstage ? 'measured' : other === undefined ? 'not known' : 'recorded',
    };
    rows.push(row);
    print(row);
  }
} finally {
  for (const target of closing) await target.close();
  rmSync(folder, { recursive: true, force: true });
}
keepRows();

function print({ work, bytes, callboard: own, bare, ofBare, ofBareCpu, timesBackstage, backstage }: Row): void {
  const share = (value: number): string => `${Math.round(value * 100)} %`;
  const times = timesBackstage === undefined ? backstage : `${timesBackstage.toFixed(1)}x (${backstage})`;
  console.log(
    [
      work.padEnd(16),
      `${String(bytes).padStart(7)} B`,
      `${own.rps.toFixed(0).padStart(6)}/s`,
      `bare ${bare.rps.toFixed(0).padStart(6)}/s`,
      `= ${share(ofBare)}`,
      `CPU ${own.cpuUs} us, bare ${bare.cpuUs} us = ${share(ofBareCpu)}`,
      `Backstage ${times}`,
      `p50 ${own.p50} p95 ${own.p95} p99 ${own.p99} ms`,
    ].join('  '),
  );
}

function keepRows(): void {
  const label = `${count} components, ${connections} connections`;
  const figures = rows.flatMap(({ work, callboard: own, bare, ofBare, ofBareCpu, timesBackstage, backstage }) => {
    const one = (what: string, unit: string, value: number) => ({
      name: `${label}: ${work}, ${what}`,
      unit,
      median: Number(value.toPrecision(4)),
      rounds: [Number(value.toPrecision(4))],
    });
    return [
      one('Callboard', 'requests/s', own.rps),
      one('bare server', 'requests/s', bare.rps),
      one('of the bare server', '%', ofBare * 100),
      one('of the bare server by CPU time', '%', ofBareCpu * 100),
      one('Callboard CPU a request', 'us', own.cpuUs),
      one('bare CPU a request', 'us', bare.cpuUs),
      one('p50', 'ms', own.p50),
      one('p95', 'ms', own.p95),
      one('p99', 'ms', own.p99),
      ...(timesBackstage === undefined ? [] : [one(`of Backstage (${backstage})`, 'x', timesBackstage)]),
    ];
  });
  keep(flags.name, figures);
}
