import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Fault } from '../../demo/fleet/faults.ts';
import { FaultStage } from '../support/fleet-fault-stage.ts';

let stage: FaultStage;

beforeAll(async () => {
  stage = await FaultStage.open(2);
});

afterAll(async () => {
  expect(await stage.close()).toEqual([]);
});

/** One cluster lies for a while; the other is told apart from it all the time. */
async function lie(fault: Fault, forMs = 3_000): Promise<void> {
  await stage.server('cluster-1').setFault(fault);
  await systemClock.sleep(forMs);
}

test('a past that is always gone is listed anew with pauses between, and the cluster is not ok meanwhile', async () => {
  const server = stage.server('cluster-1');
  server.counts.forget();
  await lie({ type: 'expired' }, 8_000);
  const { lists } = server.counts.counted;
  // Eight seconds of nothing but lists would be hundreds.
  expect(lists['deployments'] ?? 0).toBeLessThan(12);
  await stage.heal();
});

test('bookmarks that lie behind do no harm', async () => {
  await lie({ type: 'bookmarks', everyMs: 50, behind: 200 });
  await stage.strikes.strike(stage.server('cluster-1'), { type: 'cutWatches' });
  await systemClock.sleep(1_000);
  await stage.heal();
});

test('bookmarks out of order do no harm', async () => {
  await lie({ type: 'bookmarks', everyMs: 20, behind: 400, isShuffled: true });
  await stage.strikes.strike(stage.server('cluster-1'), { type: 'cutWatches' });
  await systemClock.sleep(1_000);
  await stage.heal();
});

test('lines that are cut in the middle are read again', async () => {
  await lie({ type: 'truncated', everyLines: 7 });
  await stage.heal();
});

test('lists that are cut in the middle are never shown', async () => {
  const server = stage.server('cluster-1');
  await server.setFault({ type: 'truncated', everyLines: 1_000_000 });
  await stage.strikes.strike(server, { type: 'forgetHistory' });
  await stage.strikes.strike(server, { type: 'cutWatches' });
  await systemClock.sleep(4_000);
  await stage.heal();
});

test('lines that come twice do no harm', async () => {
  await lie({ type: 'repeated' });
  await stage.heal();
});

test('objects with wrong types are left out, and said; the others are shown', async () => {
  const server = stage.server('cluster-1');
  await server.setFault({
    type: 'wrongTypes',
    everyObjects: 3,
    resources: ['configmaps', 'replicasets', 'services', 'events'],
  });
  await stage.strikes.strike(server, { type: 'forgetHistory' });
  await stage.strikes.strike(server, { type: 'cutWatches' });
  await stage.until((all) => (all.get('cluster-1')?.warnings.length ?? 0) > 0, 60_000);
  await server.setFault(undefined);
  await stage.strikes.strike(server, { type: 'forgetHistory' });
  await stage.strikes.strike(server, { type: 'cutWatches' });
  await stage.heal();
});

test('objects that are larger than any can be are refused, and what reads them lives', async () => {
  const server = stage.server('cluster-1');
  await server.setFault({ type: 'huge', bytes: 48 * 1024 * 1024, resources: ['replicasets'] });
  await stage.strikes.strike(server, { type: 'forgetHistory' });
  await stage.strikes.strike(server, { type: 'cutWatches' });
  await stage.until((all) => {
    const sets = all.get('cluster-1')?.behind.find(({ kind }) => kind === 'ReplicaSet');
    return sets?.state === 'unreachable' && all.get('cluster-2')?.state === 'ok';
  }, 60_000);
  // The servers of the test are in this process too, and hold the list twice.
  expect(process.memoryUsage().rss).toBeLessThan(2_000 * 1024 * 1024);
  await stage.heal(90_000);
});

test('namespaces that come all at once are all shown', async () => {
  await stage.strikes.strike(stage.server('cluster-1'), { type: 'namespaces', count: 1_000 });
  // They are most of its objects.
  await stage.until((all) => (all.get('cluster-1')?.objects ?? 0) >= 1_003);
  await stage.heal();
});
