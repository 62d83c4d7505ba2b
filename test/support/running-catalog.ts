import { pino } from 'pino';
import { systemClock } from '../../src/base/clock.ts';
import type { CatalogControl } from '../../src/catalog/control.ts';
import { createCatalog } from '../../src/catalog/manifest.ts';
import type { AllowedHost, CatalogConfig } from '../../src/config/config.ts';
import { catalogOf } from '../../src/config/load-config.ts';
import type { GitMirrors } from '../../src/git/git-mirrors.ts';
import { openGraph, type Graph } from '../../src/graph/graph.ts';
import type { View } from '../../src/graph/view.ts';
import type { DomainContext } from '../../src/manifest/manifest.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { KindDefinition } from '../../src/model/kinds.ts';
import { createKindTable } from '../../src/model/relations.ts';
import { openStore, openTemporaryStore } from '../../src/store/open-store.ts';
import type { Store, Write } from '../../src/store/store.ts';

/** A catalog at work on real files, a real store and a real graph, without a server. */
export interface RunningCatalog {
  readonly graph: Graph;
  readonly store: Store;
  readonly control: CatalogControl;
  /** Every write that was committed so far. */
  readonly writes: readonly Write[];
  view(): View;
  /** Refs of all entities but those that stand for the configured locations themselves. */
  refs(): readonly string[];
  entity(ref: string): Entity | undefined;
  /** `code location-name:line entityRef` of each problem, in order. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

/** What a test may choose. */
export interface CatalogSetup {
  readonly targets: readonly string[];
  /** Data folder to keep; absent: thrown away. */
  readonly dataFolder?: string | undefined;
  readonly foreignKinds?: readonly KindDefinition[] | undefined;
  /** Collectors to run; default both. */
  readonly collectors?: readonly string[] | undefined;
  /** What else the configuration says of the catalog. */
  readonly settings?: Partial<CatalogConfig> | undefined;
  /** Hosts that may be read. */
  readonly allow?: readonly AllowedHost[] | undefined;
  /** Where git repositories are kept; absent: none is read. */
  readonly mirrors?: GitMirrors | undefined;
}

/** Starts the catalog's collectors. */
export async function startCatalog(setup: CatalogSetup): Promise<RunningCatalog> {
  const locations = setup.targets.map((target) => ({ type: 'file' as const, target, origin: 'test' }));
  const log = pino({ level: 'silent' });
  const settings = { ...catalogOf(locations), ...setup.settings };
  const allow = setup.allow ?? [];
  const { manifest, control } = createCatalog({
    settings,
    allow,
    mirrors: setup.mirrors,
    foreignKinds: setup.foreignKinds,
    clock: systemClock,
    log,
  });
  const retention = { revisions: 100_000, logRows: 1_000_000, historyDays: 365 };
  const store =
    setup.dataFolder === undefined
      ? await openTemporaryStore()
      : await openStore({ url: undefined, folder: setup.dataFolder, retention });
  const kinds = createKindTable(manifest.kinds ?? [], setup.foreignKinds ?? []);
  const graph = await openGraph({ store, kinds, clock: systemClock, log });
  const writes: Write[] = [];
  const context: DomainContext = {
    graph,
    store,
    clock: systemClock,
    log,
    write: async (batch) => {
      writes.push(...batch);
      const result = await store.commit(batch);
      await graph.waitFor(result.revision);
      return result;
    },
  };
  const abort = new AbortController();
  const wanted = setup.collectors ?? ['catalog', 'completeness'];
  const running = (manifest.collectors ?? [])
    .filter((collector) => wanted.includes(collector.id))
    .map((collector) => collector.run(context, abort.signal));
  const view = (): View =>
    graph.view({ kind: 'all', key: 'all', principal: { ref: 'user:default/test', claims: new Set() } });
  return {
    graph,
    store,
    control,
    writes,
    view,
    refs: () => {
      const now = view();
      const refs = now.list({ limit: 100_000 }).ids.map((id) => now.refOf(id));
      return refs.filter((ref) => !ref.startsWith('location:default/generated-'));
    },
    entity: (ref) => {
      const id = view().find(ref);
      return id === undefined ? undefined : view().subject(id).entity;
    },
    problems: () =>
      view()
        .problems()
        .map(({ code, location, line, entityRef }) => `${code} ${location.replace(/^.*\//, '')}:${line} ${entityRef}`)
        .toSorted(),
    stop: async () => {
      const stopped = new Error('stopped');
      abort.abort(stopped);
      // A collector may end by the reason of its signal; any other failure is one of the test.
      for (const outcome of await Promise.allSettled(running)) {
        if (outcome.status === 'rejected' && outcome.reason !== stopped) throw outcome.reason;
      }
      await graph.close();
      await store.close();
    },
  };
}

/** Waits, at most ten seconds, until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !condition(); turn += 1) await systemClock.sleep(10);
  if (!condition()) throw new Error('waited in vain');
}
