import { expect, test } from 'vitest';
import { batchOf, type CellsByColumn, faceOf } from '../../../test/support/fleet-batches.ts';
import { liveKinds } from '../../live/kind-table.ts';
import { FleetStore } from '../fleet-store.ts';

const CLUSTERS = 14;
const DEPLOYMENTS = 125;
const SECOND = 1_000;
/** What the keys of the table and of its indexes take beside the texts of a row, bytes. */
const KEY_BYTES = 300;

// 3,000 deployments a day are 125 an hour, here each in 14 clusters, with the steps that controllers take; every hundredth goes into
// a storm of restarts that lasts; a ConfigMap of each cluster is written every ten seconds; autoscalers scale each minute.
test('an hour of a busy fleet takes less than 50 MB', () => {
  let now = 1_764_000_000_000;
  const store = new FleetStore({ kinds: liveKinds, epoch: 'test', now: () => now });
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index}`);
  const apply = (cluster: string, kind: string, rows: readonly CellsByColumn[], step: 'listed' | 'changes'): void =>
    store.apply(batchOf({ cluster, kind, step, isFirst: true, resourceVersion: '1', receivedAt: now }, rows));
  for (const cluster of clusters) {
    store.putCluster(faceOf(cluster));
    for (const { id } of liveKinds) apply(cluster, id, [], 'listed');
    for (const { id } of liveKinds) store.setKindState(cluster, 1, id, { state: 'ok', at: now });
    apply(
      cluster,
      'Deployment',
      Array.from({ length: DEPLOYMENTS }, (_, index) => deployment(index)),
      'listed',
    );
    apply(
      cluster,
      'ReplicaSet',
      Array.from({ length: DEPLOYMENTS }, (_, index) => replicaSet(index)),
      'listed',
    );
    apply(
      cluster,
      'Pod',
      Array.from({ length: DEPLOYMENTS * 10 }, (_, index) => pod(index, 0)),
      'listed',
    );
  }
  let [rows, bytes] = [0, 0];
  const ids = new Set<string>();
  for (let second = 0; second < 3_600; second += 1) {
    now += SECOND;
    for (const cluster of clusters) {
      if (second % 28 === 0) apply(cluster, 'Deployment', [deployment(second / 28, { step: 'begun' })], 'changes');
      if (second % 28 === 20)
        apply(cluster, 'Deployment', [deployment((second - 20) / 28, { step: 'done' })], 'changes');
      if (second % 10 === 0) apply(cluster, 'ConfigMap', [config(second)], 'changes');
      if (second % 60 === 0)
        apply(cluster, 'Deployment', [deployment(3, { desired: 10 + ((second / 60) % 7) })], 'changes');
      if (second % 5 === 0)
        apply(cluster, 'Pod', [pod(second % 40, second), pod((second + 1) % 40, second)], 'changes');
    }
    for (const write of store.chronicle.take(now)) {
      if (write.op === 'end') continue;
      const { entry } = write;
      if (write.op === 'add' && ids.has(entry.id)) continue;
      ids.add(entry.id);
      rows += 1;
      bytes += Buffer.byteLength(JSON.stringify(entry)) + KEY_BYTES;
    }
  }
  expect(rows).toBeGreaterThan(CLUSTERS * DEPLOYMENTS);
  expect(rows).toBeLessThan(8_000);
  expect(bytes).toBeLessThan(10_000_000);
});

function deployment(
  index: number,
  { step, desired = 10 }: { readonly step?: 'begun' | 'done'; readonly desired?: number } = {},
): CellsByColumn {
  const tag = step === undefined ? '1.0.0' : '1.0.1';
  const image = `registry.example.com/team/service-${index}:${tag}`;
  return {
    namespace: `team-${index % 20}`,
    name: `service-${index}`,
    uid: `uid-${index}`,
    created: 1_700_000_000,
    generation: step === undefined ? desired : 100,
    observedGeneration: step === 'begun' ? 0 : 100,
    desired,
    current: desired,
    updated: desired,
    images: image,
    health: 'Healthy',
    revision: tag,
    template: JSON.stringify({ spec: { containers: [{ name: 'main', image }] } }),
  };
}

function replicaSet(index: number): CellsByColumn {
  const owner = { ownerKind: 'Deployment', ownerName: `service-${index}` };
  return { namespace: `team-${index % 20}`, name: `service-${index}-1`, uid: `rs-${index}`, ...owner };
}

function pod(index: number, restarts: number): CellsByColumn {
  const of = Math.floor(index / 10);
  return {
    namespace: `team-${of % 20}`,
    name: `service-${of}-1-${index}`,
    uid: `pod-${index}`,
    restarts,
    ownerKind: 'ReplicaSet',
    ownerName: `service-${of}-1`,
    lastExit: 'main OOMKilled 137',
  };
}

function config(version: number): CellsByColumn {
  return { namespace: 'kube-system', name: 'autoscaler-status', uid: 'uid-status', version };
}
