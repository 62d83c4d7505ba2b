import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { ClusterRule, FleetConfig } from '../config/fleet-config.ts';
import type { GraphReader } from '../graph/view.ts';
import { backstageClusters, inClusterTelling, type PodSurroundings } from './backstage-clusters.ts';
import { CatalogClusters } from './catalog-clusters.ts';
import type { ClusterEntry, ClusterProblem, ClusterSetChange } from './cluster-entry.ts';
import type { EntryFace } from './cluster-entry-face.ts';
import { nameMatcher } from './cluster-entry-names.ts';
import type { ClusterFeed, ClusterTelling } from './cluster-feed.ts';
import { KubeconfigSource } from './kubeconfig-source.ts';

/** What a cluster set is made of. */
export interface ClusterSetOptions extends PodSurroundings {
  readonly config: FleetConfig;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Which clusters there are: the contexts of kubeconfig files, the cluster that Callboard runs in, those of Backstage's
 * `kubernetes` and those of the catalog, in this order. Of two clusters of one name the first counts, and that is a problem.
 */
export class ClusterSet {
  readonly #options: ClusterSetOptions;
  readonly #rules: readonly ((entry: ClusterEntry) => ClusterEntry)[];
  readonly #log: Logger;
  readonly #listeners = new Set<(change: ClusterSetChange) => void>();
  #feeds: readonly ClusterFeed[] = [];
  #entries: ReadonlyMap<string, ClusterEntry> = new Map();
  #problems: readonly ClusterProblem[] = [];

  private constructor(options: ClusterSetOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#rules = options.config.clusters.map(ruleOf);
  }

  /**
   * Opens all sources but the catalog, which may come later; those that are files are read. Nothing that is wrong in one keeps the
   * others, or the server, back.
   */
  static async open(options: ClusterSetOptions): Promise<ClusterSet> {
    const { config, clock, log } = options;
    const set = new ClusterSet(options);
    const onTold = (): void => set.#settle();
    const files = config.kubeconfigs.map((setting) => new KubeconfigSource({ setting, clock, log, onTold }));
    const feeds: ClusterFeed[] = [...files];
    if (config.inCluster !== undefined) feeds.push(still(await inClusterTelling(config.inCluster, options)));
    if (config.backstage !== undefined) feeds.push(still(await backstageClusters(config.backstage, options)));
    await Promise.all(files.map((file) => file.read()));
    set.#feeds = feeds;
    set.#settle();
    return set;
  }

  /** Takes up what entities of the catalog name or describe, where the configuration wants that. */
  followCatalog(graph: GraphReader): void {
    const { config, clock, log } = this.#options;
    if (config.catalog === undefined) return;
    const onTold = (): void => this.#settle();
    this.#feeds = [...this.#feeds, new CatalogClusters({ graph, config: config.catalog, clock, log, onTold })];
    this.#settle();
  }

  entries(): readonly ClusterEntry[] {
    return [...this.#entries.values()];
  }

  /** What keeps clusters from being read, with what to do about it. */
  problems(): readonly ClusterProblem[] {
    return this.#problems;
  }

  /** Calls `listener` with what changed, until stopped. */
  onChange(listener: (change: ClusterSetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(this.#feeds.map((feed) => feed.close()));
  }

  #settle(): void {
    const before = this.#entries;
    const problems: ClusterProblem[] = [];
    const entries = this.#joined(problems);
    this.#entries = entries;
    this.#say(problems);
    const change = changeBetween(before, entries);
    const count = change.added.length + change.changed.length + change.removed.length;
    if (count === 0) return;
    const { added, changed, removed } = change;
    const names = { added: namesOf(added), changed: namesOf(changed), removed };
    this.#log.info(names, 'clusters came, changed or went');
    for (const listener of this.#listeners) listener(change);
  }

  #joined(problems: ClusterProblem[]): ReadonlyMap<string, ClusterEntry> {
    const entries = new Map<string, ClusterEntry>();
    for (const { telling } of this.#feeds) {
      problems.push(...telling.problems);
      for (const entry of telling.entries) {
        const held = entries.get(entry.name);
        if (held === undefined) entries.set(entry.name, entry);
        else if (!isDescribed(held, entry, telling)) problems.push(nameTaken(entry, held));
      }
    }
    for (const { telling } of this.#feeds) {
      for (const [name, face] of telling.faces ?? []) {
        const entry = entries.get(name);
        if (entry !== undefined) entries.set(name, described(entry, face));
      }
    }
    for (const [name, entry] of entries)
      entries.set(
        name,
        this.#rules.reduce((ruled, rule) => rule(ruled), entry),
      );
    return entries;
  }

  /** Each problem is logged once, when it comes. */
  #say(problems: readonly ClusterProblem[]): void {
    const known = new Set(this.#problems.map((problem) => JSON.stringify(problem)));
    for (const problem of problems) {
      if (known.has(JSON.stringify(problem))) continue;
      const { origin, message: reason } = problem;
      this.#log.warn({ origin, reason }, 'clusters cannot be read as they are written');
    }
    this.#problems = problems;
  }
}

/** What the configuration says goes over what is said elsewhere. */
function ruleOf({ match, ...said }: ClusterRule): (entry: ClusterEntry) => ClusterEntry {
  const isMeant = nameMatcher([match]);
  return (entry) => {
    if (!isMeant(entry.name)) return entry;
    return {
      ...entry,
      title: said.title ?? entry.title,
      dashboardUrl: said.dashboardUrl ?? entry.dashboardUrl,
      labels: { ...entry.labels, ...said.labels },
      isProtected: said.isProtected ?? entry.isProtected,
      ...(said.isActing !== undefined && { isActing: said.isActing }),
    };
  };
}

/** A source that never says anything else. */
function still(telling: ClusterTelling): ClusterFeed {
  return { telling, close: () => Promise.resolve() };
}

/** An entity of the catalog that names the server of a cluster which is connected otherwise describes it. */
function isDescribed(held: ClusterEntry, entry: ClusterEntry, { faces }: ClusterTelling): boolean {
  return faces?.has(entry.name) === true && held.connection.server === entry.connection.server;
}

function nameTaken({ name, origin }: ClusterEntry, held: ClusterEntry): ClusterProblem {
  return {
    origin,
    message: `the name ${name} belongs to another cluster already (${held.origin}): rename one of them`,
  };
}

/** What the catalog says fills in what is not said where the cluster is connected. */
function described(entry: ClusterEntry, face: EntryFace): ClusterEntry {
  return {
    ...entry,
    title: entry.title ?? face.title,
    dashboardUrl: entry.dashboardUrl ?? face.dashboardUrl,
    labels: { ...face.labels, ...entry.labels },
    isProtected: entry.isProtected || face.isProtected === true,
  };
}

function changeBetween(
  before: ReadonlyMap<string, ClusterEntry>,
  after: ReadonlyMap<string, ClusterEntry>,
): ClusterSetChange {
  const kept = [...after.values()].filter(({ name }) => before.has(name));
  return {
    added: [...after.values()].filter(({ name }) => !before.has(name)),
    changed: kept.filter((entry) => JSON.stringify(entry) !== JSON.stringify(before.get(entry.name))),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  };
}

function namesOf(entries: readonly ClusterEntry[]): readonly string[] {
  return entries.map(({ name }) => name);
}
