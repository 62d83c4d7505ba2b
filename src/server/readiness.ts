import type { Clock } from '../base/clock.ts';
import { CATALOG_COLLECTOR } from '../catalog/source-runner.ts';
import type { Config } from '../config/config.ts';
import type { Graph } from '../graph/graph.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Store } from '../store/store.ts';
import type { Check } from './health.ts';

/** What readiness is judged by. */
export interface ReadinessOptions {
  readonly config: Config;
  readonly store: Store;
  readonly graph: Graph;
  readonly clock: Clock;
}

/**
 * How long the first look of all sources is waited for, in milliseconds. After that the server is of use without those
 * that hang: one sick source must not take the catalog away from everybody.
 */
const firstLookMs = 60_000;

/** The cache reads the log twice a second; after this silence what it shows may be old, in milliseconds. */
const staleMs = 10_000;

/** Nobody in particular: readiness counts leases, which are no entities. */
const nobody: PrincipalContext = { ref: 'user:default/readiness', claims: new Set() };

/** Store reachable, cache loaded and current, sources read once. */
export function readinessChecks({ config, store, graph, clock }: ReadinessOptions): readonly Check[] {
  const startedAt = clock.monotonic();
  const targets = new Set(config.catalog.locations.map(({ type, target }) => `${type}:${target}`)).size;
  return [
    () => {
      const { status, reason } = store.health;
      return { name: 'store', ok: status === 'ok', detail: status === 'ok' ? `${store.engine} answers` : reason };
    },
    () => {
      const silentMs = clock.now() - graph.stats().lastReadAt;
      const ok = graph.ready && silentMs < staleMs;
      const since = `it has not read the change log for ${Math.round(silentMs / 1000)} seconds`;
      return { name: 'cache', ok, detail: ok ? `it is at revision ${graph.revision}` : since };
    },
    () => {
      const leases = graph.view({ kind: 'all', key: 'all', principal: nobody }).leases();
      const looked = Math.min(targets, leases.filter(({ collector }) => collector === CATALOG_COLLECTOR).length);
      const ok = looked >= targets || clock.monotonic() - startedAt > firstLookMs;
      return { name: 'sources', ok, detail: `${looked} of ${targets} have been looked at` };
    },
  ];
}
