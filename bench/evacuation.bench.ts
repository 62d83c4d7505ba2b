// What the questions about the loss of clusters, and the list of clusters, take of the fleet's thread at 150 clusters, 20,000
// workloads and 270,000 pods. Times are CPU time of the whole process.
import { parseArgs } from 'node:util';
import { FleetStore } from '../src/fleet/fleet-store.ts';
import { liveKinds } from '../src/live/kind-table.ts';
import { faceOf } from '../test/support/fleet-batches.ts';
import { clusterName, listBatches, objectsOf, packed } from './fleet-rows.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: { clusters: { type: 'string', default: '150' }, name: { type: 'string', default: 'evacuation' } },
});
const CLUSTERS = Number(flags.clusters);
const ROUNDS = 25;
const regions = ['eu', 'us', 'asia'];
const figures: Figure[] = [];

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param before what happens before each round, and is not counted */
function measure(name: string, run: () => Uint8Array, before: () => void = () => {}): void {
  let bytes = 0;
  for (let round = 0; round < 5; round += 1) bytes = run().byteLength;
  const times = Array.from({ length: ROUNDS }, () => {
    before();
    const from = cpuMs();
    run();
    return cpuMs() - from;
  });
  figures.push(given(name, 'CPU-ms', times), given(`${name}, answer`, 'KB', [bytes / 1000]));
}

const store = new FleetStore({ kinds: liveKinds, epoch: 'bench', now: () => Date.now() });
const services = new Set<string>();
for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
  const [environment = ''] = clusterName(cluster).split('-');
  store.putCluster(faceOf(clusterName(cluster), { labels: { environment, region: regions[(cluster % 7) % 3] ?? '' } }));
  for (const [kind, objects] of objectsOf(cluster)) {
    for (const batch of listBatches(cluster, kind, objects)) store.apply(batch);
    if (kind === 'Deployment') for (const { name } of objects) services.add(String(name));
  }
  for (const { id } of liveKinds) store.setKindState(clusterName(cluster), 1, id, { state: 'ok', at: Date.now() });
}
const put = Array.from(services, (name, at) => ({
  ref: `component:default/${name}`,
  id: name,
  kind: 'Component',
  type: 'service',
  lifecycle: 'production',
  owner: `group:default/team-${at % 400}`,
}));
store.changeClaims({ isWhole: true, put, dropped: [] });

const pods = new Map(objectsOf(0)).get('Pod')?.slice(0, 50) ?? [];
let turn = 0;
/** Some pods of one cluster change, as they do several times a second. */
function changePods(): void {
  turn += 1;
  store.apply(
    packed(
      0,
      'Pod',
      'changes',
      pods.map((pod) => ({ ...pod, restarts: 100 + turn })),
      false,
    ),
  );
}

measure('one cluster vanishes', () =>
  store.evacuation({ view: 'losses', clusters: [clusterName(3)], hidden: [] }, 'all'),
);
measure('a region vanishes', () =>
  store.evacuation({ view: 'losses', clusterSelector: 'region=eu', hidden: [] }, 'all'),
);
measure('one of its places alone', () => store.evacuation({ view: 'single', hidden: [] }, 'all'));
measure('clusters', () => store.clusters('all'));
measure('clusters, while pods change', () => store.clusters('all'), changePods);
keep(flags.name, figures);
