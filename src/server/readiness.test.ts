import { describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { Lease } from '../model/fact.ts';
import type { Store, StoreHealth } from '../store/store.ts';
import type { ReadinessCheck } from '../api/health.ts';
import { readinessChecks } from './readiness.ts';

interface Situation {
  readonly health?: StoreHealth;
  readonly ready?: boolean;
  /** When the log was last read, ms; the clock says 1,000,000. */
  readonly lastReadAt?: number;
  readonly sources?: readonly string[];
  /** Age of the server, ms. */
  readonly ageMs?: number;
}

/** The checks by name, in a situation. Two locations are configured. */
function check(situation: Situation): Record<string, ReadinessCheck> {
  let monotonic = 0;
  const clock: Clock = { ...systemClock, now: () => 1_000_000, monotonic: () => monotonic };
  const leases = (situation.sources ?? ['a', 'b']).map((source): Lease => ({
    collector: 'catalog',
    source,
    lastSuccessAt: 1,
    expiresAt: 2,
  }));
  const graph = {
    revision: 7,
    ready: situation.ready ?? true,
    stats: () => ({ lastReadAt: situation.lastReadAt ?? 999_900 }),
    view: () => ({ leases: () => [...leases, { collector: 'seats', source: 'x', lastSuccessAt: 1, expiresAt: 2 }] }),
  };
  const config = {
    catalog: { locations: ['/a', '/b', '/b'].map((target) => ({ type: 'file', target, origin: 'test' })) },
  };
  const store = { engine: 'sqlite', health: situation.health ?? { status: 'ok', reason: '' } };
  const checks = readinessChecks({
    config: config as unknown as Config,
    store: store as unknown as Store,
    graph: graph as unknown as Graph,
    clock,
  });
  monotonic = situation.ageMs ?? 1000;
  return Object.fromEntries(checks.map((look) => look()).map((found) => [found.name, found]));
}

const ok = (checks: Record<string, ReadinessCheck>): Record<string, boolean> =>
  Object.fromEntries(Object.entries(checks).map(([name, found]) => [name, found.ok]));

describe('readiness', () => {
  test('is given when all is well', () => {
    expect(ok(check({}))).toEqual({ store: true, cache: true, sources: true });
  });

  test('is not while the store is away, and says why', () => {
    const { store } = check({ health: { status: 'unavailable', reason: 'the database is away' } });
    expect(store).toEqual({ name: 'store', ok: false, detail: 'the database is away' });
  });

  test('is not while the cache is not loaded, or has not heard of the log for long', () => {
    expect(ok(check({ ready: false }))).toMatchObject({ cache: false });
    const { cache } = check({ lastReadAt: 985_000 });
    expect(cache).toEqual({ name: 'cache', ok: false, detail: 'it has not read the change log for 15 seconds' });
  });

  test('is not until each location has been looked at once; facts of others do not count', () => {
    const { sources } = check({ sources: ['a'] });
    expect(sources).toEqual({ name: 'sources', ok: false, detail: '1 of 2 have been looked at' });
  });

  test('does not wait for ever for a location that hangs', () => {
    expect(ok(check({ sources: ['a'], ageMs: 61_000 }))).toMatchObject({ sources: true });
  });
});
