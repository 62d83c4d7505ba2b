// By how much an hour of changes makes the store grow, with all that the fleet writes: the timeline, with incidents, and the facts
// that are stored. 150 clusters, 20,000 workloads, 270,000 pods, 5,000 entities; the clock is put forward. What is measured is the
// size of the files of SQLite, closed before and after; nothing is dropped meanwhile, as retention would.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { FactKeeper } from '../src/fleet/facts/fact-keeper.ts';
import { FactReporter } from '../src/fleet/facts/fact-reporter.ts';
import { FleetStore } from '../src/fleet/fleet-store.ts';
import { incidentEntry } from '../src/fleet/incidents/incident-entry.ts';
import { openGraph } from '../src/graph/graph.ts';
import { liveKinds } from '../src/live/kind-table.ts';
import { builtinKinds } from '../src/model/builtin-kinds.ts';
import { createKindTable } from '../src/model/relations.ts';
import { openStore } from '../src/store/open-store.ts';
import { createLog } from '../src/telemetry/log.ts';
import { faceOf } from '../test/support/fleet-batches.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { putEntity } from '../test/support/writes.ts';
import { BusyHour, type HourLoad } from './fleet/busy-hour.ts';
import { clusterName, listBatches, objectsOf } from './fleet-rows.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: {
    clusters: { type: 'string', default: '150' },
    minutes: { type: 'string', default: '60' },
    loads: { type: 'string', default: 'usual,restarts' },
    name: { type: 'string', default: 'timeline-growth' },
  },
});
const CLUSTERS = Number(flags.clusters);
const SECONDS = Number(flags.minutes) * 60;
/** Looks for what fails together in a second, as the fleet's thread has them. */
const LOOKS_A_SECOND = 10;
/** Until all facts were told once, s. */
const FIRST_S = 120;
const APPENDED = 500;

const loads: Readonly<Record<string, HourLoad>> = {
  // 3,000 rollouts a day, each in the three or four clusters of its service; the pods of a fiftieth of all Deployments restart every ten minutes or so.
  usual: {
    podsASecond: 1_000,
    stormy: 2,
    restarting: 0.5,
    rollouts: 412,
    failures: 720,
    scalingEveryS: 60,
    configEveryS: 10,
  },
  // As fleet.bench.ts loads its clusters: nine of ten changes are restarts, so that every workload is in a storm all the time.
  restarts: {
    podsASecond: 1_000,
    stormy: 110,
    restarting: 0.9,
    rollouts: 412,
    failures: 720,
    scalingEveryS: 60,
    configEveryS: 10,
  },
};

const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

/** A fleet with all its objects, read. */
function fleetOf(hour: BusyHour, clock: ManualClock): FleetStore {
  const store = new FleetStore({ kinds: liveKinds, epoch: 'bench', now: () => clock.now() });
  store.follow(undefined, 'all', (told) => store.facts.note(told));
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
    const name = clusterName(cluster);
    store.putCluster(faceOf(name, { labels: { environment: 'prod', region: `r${cluster % 3}` } }));
    for (const [kind, objects] of objectsOf(cluster)) {
      const own = kind === 'Deployment' ? hour.deployments(cluster) : objects;
      for (const batch of listBatches(cluster, kind, own)) store.apply({ ...batch, receivedAt: clock.now() });
    }
    for (const { id } of liveKinds) store.setKindState(name, 1, id, { state: 'ok', at: clock.now() });
  }
  return store;
}

/** The store, the cache over it, and what writes to it, from one opening to one closing. */
async function open(folder: string, clock: ManualClock) {
  const retention = { revisions: 10_000, logRows: 1_000_000, historyDays: 365 };
  const store = await openStore({ url: undefined, folder, retention });
  const log = createLog({ level: 'fatal', format: 'json' });
  const graph = await openGraph({ store, kinds: createKindTable(builtinKinds), clock: systemClock, log, checkMs: 0 });
  const ending = new AbortController();
  let pending = 0;
  const keeper = new FactKeeper({
    graph,
    store,
    clock,
    log,
    write: async (writes) => {
      pending += 1;
      const result = await store.commit(writes);
      await graph.waitFor(result.revision);
      pending -= 1;
      return result;
    },
  });
  const running = keeper.run(ending.signal);
  return {
    store,
    graph,
    keeper,
    /** Until nothing is being written. */
    settle: async () => {
      do await nextTurn();
      while (pending > 0);
    },
    close: async () => {
      ending.abort();
      await running;
      await graph.close();
      await store.close();
    },
  };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** What happens where, and by which clock. */
interface Stage {
  readonly fleet: FleetStore;
  readonly hour: BusyHour;
  readonly clock: ManualClock;
}

/**
 * Lets seconds pass as the fleet's thread lets them pass.
 *
 * @param isBusy whether anything changes
 * @returns entries that came or changed
 */
async function pass({ fleet, hour, clock }: Stage, opened: Opened, seconds: number, isBusy: boolean): Promise<number> {
  const { store, keeper } = opened;
  const reporter = new FactReporter({ rounds: fleet.facts, clock, tell: (told) => keeper.take(told) });
  const put = hour.services().map((name) => ({ ref: `component:default/${name}`, id: name, kind: 'Component' }));
  fleet.changeClaims({ isWhole: true, put, dropped: [] });
  reporter.start();
  let written = 0;
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    for (const batch of isBusy ? hour.second(second) : []) fleet.apply({ ...batch, receivedAt: clock.now() });
    if (second % 20 === 0)
      for (let cluster = 0; cluster < CLUSTERS; cluster += 1) fleet.confirm(clusterName(cluster), 1, clock.now());
    for (let look = 0; look < LOOKS_A_SECOND; look += 1) fleet.incidents.look(() => false);
    fleet.tick();
    const told = [...fleet.chronicle.take(clock.now()), ...fleet.incidents.takeNews().map(incidentEntry)];
    for (let from = 0; from < told.length; from += APPENDED)
      written += await store.timeline.append(told.slice(from, from + APPENDED));
    reporter.tick();
    await opened.settle();
    if (second % 300 === 299) console.log(`  ${(second + 1) / 60} min, ${written} entries came or changed`);
  }
  reporter.close();
  return written;
}

async function entriesByKind(store: Opened['store']): Promise<ReadonlyMap<string, number>> {
  const counts = await store.timeline.counts({
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    pieceMs: Number.MAX_SAFE_INTEGER,
  });
  const byKind = new Map<string, number>();
  for (const { kind, entries } of counts) byKind.set(kind, (byKind.get(kind) ?? 0) + entries);
  return byKind;
}

async function measure(name: string, load: HourLoad): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-growth-bench-'));
  const clock = new ManualClock(Date.now());
  const hour = new BusyHour(CLUSTERS, load);
  const stage = { fleet: fleetOf(hour, clock), hour, clock };
  try {
    const first = await open(folder, clock);
    await first.store.commit(hour.services().map((name) => putEntity(name)));
    await first.graph.waitFor(await first.store.revision());
    await pass(stage, first, FIRST_S, false);
    await first.close();
    const before = folderBytes(folder);
    const second = await open(folder, clock);
    const revision = await second.store.revision();
    const written = await pass(stage, second, SECONDS, true);
    const commits = (await second.store.revision()) - revision;
    const byKind = await entriesByKind(second.store);
    await second.close();
    console.log(`${name}: ${[...byKind].map(([kind, entries]) => `${entries} ${kind}`).join(', ')}`);
    return [
      given(`${name}: the files grow by`, 'MB', [(folderBytes(folder) - before) / 1e6]),
      given(`${name}: entries of the timeline that came or changed`, '', [written]),
      ...Array.from(byKind, ([kind, entries]) => given(`${name}: entries, ${kind}`, '', [entries])),
      given(`${name}: commits of facts`, '', [commits]),
      given(`${name}: entries that were left out`, '', [stage.fleet.chronicle.leftOut]),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const figures: Figure[] = [];
for (const name of flags.loads.split(',')) {
  const load = loads[name];
  if (load === undefined) throw new Error(`There is no load ${name}`);
  figures.push(...(await measure(name, load)));
  keep(flags.name, figures);
}
