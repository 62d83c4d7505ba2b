import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { systemClock } from '../../src/base/clock.ts';
import { FaultStage } from '../support/fleet-fault-stage.ts';

/** What is called ok is confirmed within a minute; a little is added for a machine with much to do. */
const CONFIRMED_MS = 80_000;

describe('one cluster of three fails', () => {
  let stage: FaultStage;
  let server: ApiServer;

  beforeAll(async () => {
    stage = await FaultStage.open(3);
    server = stage.server('cluster-1');
  });

  beforeEach(() => {
    server.counts.forget();
  });

  afterEach(async () => {
    await stage.heal();
    stage.witness.allow(5_000);
  });

  afterAll(async () => {
    expect(await stage.close()).toEqual([]);
  });

  /** Lists of what is watched; what is only listed now and then is listed anyway. */
  const relists = (): readonly string[] =>
    Object.keys(server.counts.counted.lists).filter((plural) =>
      ['pods', 'deployments', 'namespaces', 'configmaps'].includes(plural),
    );

  const isState = (state: string, name = 'cluster-1'): Promise<unknown> =>
    stage.until((all) => all.get(name)?.state === state, CONFIRMED_MS);

  test('refuses connections: unreachable as of when it was heard last, and no list when it is back', async () => {
    await server.setFault({ type: 'refuse' });
    await stage.until((all) => {
      const { state, reason, asOf } = all.get('cluster-1') ?? {};
      return state === 'unreachable' && reason?.code === 'ConnectionRefused' && asOf !== undefined;
    });
    await systemClock.sleep(2_000);
    await server.setFault(undefined);
    await isState('ok');
    expect(relists()).toEqual([]);
  });

  test('vanishes from the network: it is not called ok for longer than a minute', async () => {
    stage.witness.allow(CONFIRMED_MS);
    await server.setFault({ type: 'freeze' });
    await stage.until((all) => all.get('cluster-1')?.state !== 'ok', CONFIRMED_MS);
    await isState('unreachable');
    await server.setFault(undefined);
    await isState('ok');
    expect(relists()).toEqual([]);
  });

  test('takes requests and never answers them', async () => {
    await server.setFault({ type: 'hang' });
    server.cutWatches();
    await stage.until((all) => all.get('cluster-1')?.state !== 'ok');
    await systemClock.sleep(3_000);
  });

  test('has a slow line', async () => {
    // What is under way on a slow line cannot be known here: it counts as unconfirmed when pings take too long.
    stage.witness.allow(CONFIRMED_MS);
    await server.setFault({ type: 'slow', bytesPerSecond: 4_000 });
    await systemClock.sleep(6_000);
  });

  test('has a line that breaks again and again', async () => {
    await server.setFault({ type: 'cut', afterBytes: 40_000 });
    server.cutConnections();
    await systemClock.sleep(6_000);
  });

  test('has no time: it is asked again when it said, not before', async () => {
    await server.setFault({ type: 'answer', reason: 'TooManyRequests', retryAfterSeconds: 3 });
    await stage.until((all) => all.get('cluster-1')?.state === 'stale');
    await systemClock.sleep(2_000);
    const { refused } = server.counts.counted;
    // Each kind asks once or twice, not in a loop.
    expect(refused['429'] ?? 0).toBeLessThan(60);
  });

  test('answers with errors', async () => {
    await server.setFault({ type: 'answer', reason: 'InternalError' });
    await stage.until((all) => all.get('cluster-1')?.state !== 'ok');
    await systemClock.sleep(2_000);
    expect(server.counts.counted.refused['500'] ?? 0).toBeLessThan(200);
  });

  test('keeps some kinds to itself: they are denied, the others are shown', async () => {
    await server.setFault({ type: 'answer', reason: 'Forbidden', resources: ['pods', 'services'] });
    await stage.until((all) => {
      const { state, behind = [], warnings = [] } = all.get('cluster-1') ?? {};
      const denied = behind.filter((kind) => kind.state === 'denied').map(({ kind }) => kind);
      return state === 'ok' && denied.sort().join() === 'Pod,Service' && warnings.length > 0;
    });
  });

  test('restarts: no list, and nothing is missed', async () => {
    await stage.strikes.strike(server, { type: 'restart', downMs: 1_000 });
    await isState('ok');
    expect(relists()).toEqual([]);
  });

  test('asks for another connection: nothing is noticed', async () => {
    for (let at = 0; at < 5; at += 1) {
      await stage.strikes.strike(server, { type: 'goAway' });
      await systemClock.sleep(300);
    }
    await isState('ok');
    expect(relists()).toEqual([]);
  });

  test('loses its past while it is away: it is listed anew', async () => {
    await server.setFault({ type: 'refuse' });
    await isState('unreachable');
    await stage.strikes.strike(server, { type: 'forgetHistory' });
    await systemClock.sleep(500);
    await server.setFault(undefined);
    await isState('ok');
  });
});

test('three of twelve that are dead, hang or are gone delay no other', async () => {
  const stage = await FaultStage.open(12, {
    'cluster-2': { type: 'refuse' },
    'cluster-5': { type: 'hang' },
    'cluster-9': { type: 'freeze' },
  });
  stage.witness.takeOldest();
  await systemClock.sleep(5_000);
  const oldest = stage.witness.takeOldest();
  expect([...oldest.keys()].sort()).toEqual(
    Array.from({ length: 12 }, (_, at) => `cluster-${at + 1}`)
      .filter((name) => !['cluster-2', 'cluster-5', 'cluster-9'].includes(name))
      .sort(),
  );
  await stage.heal(CONFIRMED_MS);
  expect(await stage.close()).toEqual([]);
});
