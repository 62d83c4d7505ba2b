// What the column store of the fleet takes: memory of a fleet of 150 clusters, taking rows in, questions, searches and
// snapshots. Times are CPU time of the whole process, so that what else the machine does says little.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FleetStore } from '../src/fleet/fleet-store.ts';
import { readSnapshotFile, snapshotFileName, writeSnapshotFile } from '../src/fleet/snapshot-file.ts';
import { liveKinds } from '../src/live/kind-table.ts';
import type { ObjectQuery } from '../src/live/live-reader.ts';
import { faceOf } from '../test/support/fleet-batches.ts';
import { clusterName, listBatches, objectsOf, packed } from './fleet-rows.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: { clusters: { type: 'string', default: '150' }, name: { type: 'string', default: 'fleet-store' } },
});
const CLUSTERS = Number(flags.clusters);
const ROUNDS = 15;
const MIB = 2 ** 20;
/** Rows of one batch of changes, as readers gather them. */
const CHANGES = 50;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const figures: Figure[] = [];

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function memory(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function measure(name: string, unit: string, values: readonly number[]): void {
  figures.push(given(name, unit, values));
}

/** CPU ms of each of many runs, after some that are not counted. */
function times(run: () => unknown): readonly number[] {
  for (let round = 0; round < 3; round += 1) run();
  return Array.from({ length: ROUNDS }, () => {
    const from = cpuMs();
    run();
    return cpuMs() - from;
  });
}

function newStore(): FleetStore {
  const made = new FleetStore({ kinds: liveKinds, epoch: 'bench', now: () => Date.now() });
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) made.putCluster(faceOf(clusterName(cluster)));
  return made;
}

function fill(store: FleetStore): void {
  let [rows, took] = [0, 0];
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
    for (const [kind, objects] of objectsOf(cluster)) {
      const batches = [...listBatches(cluster, kind, objects)];
      const from = cpuMs();
      for (const batch of batches) store.apply(batch);
      took += cpuMs() - from;
      rows += objects.length;
    }
  }
  measure('objects', 'rows', [rows]);
  measure('lists taken in', 'rows/CPU-s', [(rows / took) * 1000]);
}

/** Pods that change one after the other, all over the fleet, with somebody who follows. */
function change(store: FleetStore): void {
  const stop = store.follow(undefined, 'all', () => {});
  const shares: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const batches = Array.from({ length: Math.min(CLUSTERS, 100) }, (_, cluster) => {
      const pods = new Map(objectsOf(cluster)).get('Pod') ?? [];
      const changed = pods
        .slice(0, CHANGES)
        .map((pod) => ({ ...pod, restarts: 100 + round, reason: `Reason${round}` }));
      return packed(cluster, 'Pod', 'changes', changed, false);
    });
    const from = cpuMs();
    for (const batch of batches) store.apply(batch);
    shares.push(((cpuMs() - from) / (batches.length * CHANGES)) * 5_000 * 0.1);
  }
  stop();
  measure('5,000 changes a second', '% of a core', shares);
}

function ask(store: FleetStore): void {
  const objects = (name: string, query: Partial<ObjectQuery>): void =>
    measure(
      `objects: ${name}`,
      'CPU-ms',
      times(() => store.objects({ limit: 100, ...query }, 'all')),
    );
  measure(
    'clusters',
    'CPU-ms',
    times(() => store.clusters('all')),
  );
  objects('all', {});
  objects('pods of a cluster', { kinds: ['Pod'], clusters: [clusterName(0)] });
  objects('pods by reason', { kinds: ['Pod'], fieldSelector: 'reason=CrashLoopBackOff' });
  objects('pods by label', { kinds: ['Pod'], labelSelector: 'team in (team-7, team-8),!canary' });
  objects('pods by restarts', { kinds: ['Pod'], sort: '-restarts' });
  objects('1,000 deployments', { kinds: ['Deployment'], limit: 1_000 });
  measure(
    'events',
    'CPU-ms',
    times(() => store.events({ limit: 100 }, 'all')),
  );
  for (const text of ['a', 'orders', 'node-3-7', 'crashloop', 'orders team-77', 'nowhere']) {
    measure(
      `search: ${text}`,
      'CPU-ms',
      times(() => store.search({ text, limit: 50 }, 'all')),
    );
  }
}

/** Writes all clusters, reads them, and puts them into another store. */
async function save(store: FleetStore): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-store-bench-'));
  try {
    const path = (cluster: number): string => join(folder, snapshotFileName(clusterName(cluster)));
    let from = cpuMs();
    for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
      const snapshot = store.snapshot(clusterName(cluster));
      if (snapshot !== undefined) await writeSnapshotFile(path(cluster), snapshot);
    }
    measure('snapshots of all clusters written', 'CPU-ms', [cpuMs() - from]);
    const later = newStore();
    from = cpuMs();
    for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
      const read = await readSnapshotFile(path(cluster));
      if (typeof read !== 'object') throw new Error(`Snapshot: ${String(read)}`);
      later.restore(clusterName(cluster), read);
    }
    measure('snapshots of all clusters read and shown', 'CPU-ms', [cpuMs() - from]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const before = memory();
const store = newStore();
fill(store);
measure('memory of all records and words', 'MiB', [(memory() - before) / MIB]);
change(store);
ask(store);
await save(store);
keep(flags.name, figures);
