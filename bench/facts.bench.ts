// What facts of 5,000 entities take at 150 clusters, 20,000 workloads and 270,000 pods: of the fleet's thread while 1,000 pods a second
// change, and of the store. Times are CPU time of the process.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { storedPaths } from '../src/fleet/facts/fact-schemas.ts';
import { FleetStore } from '../src/fleet/fleet-store.ts';
import type { ToldEntity } from '../src/live/facts.ts';
import { liveKinds } from '../src/live/kind-table.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Write } from '../src/store/store.ts';
import { faceOf } from '../test/support/fleet-batches.ts';
import { clusterName, listBatches, objectsOf, packed } from './fleet-rows.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: { clusters: { type: 'string', default: '150' }, name: { type: 'string', default: 'facts' } },
});
const CLUSTERS = Number(flags.clusters);
const ROUND_SECONDS = 20;
const EVENTS = 1_000 * ROUND_SECONDS;
const figures: Figure[] = [];
let aheadMs = 0;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A round as the thread makes it, in steps of 2 ms. */
function round(): { readonly told: readonly ToldEntity[]; readonly cpu: number; readonly longest: number } {
  aheadMs += ROUND_SECONDS * 1000;
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) store.confirm(clusterName(cluster), 1, Date.now() + aheadMs);
  const told: ToldEntity[] = [];
  let longest = 0;
  const from = cpuMs();
  for (let goesOn = timed(() => store.facts.begin()); goesOn; goesOn = timed(() => store.facts.begin())) {
    const end = performance.now() + 2;
    told.push(...timed(() => store.facts.step(() => performance.now() >= end)));
  }
  return { told, cpu: cpuMs() - from, longest };

  function timed<Result>(work: () => Result): Result {
    const began = cpuMs();
    const result = work();
    longest = Math.max(longest, cpuMs() - began);
    return result;
  }
}

const store = new FleetStore({ kinds: liveKinds, epoch: 'bench', now: () => Date.now() + aheadMs });
store.follow(undefined, 'all', (told) => store.facts.note(told));
const services = new Set<string>();
const pods: (readonly [number, NonNullable<ReturnType<Map<string, readonly object[]>['get']>>])[] = [];
for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
  store.putCluster(faceOf(clusterName(cluster), { labels: { environment: 'prod', region: `r${cluster % 3}` } }));
  for (const [kind, objects] of objectsOf(cluster)) {
    for (const batch of listBatches(cluster, kind, objects)) store.apply(batch);
    if (kind === 'Deployment') for (const { name } of objects) services.add(String(name));
    if (kind === 'Pod') pods.push([cluster, objects.slice(0, 140)]);
  }
  for (const { id } of liveKinds) store.setKindState(clusterName(cluster), 1, id, { state: 'ok', at: Date.now() });
}
const put = Array.from(services, (name) => ({ ref: `component:default/${name}`, id: name, kind: 'Component' }));
store.changeClaims({ isWhole: true, put, dropped: [] });
store.facts.restart();

const first = round();
figures.push(given('first round', 'CPU-ms', [first.cpu]), given('entities', '', [first.told.length]));
const rounds = Array.from({ length: 8 }, (_, turn) => {
  for (const [cluster, own] of pods) {
    const objects = own.slice(0, Math.ceil(EVENTS / CLUSTERS)) as Parameters<typeof packed>[3];
    store.apply(
      packed(
        cluster,
        'Pod',
        'changes',
        objects.map((pod) => ({ ...pod, restarts: 100 + turn })),
        false,
      ),
    );
  }
  return round();
});
figures.push(
  given(
    'round with 1,000 changes a second',
    'CPU-ms',
    rounds.map(({ cpu }) => cpu),
  ),
  given(
    'its share of a core',
    '%',
    rounds.map(({ cpu }) => cpu / ROUND_SECONDS / 10),
  ),
  given(
    'its longest step',
    'CPU-ms',
    rounds.map(({ longest }) => longest),
  ),
  given(
    'its entities',
    '',
    rounds.map(({ told }) => told.length),
  ),
  given(
    'its facts',
    '',
    rounds.map(({ told }) => told.reduce((sum, { facts }) => sum + facts.length, 0)),
  ),
  given(
    'its stored facts',
    '',
    rounds.map(({ told }) =>
      told.reduce((sum, { facts }) => sum + facts.filter(({ path }) => storedPaths.has(path)).length, 0),
    ),
  ),
);

const folder = mkdtempSync(join(tmpdir(), 'callboard-facts-bench-'));
const kept = await openStore({
  url: undefined,
  folder,
  retention: { revisions: 100_000, logRows: 10_000_000, historyDays: 365 },
});
const size = (): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
async function write(writes: readonly Write[]): Promise<void> {
  for (let from = 0; from < writes.length; from += 500) await kept.commit(writes.slice(from, from + 500));
}
await write(
  put.map(({ ref }) => ({
    op: 'putEntity',
    entity: {
      ref,
      body: JSON.stringify({ kind: 'Component', metadata: { name: ref } }),
      hash: ref,
      location: 'x',
      source: 'x',
      line: 1,
    },
  })),
);
const facts = (told: readonly ToldEntity[], mark: number): Write[] =>
  told.flatMap(({ ref, facts: own }) =>
    own.flatMap(({ path, value }) =>
      value === undefined || !storedPaths.has(path)
        ? []
        : [
            {
              op: 'putFact' as const,
              fact: {
                entityRef: ref,
                collector: 'kubernetes',
                path,
                source: 'clusters',
                observedAt: mark,
                value: mark === 0 ? value : ([value, mark] as never),
              },
            },
          ],
    ),
  );
const before = size();
const all = facts(first.told, 0);
await write(all);
const filled = size();
// An hour of a fleet with 3,000 deploys a day: images and versions of 125 entities, and a lease every two and a half minutes.
const deploys = first.told.slice(0, 125).map((entity) => ({
  ...entity,
  facts: entity.facts.filter(({ path }) => path === 'images' || path === 'versions'),
}));
for (const [at, entity] of deploys.entries()) await write(facts([entity], at + 1));
for (let at = 0; at < 24; at += 1)
  await write([
    { op: 'putLease', lease: { collector: 'kubernetes', source: 'clusters', lastSuccessAt: at, expiresAt: at + 1 } },
  ]);
figures.push(
  given('rows when they are first written', '', [all.length]),
  given('bytes when they are first written', 'MB', [(filled - before) / 1e6]),
  given('bytes of an hour with 125 deploys', 'MB', [(size() - filled) / 1e6]),
);
await kept.close();
rmSync(folder, { recursive: true, force: true });
keep(flags.name, figures);
