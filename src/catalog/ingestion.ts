import type { DomainContext } from '../manifest/manifest.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { DanglingRelations } from './dangling-relations.ts';
import { Ingester } from './ingester.ts';
import { kindSet } from './kind-set.ts';
import type { CatalogSource } from './source.ts';
import { CATALOG_COLLECTOR, runSource } from './source-runner.ts';
import { wholeView } from './whole-view.ts';

/**
 * Runs all sources and what depends on all of them, until the signal aborts: locations of sources that are no longer
 * configured go once every source has had its first look (so that a file which another source has too stays), and
 * relations are checked from then on.
 */
export async function ingest(
  sources: readonly CatalogSource[],
  kinds: readonly KindDefinition[],
  context: DomainContext,
  signal: AbortSignal,
): Promise<void> {
  const ingester = new Ingester(context, sources);
  const set = kindSet(kinds);
  const looks = sources.map((source) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { source, promise, onFirstLook: resolve };
  });
  const running = looks.map(({ source, onFirstLook }) =>
    runSource(source, { ingester, context, kinds: set, onFirstLook }, signal),
  );
  const dangling = new DanglingRelations(context, kinds, ingester);
  await Promise.race([Promise.all(looks.map((look) => look.promise)), aborted(signal)]);
  if (!signal.aborted) await removeUnconfigured(sources, ingester, context);
  await Promise.all([...running, dangling.run(signal), aborted(signal)]);
}

async function removeUnconfigured(
  sources: readonly CatalogSource[],
  ingester: Ingester,
  context: DomainContext,
): Promise<void> {
  const configured = new Set(sources.map((source) => source.id));
  const locations = [...ingester.locations()].filter((state) => !configured.has(state.source));
  const BATCH = 100;
  for (let from = 0; from < locations.length; from += BATCH) {
    await ingester.remove(locations.slice(from, from + BATCH).map((state) => state.ref));
  }
  const leases = wholeView(context.graph)
    .leases()
    .filter((lease) => lease.collector === CATALOG_COLLECTOR && !configured.has(lease.source));
  const former = new Set(leases.map((lease) => lease.source));
  await ingester.write(() => [
    ...leases.map(({ collector, source }) => ({ op: 'deleteLease', collector, source }) as const),
    ...[...ingester.problems.all()]
      .filter((problem) => former.has(problem.source))
      .map(({ id }) => ({ op: 'deleteProblem', id }) as const),
  ]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
