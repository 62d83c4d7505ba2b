import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { CatalogClustersConfig } from '../config/fleet-config.ts';
import type { GraphReader, View } from '../graph/view.ts';
import type { Entity } from '../model/entity.ts';
import type { Predicate } from '../model/predicate.ts';
import { entityRefOf } from '../model/ref.ts';
import { entityCluster } from './catalog-clusters-entity.ts';
import type { ClusterEntry, ClusterProblem } from './cluster-entry.ts';
import type { EntryFace } from './cluster-entry-face.ts';
import { nothingTold, type ClusterFeed, type ClusterTelling } from './cluster-feed.ts';

/** Entities taken from a list at a time. */
const PAGE = 500;
/** More clusters than that are a mistake. */
const MAX_CLUSTERS = 5_000;
/** Changes of one moment, such as a whole checkout, are taken up together, ms. */
const DEBOUNCE_MS = 100;
const RESTART_MS = 1_000;

/** The ends of a watch that mean: read the list again. */
const LEFT_BEHIND: ReadonlySet<string> = new Set(['WATCH_EXPIRED', 'WATCH_OVERFLOW', 'REVISION_EXPIRED']);

/** As in Backstage: kind Resource, type kubernetes-cluster, whatever the case. */
const isCluster: Predicate = {
  op: 'and',
  args: [
    { op: 'field', key: 'kind', values: ['resource'] },
    { op: 'field', key: 'spec.type', values: ['kubernetes-cluster'] },
  ],
};

/** What the clusters of the catalog are followed with. */
export interface CatalogClustersOptions {
  readonly graph: GraphReader;
  readonly config: CatalogClustersConfig;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called each time that the entities were read. */
  readonly onTold: () => void;
}

/** The clusters that entities of the catalog name or describe, followed. */
export class CatalogClusters implements ClusterFeed {
  readonly #options: CatalogClustersOptions;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #telling: ClusterTelling = nothingTold;

  constructor(options: CatalogClustersOptions) {
    this.#options = options;
    this.#telling = this.#read();
    this.#running = this.#run();
  }

  get telling(): ClusterTelling {
    return this.#telling;
  }

  async close(): Promise<void> {
    this.#end.abort(new Error('The cluster set closes'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#end.signal.aborted) {
      try {
        await this.#follow(this.#end.signal);
      } catch (error) {
        if (this.#end.signal.aborted) return;
        const isBehind = error instanceof CallboardError && LEFT_BEHIND.has(error.code);
        if (!isBehind)
          log.error({ reason: errorMessage(error) }, 'clusters of the catalog cannot be followed; again soon');
        await clock.sleep(RESTART_MS, this.#end.signal).catch(() => undefined);
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { graph, clock, onTold } = this.#options;
    const after = graph.revision;
    this.#telling = this.#read();
    onTold();
    for await (const batch of wholeView(graph).watch({ where: isCluster, after, facts: false, signal })) {
      if (batch.changes.length === 0) continue;
      this.#telling = this.#read();
      onTold();
      await clock.sleep(DEBOUNCE_MS, signal);
    }
  }

  #read(): ClusterTelling {
    const { graph, config } = this.#options;
    const entries: ClusterEntry[] = [];
    const problems: ClusterProblem[] = [];
    const faces = new Map<string, EntryFace>();
    const found = clustersOf(wholeView(graph));
    for (const entity of found.slice(0, MAX_CLUSTERS)) {
      const { name, face, entry, message } = entityCluster(entity, config);
      if (!faces.has(name)) faces.set(name, face);
      if (entry !== undefined) entries.push(entry);
      if (message !== undefined) problems.push({ origin: entityRefOf(entity), message });
    }
    if (found.length > MAX_CLUSTERS) {
      problems.push({ origin: 'the catalog', message: `has more than ${MAX_CLUSTERS} clusters; the rest is left out` });
    }
    return { entries, problems, faces };
  }
}

/** All entities, whoever may see them: which clusters there are is not the reader's matter. Never for answering a request. */
function wholeView(graph: GraphReader): View {
  const principal = { ref: 'service:default/fleet', claims: new Set<string>() };
  return graph.view({ kind: 'all', key: 'all', principal });
}

/** By ref, so that of two clusters of one name the same one is taken each time. */
function clustersOf(view: View): readonly Entity[] {
  const found: Entity[] = [];
  let cursor: string | undefined;
  do {
    const page = view.list({ where: isCluster, limit: PAGE, cursor });
    found.push(...page.ids.map((id) => view.document(id)));
    cursor = page.next;
  } while (cursor !== undefined && found.length <= MAX_CLUSTERS);
  return found;
}
