import type { CatalogConfig } from '../config/config.ts';
import type { WatchChange } from '../graph/view.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import { allowedKinds } from './allowed-kinds.ts';
import type { RefreshReport, SourceLooks } from './control.ts';
import { followGraph } from '../manifest/graph-follower.ts';
import type { EntityChange, Ingester } from './ingester.ts';
import type { KindSet } from './kind-set.ts';
import { CONFIGURED, generatedRef, locationRef, locationsAt, REGISTERED } from './registration.ts';
import type { CatalogSource, SourceRoot, TargetLink } from './source.ts';
import { CATALOG_COLLECTOR, runSource } from './source-runner.ts';
import { cleanUp, configurationWrites } from './source-cleanup.ts';
import { wholeView } from '../graph/whole-view.ts';

/** Most sources that Locations of other sources lead to. */
const MAX_LINKED = 1_000;

/** Makes the source that reads a root. @throws SOURCE_UNREADABLE where nothing reads locations of its type */
export type SourceFactory = (root: SourceRoot) => CatalogSource;

/** What a set of sources works with. */
export interface SourceSetOptions {
  readonly context: DomainContext;
  readonly ingester: Ingester;
  readonly kinds: KindSet;
  readonly settings: CatalogConfig;
  readonly open: SourceFactory;
}

interface Running {
  readonly source: CatalogSource;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  hasLooked: boolean;
  looks: SourceLooks;
  /** Ends the wait after a failure. */
  retry: (() => void) | undefined;
}

interface Waiting {
  readonly pending: Set<string>;
  readonly done: () => void;
}

/**
 * Runs every source that there is to read: configured locations, registered ones, and those that Locations of other
 * sources lead to. They come and go with the catalog itself; what a source told goes with it.
 */
export class SourceSet {
  readonly #options: SourceSetOptions;
  readonly #running = new Map<string, Running>();
  /** By source, then by location. */
  readonly #links = new Map<string, Map<string, readonly TargetLink[]>>();
  /** By source, the locations of which the links are only remembered: they hold until it has told all of its own. */
  readonly #unconfirmed = new Map<string, Set<string>>();
  readonly #waiting = new Set<Waiting>();
  #signal: AbortSignal = AbortSignal.abort();
  #isSettled = false;
  #turn: Promise<void> = Promise.resolve();
  #onLook: (() => void) | undefined;

  constructor(options: SourceSetOptions) {
    this.#options = options;
  }

  /**
   * Runs until the signal aborts; `ended` waits for the sources.
   * @param onSettled called once every source has had its first look and what belongs to none is gone
   */
  async run(signal: AbortSignal, onSettled: () => void): Promise<void> {
    const { context, ingester, settings } = this.#options;
    this.#signal = signal;
    await ingester.write(() => configurationWrites(context.graph, settings.locations));
    this.#rememberLinks();
    await this.sync();
    await this.#allLooked(signal);
    if (signal.aborted) return;
    await this.#cleanUp();
    this.#isSettled = true;
    onSettled();
    const follower = {
      everything: () => this.sync(),
      changed: (changes: readonly WatchChange[]) =>
        changes.some(({ ref }) => ref.startsWith('location:')) ? this.sync() : Promise.resolve(),
    };
    await followGraph(context, follower, signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }

  /** Resolves when every source has ended, after the signal aborted. */
  async ended(): Promise<void> {
    await this.#turn;
    await Promise.all(this.#running.values().map(({ ended }) => ended));
  }

  /** Ids of the sources that would not be read any more without a root. */
  sourcesOnlyOf(root: string): ReadonlySet<string> {
    const rest = this.#wanted(root);
    return new Set([...this.#wanted().keys()].filter((id) => !rest.has(id)));
  }

  /** The source that reads a location, where one does. */
  sourceOf(location: string): string | undefined {
    const id = this.#running.has(location) ? location : this.#options.ingester.known(location)?.source;
    return id !== undefined && this.#running.has(id) ? id : undefined;
  }

  /** When a source was looked at and will be; nothing where it is not read here. */
  looksOf(id: string): SourceLooks | undefined {
    return this.#running.get(id)?.looks;
  }

  /** Looks at locations again and waits for it, at most `waitMs`. Locations that no source reads are left out. */
  async refresh(locations: readonly string[], waitMs: number): Promise<RefreshReport> {
    const { ingester, context } = this.#options;
    const bySource = new Map<string, string[]>();
    for (const location of locations) {
      const id = this.sourceOf(location);
      if (id !== undefined) bySource.set(id, [...(bySource.get(id) ?? []), location]);
    }
    const asked = [...bySource.values()].flat();
    if (asked.length === 0) return { locations: [], changes: [], failures: [], pending: false };
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting: Waiting = { pending: new Set(asked), done: resolve };
    const changes = new Map<string, EntityChange>();
    const unlisten = ingester.onLocation((location, made) => {
      const source = ingester.known(location)?.source;
      if (source !== undefined && !bySource.has(source)) return;
      for (const change of made) changes.set(change.ref, change);
    });
    this.#waiting.add(waiting);
    const over = new AbortController();
    try {
      for (const [id, own] of bySource) {
        const running = this.#running.get(id);
        running?.source.refresh(own);
        running?.retry?.();
      }
      const late = context.clock.sleep(waitMs, over.signal).catch(() => undefined);
      await Promise.race([promise, late]);
    } finally {
      over.abort();
      unlisten();
      this.#waiting.delete(waiting);
    }
    const failures = [...this.#failuresOf(bySource), ...asked.flatMap((location) => this.#unreadable(location))];
    return { locations: asked, changes: [...changes.values()], failures, pending: waiting.pending.size > 0 };
  }

  #failuresOf(sources: ReadonlyMap<string, unknown>): RefreshReport['failures'] {
    return wholeView(this.#options.context.graph)
      .leases()
      .filter(({ collector, source }) => collector === CATALOG_COLLECTOR && sources.has(source))
      .flatMap(({ source, error }) => (error === undefined ? [] : { source, error }));
  }

  /** What is wrong with a location as a whole, in no line of it, where its source as such can be read. */
  #unreadable(location: string): RefreshReport['failures'] {
    return [...this.#options.ingester.problems.at(location)]
      .filter(({ severity, line, code }) => severity === 'error' && line === undefined && code !== 'source-unreadable')
      .map(({ message }) => ({ source: location, error: message }));
  }

  /**
   * Starts what is to be read and stops what is not, one time after the other. The set does so by itself when the
   * catalog changes; who changed it calls this to wait for it.
   */
  sync(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#startAndStop())
      .catch((thrown: unknown) => {
        if (!this.#signal.aborted) this.#options.context.log.error({ err: thrown }, 'sources could not be changed');
      });
    return this.#turn;
  }

  async #startAndStop(): Promise<void> {
    if (this.#signal.aborted) return;
    const wanted = this.#wanted();
    const stopped: Running[] = [];
    for (const [id, running] of this.#running) {
      const root = wanted.get(id);
      if (root !== undefined && JSON.stringify(root) === JSON.stringify(running.source.root)) continue;
      running.stop.abort();
      this.#running.delete(id);
      if (root === undefined) {
        this.#links.delete(id);
        this.#unconfirmed.delete(id);
      }
      stopped.push(running);
    }
    await Promise.all(stopped.map(({ ended }) => ended));
    for (const [id, root] of wanted) if (!this.#running.has(id)) this.#start(root);
    this.#options.ingester.setSources(
      this.#running
        .values()
        .map(({ source }) => source)
        .toArray(),
    );
    if (this.#isSettled && stopped.length > 0) await this.#cleanUp();
    // One that never looked may have gone.
    this.#onLook?.();
  }

  /** Waits for the turns that there are, and for those that come meanwhile. */
  async #allTurns(): Promise<void> {
    for (let turn; turn !== this.#turn;) {
      turn = this.#turn;
      await turn;
    }
  }

  /** Every root to read, by id: configured, registered, and whatever these lead to. @param without leaves one out */
  #wanted(without?: string): ReadonlyMap<string, SourceRoot> {
    const { context, settings } = this.#options;
    const roots = new Map<string, SourceRoot>();
    const add = (spec: { readonly type: string; readonly target: string }, from: Partial<SourceRoot>): void => {
      const location = locationRef(spec);
      if (roots.has(location) || location === without) return;
      const named = { parentEntity: generatedRef(location), configuredAt: '', optional: false };
      roots.set(location, { location, origin: location, ...named, ...from });
    };
    for (const spec of settings.locations) add(spec, { configuredAt: `configured at ${spec.origin}` });
    for (const { entityRef, presence, ...spec } of locationsAt(wholeView(context.graph), REGISTERED)) {
      const optional = presence === 'optional';
      add(spec, { parentEntity: entityRef, configuredAt: `registered as ${entityRef}`, optional });
    }
    const direct = roots.size;
    // The map grows while it is walked: a source that is reached leads on.
    for (const [id, { origin }] of roots) {
      for (const [parent, links] of this.#links.get(id) ?? []) {
        for (const { location, entityRef, optional } of links) {
          if (roots.has(location) || location === without || roots.size - direct >= MAX_LINKED) continue;
          const configuredAt = `named by ${entityRef} in ${parent}`;
          roots.set(location, { location, origin, parent, parentEntity: entityRef, configuredAt, optional });
        }
      }
    }
    if (roots.size - direct >= MAX_LINKED) context.log.error({ most: MAX_LINKED }, 'too many linked locations');
    return roots;
  }

  #start(root: SourceRoot): void {
    const { context, ingester, kinds, settings, open } = this.#options;
    const source = open(root);
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const isConfigured = settings.locations.some((location) => locationRef(location) === root.origin);
    const own = settings.locations.find((location) => locationRef(location) === root.origin)?.allowed;
    const ended = runSource(
      source,
      {
        ingester,
        context,
        kinds,
        allowed: allowedKinds(root.origin, isConfigured, settings.rules, own),
        exact: settings.exact,
        onLook: (retryMs) => this.#noteLook(root.location, retryMs),
        onLinks: (location, links) => this.#noteLinks(root.location, location, links),
        linksOf: (location) => this.#links.get(root.location)?.get(location) ?? [],
        onRefreshed: (locations) => this.#noteRefreshed(locations),
        retry: (over) => this.#retryOf(root.location, over),
      },
      signal,
    );
    this.#running.set(root.location, {
      source,
      stop,
      ended,
      hasLooked: false,
      looks: {},
      retry: undefined,
    });
  }

  #noteLook(id: string, retryMs: number | undefined): void {
    const running = this.#running.get(id);
    if (running) {
      const { context, settings } = this.#options;
      const now = context.clock.now();
      const waitMs = retryMs ?? (id.startsWith('file:') ? 0 : settings.refreshSeconds * 1000);
      running.hasLooked = true;
      running.looks = {
        lastAt: retryMs === undefined ? now : running.looks.lastAt,
        nextAt: waitMs === 0 ? undefined : now + waitMs,
      };
    }
    if (retryMs === undefined) this.#dropUnconfirmed(id);
    // Nothing more is to be expected of a source that failed: whoever waits for it has its answer.
    else
      this.#noteRefreshed(
        [...this.#waiting].flatMap(({ pending }) => [...pending].filter((location) => this.sourceOf(location) === id)),
      );
    this.#onLook?.();
  }

  /** What the sources linked to when the catalog last heard of them: one that cannot be read now removes nothing. */
  #rememberLinks(): void {
    const { context, ingester } = this.#options;
    const view = wholeView(context.graph);
    const found = new Set<string>();
    for (const { source: location, parent, parentEntity } of ingester.locations()) {
      const id = parent === undefined ? undefined : ingester.known(parent)?.source;
      if (parent === undefined || parentEntity === undefined || id === undefined || id === location) continue;
      const key = `${parent} ${location}`;
      if (found.has(key)) continue;
      found.add(key);
      const entity = view.find(parentEntity);
      const optional = entity !== undefined && view.subject(entity).entity.spec?.['presence'] === 'optional';
      const own = this.#links.get(id) ?? new Map<string, readonly TargetLink[]>();
      own.set(parent, [...(own.get(parent) ?? []), { location, entityRef: parentEntity, optional }]);
      this.#links.set(id, own);
      this.#unconfirmed.set(id, (this.#unconfirmed.get(id) ?? new Set()).add(parent));
    }
  }

  /** A source has told everything: what it did not say again it does not link to any more. */
  #dropUnconfirmed(id: string): void {
    const locations = this.#unconfirmed.get(id) ?? [];
    this.#unconfirmed.delete(id);
    for (const location of locations) this.#noteLinks(id, location, []);
  }

  #noteLinks(id: string, location: string, links: readonly TargetLink[]): void {
    this.#unconfirmed.get(id)?.delete(location);
    const own = this.#links.get(id) ?? new Map<string, readonly TargetLink[]>();
    if (JSON.stringify(own.get(location) ?? []) === JSON.stringify(links)) return;
    if (links.length === 0) own.delete(location);
    else own.set(location, links);
    this.#links.set(id, own);
    void this.sync();
  }

  #noteRefreshed(locations: readonly string[]): void {
    for (const waiting of this.#waiting) {
      for (const location of locations) waiting.pending.delete(location);
      if (waiting.pending.size === 0) waiting.done();
    }
  }

  #retryOf(id: string, over: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = this.#running.get(id);
    if (running) running.retry = resolve;
    over.addEventListener('abort', () => {
      if (running) running.retry = undefined;
      resolve();
    });
    return promise;
  }

  /** Waits until every source has had its first look, also those that come while others look. */
  async #allLooked(signal: AbortSignal): Promise<void> {
    const isDone = (): boolean => signal.aborted || this.#running.values().every(({ hasLooked }) => hasLooked);
    const abort = (): void => this.#onLook?.();
    signal.addEventListener('abort', abort, { once: true });
    for (await this.#allTurns(); !isDone(); await this.#allTurns()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onLook = resolve;
      await promise;
    }
    this.#onLook = undefined;
    signal.removeEventListener('abort', abort);
  }

  #cleanUp(): Promise<void> {
    const { context, ingester, settings } = this.#options;
    const sources = new Set([...this.#running.keys(), CONFIGURED, REGISTERED]);
    return cleanUp(context.graph, ingester, { sources, keepsOrphans: settings.orphanStrategy === 'keep' });
  }
}
