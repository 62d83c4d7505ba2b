import type { Lease } from '../model/fact.ts';
import type { CatalogLocation } from '../config/config.ts';
import { catalogOf, locationsOf } from '../config/load-config.ts';
import { createCatalog } from '../catalog/manifest.ts';
import { parseOrder, selectionPredicate } from '../catalog/routes/selection.ts';
import { CATALOG_COLLECTOR } from '../catalog/source-runner.ts';
import { openGraph } from '../graph/graph.ts';
import type { Graph } from '../graph/graph.ts';
import type { View } from '../graph/view.ts';
import type { Collector, DomainContext, Manifest } from '../manifest/manifest.ts';
import { EVERYTHING, type Predicate } from '../model/predicate.ts';
import type { RenderedEntity } from '../model/entity.ts';
import { composeManifests } from '../server/compose.ts';
import { domainContexts } from '../server/domain-context.ts';
import { openTemporaryStore } from '../store/open-store.ts';
import { createLog } from '../telemetry/log.ts';
import { commandFailure } from './errors.ts';
import type { QueryAnswer, Question } from './query-answer.ts';
import type { EndSignal, Surroundings } from './surroundings.ts';

/** Whoever may read the files may see all of them. */
function wholeView(graph: Graph): View {
  const principal = graph.principalContext('user:default/guest');
  return graph.view({ kind: 'all', key: 'all', principal });
}

/** Runs a collector until it has a lease of each of its sources that holds or says what is wrong: then it has looked at all. */
async function collect(
  collector: Collector,
  sources: number,
  context: DomainContext,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, signal]);
  const graph = context.graph as Graph;
  const isLooked = ({ collector: by, error, expiresAt }: Lease): boolean =>
    by === collector.id && (error !== undefined || expiresAt > context.clock.now());
  const isDone = (): boolean => wholeView(graph).leases().filter(isLooked).length >= sources;
  const looked = async (): Promise<void> => {
    const after = graph.revision;
    if (isDone()) return;
    for await (const batch of wholeView(graph).watch({ after, signal: ended })) if (batch.sources && isDone()) return;
  };
  const running = collector.run(context, ended);
  try {
    await Promise.race([looked(), running]);
  } finally {
    stop.abort();
    await running;
  }
}

async function readFiles(
  graph: Graph,
  catalog: Manifest,
  locations: readonly CatalogLocation[],
  context: DomainContext,
  signal: AbortSignal,
): Promise<void> {
  const targets = new Set(locations.map(({ target }) => target)).size;
  // One after the other: what the second says of every entity is whole when it is done.
  for (const collector of catalog.collectors ?? []) {
    await collect(collector, collector.id === CATALOG_COLLECTOR ? targets : 1, context, signal);
  }
  await graph.waitFor(await context.store.revision());
}

function ask(view: View, predicate: Predicate, { order, limit, explain }: Question): QueryAnswer {
  const request = {
    where: predicate,
    limit: explain ? 0 : limit,
    ...(order === undefined ? {} : { order: parseOrder(order) }),
  };
  const { revision, ids, total, unknown } = view.list(request);
  const decoder = new TextDecoder();
  const items = ids.map((id) => JSON.parse(decoder.decode(view.bytes(id))) as RenderedEntity);
  return { revision, total, unknown, items, plan: explain ? view.explain(predicate) : undefined };
}

/**
 * Reads files, folders and globs into a store that is thrown away and asks that, by the same engine as a server.
 *
 * @throws CONFIG_INVALID for a path that is not there, EXPRESSION_INVALID, SEARCH_INVALID, INTERRUPTED
 */
export async function askFiles(
  paths: readonly string[],
  question: Question,
  surroundings: Surroundings,
): Promise<QueryAnswer> {
  const { clock, cwd } = surroundings;
  const predicate = selectionPredicate(question) ?? EVERYTHING;
  const locations = locationsOf(paths, cwd);
  const abort = new AbortController();
  const unlisten = surroundings.onEndSignal((signal: EndSignal) =>
    abort.abort(commandFailure('INTERRUPTED', { signal })),
  );
  const log = createLog({ level: 'error', format: 'text' });
  const { manifest } = createCatalog({ settings: catalogOf(locations), allow: [], clock, log });
  const { kinds } = composeManifests([{ manifest }]);
  const store = await openTemporaryStore({ clock, log });
  try {
    const graph = await openGraph({ store, kinds, clock, log });
    try {
      const context = domainContexts({ graph, store, clock, log })(CATALOG_COLLECTOR);
      await readFiles(graph, manifest, locations, context, abort.signal);
      abort.signal.throwIfAborted();
      const view = wholeView(graph);
      const errors = view.problems().filter(({ severity }) => severity === 'error').length;
      if (errors > 0) surroundings.err(`${errors} problems in these files; callboard validate shows them`);
      return ask(view, predicate, question);
    } finally {
      await graph.close();
    }
  } finally {
    unlisten();
    await store.close();
  }
}
