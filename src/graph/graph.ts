import type { Clock, Timer } from '../base/clock.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import { relationPairs, type RelationPair } from '../model/relation-pairs.ts';
import type { KindTable } from '../model/relations.ts';
import type { Store } from '../store/store.ts';
import { Cache, type Step } from './cache.ts';
import { ChangeFeed, type FeedState } from './change-feed.ts';
import { Claims } from './claims.ts';
import { ConsistencyCheck, type CheckResult } from './consistency.ts';
import { graphError } from './errors.ts';
import { FindIndex } from './find-index.ts';
import type { GraphLog } from './graph-log.ts';
import { GraphView } from './graph-view.ts';
import { DEFAULT_HISTORY_EVENTS, History } from './history.ts';
import type { ScanLimits } from './plan-run.ts';
import { ImageKeeper } from './image-keeper.ts';
import { programBuild } from './program-build.ts';
import { Queries } from './queries.ts';
import { Renderer } from './render.ts';
import { RevisionWaiters } from './revision-waiters.ts';
import { SortOrders } from './sort-orders.ts';
import { part } from './touch-log.ts';
import type { GraphReader, View, Visibility, VolatileFact, WatchBatch, WatchRequest } from './view.ts';
import { WatchHub } from './watch-hub.ts';
import { watchStream } from './watch-stream.ts';

/** How to open a graph. */
export interface GraphOptions {
  readonly store: Store;
  readonly kinds: KindTable;
  readonly clock: Clock;
  readonly log: GraphLog;
  /** How far back watches can be resumed, in changes. Default 50,000. */
  readonly history?: { readonly events: number } | undefined;
  /** How often the log is looked at without a hint, ms. Default 500, on SQLite 5,000. */
  readonly pollMs?: number | undefined;
  /** How often the cache is compared with the store, ms; 0: never by itself. Default 5 minutes. */
  readonly checkMs?: number | undefined;
  /** Folder for an image of the cache, which fills it at the next start; absent: none is kept. */
  readonly image?: { readonly folder: string; readonly leastEntities?: number | undefined } | undefined;
  /** What one query may evaluate one by one. Default 200,000 entities, 1 s. */
  readonly scan?: ScanLimits | undefined;
}

/** Numbers about the graph, for metrics and readiness. */
export interface GraphStats extends FeedState {
  readonly revision: number;
  readonly entities: number;
  readonly facts: number;
  readonly problems: number;
  readonly watchers: number;
  /** Distinct indexed values. */
  readonly terms: number;
  readonly historyEvents: number;
  readonly checks: number;
  readonly checksFailed: number;
}

/** The watch cache of one server, with its lifetime. */
export interface Graph extends GraphReader {
  /** True once the cache is filled; it stays true while the store is away: see `stats().lastReadAt`. */
  readonly ready: boolean;
  stats(): GraphStats;
  /** Compares the cache with the store now; a difference is logged and the cache is made anew. */
  check(): Promise<CheckResult>;
  close(): Promise<void>;
}

/** Opens the watch cache over a store and fills it. Rejects where the store cannot be read. */
export async function openGraph(options: GraphOptions): Promise<Graph> {
  const graph = new WatchCache(options);
  try {
    await graph.start();
  } catch (error) {
    await graph.close();
    throw error;
  }
  return graph;
}

class WatchCache implements Graph {
  readonly #clock: Clock;
  readonly #cache = new Cache();
  readonly #queries: Queries;
  readonly #orders: SortOrders;
  readonly #renderer: Renderer;
  readonly #finder: FindIndex;
  readonly #pairs: readonly RelationPair[];
  readonly #claims: Claims;
  readonly #history: History;
  readonly #hub: WatchHub;
  readonly #feed: ChangeFeed;
  readonly #check: ConsistencyCheck;
  readonly #waiters: RevisionWaiters;
  readonly #images: ImageKeeper | undefined;
  #expiry: { readonly at: number; readonly timer: Timer } | undefined;
  #isReady = false;
  #isClosed = false;

  constructor(options: GraphOptions) {
    const { store, kinds, clock, log } = options;
    this.#clock = clock;
    this.#queries = new Queries(this.#cache, clock, options.scan ?? { maxEntities: 200_000, maxMs: 1_000 });
    this.#orders = new SortOrders(this.#cache);
    this.#renderer = new Renderer(this.#cache);
    this.#finder = new FindIndex(this.#cache, clock);
    this.#pairs = relationPairs(kinds);
    this.#claims = new Claims(this.#cache);
    this.#history = new History(options.history?.events ?? DEFAULT_HISTORY_EVENTS, 0);
    this.#hub = new WatchHub(this.#queries, this.#history, clock);
    this.#waiters = new RevisionWaiters(this.#cache, clock);
    // A folder of SQLite belongs to this process alone, and its own commits are told at once.
    const pollMs = options.pollMs ?? (store.engine === 'sqlite' ? 5_000 : 500);
    const images = options.image && { ...options.image, build: programBuild(kinds), store, clock, log };
    this.#images = images && new ImageKeeper(this.#cache, images);
    this.#feed = new ChangeFeed(this.#cache, {
      store,
      kinds,
      clock,
      log,
      pollMs,
      images: this.#images,
      onStep: (step) => this.#afterStep(step),
      onReload: () => this.#afterReload(),
    });
    this.#check = new ConsistencyCheck(this.#cache, {
      store,
      clock,
      log,
      everyMs: options.checkMs ?? 300_000,
      waitFor: (revision) => this.waitFor(revision),
      onDifference: () => this.#feed.reload(),
    });
  }

  get revision(): number {
    return this.#cache.revision;
  }

  get ready(): boolean {
    return this.#isReady && !this.#isClosed;
  }

  async start(): Promise<void> {
    await this.#feed.start();
    this.#isReady = true;
    this.#check.start();
  }

  async waitFor(revision: number, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<void> {
    await this.#waiters.waitFor(revision, options);
  }

  view(visibility: Visibility): View {
    if (this.#isClosed) throw graphError('GRAPH_CLOSED');
    return new GraphView(visibility, {
      queries: this.#queries,
      orders: this.#orders,
      renderer: this.#renderer,
      finder: this.#finder,
      pairs: this.#pairs,
      refresh: () => this.#refresh(),
      watch: (seen, request) => this.#watch(seen, request),
    });
  }

  principalContext(principalRef: string, groups?: readonly string[]): PrincipalContext {
    return this.#claims.of(principalRef, groups);
  }

  setVolatileFacts(
    collector: string,
    source: string,
    lease: { readonly expiresAt: number },
    facts: readonly VolatileFact[],
  ): void {
    const now = this.#clock.now();
    this.#afterStep(this.#cache.setVolatileFacts({ collector, source }, lease.expiresAt, facts, now), true);
  }

  stats(): GraphStats {
    return {
      ...this.#feed.state,
      revision: this.#cache.revision,
      entities: this.#cache.nodes.existing.size,
      facts: this.#cache.facts.size,
      problems: this.#cache.problems.size,
      watchers: this.#hub.watchers,
      terms: this.#cache.dictionary.size,
      historyEvents: this.#history.size,
      checks: this.#check.checks,
      checksFailed: this.#check.failed,
    };
  }

  check(): Promise<CheckResult> {
    return this.#check.run();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#expiry?.timer.cancel();
    this.#check.close();
    this.#waiters.close();
    this.#hub.close();
    await this.#feed.close();
    await this.#images?.close();
  }

  #watch(visibility: Visibility, request: WatchRequest): AsyncIterable<WatchBatch> {
    return watchStream(request, {
      revision: () => this.revision,
      waitFor: (revision, signal) => this.waitFor(revision, { signal }),
      open: () => this.#hub.open(visibility, request),
    });
  }

  /** Leases end by the clock alone: whoever answers first after that moment applies it. */
  #refresh(): void {
    if (this.#isClosed) throw graphError('GRAPH_CLOSED');
    if (this.#clock.now() < this.#cache.freshness.nextExpiry) return;
    const step = this.#cache.advance(this.#clock.now());
    if (step) this.#afterStep(step);
  }

  #afterStep(step: Step, canWait = false): void {
    this.#images?.note(step);
    for (const [id, parts] of step.touched) if (parts & ~part.facts) this.#renderer.forget(id);
    if (step.touched.size > 0 || step.sources || step.undo !== undefined) this.#hub.note(step, canWait);
    if (step.undo !== undefined) {
      this.#check.noteRevision();
      this.#waiters.release();
    }
    this.#scheduleExpiry();
  }

  /** The cache was filled, or made anew: nobody can continue from what they know. */
  #afterReload(): void {
    this.#renderer.clear();
    this.#history.reset(this.#cache.revision);
    this.#hub.expire();
    this.#check.noteRevision();
    this.#waiters.release();
    this.#scheduleExpiry();
  }

  /** Watchers of expiring facts must be told without anybody asking. */
  #scheduleExpiry(): void {
    const at = this.#cache.freshness.nextExpiry;
    if (this.#isClosed || this.#expiry?.at === at) return;
    this.#expiry?.timer.cancel();
    this.#expiry = undefined;
    if (at === Infinity) return;
    const delayMs = Math.min(Math.max(at - this.#clock.now(), 1), LONGEST_TIMER_MS);
    const timer = this.#clock.after(delayMs, () => {
      this.#expiry = undefined;
      this.#refresh();
      this.#scheduleExpiry();
    });
    this.#expiry = { at, timer };
  }
}

/** Longer timers overflow; a shorter one just looks again. */
const LONGEST_TIMER_MS = 3_600_000;
