import { CallboardError } from '../base/errors.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { EVERYTHING, type Predicate } from '../model/predicate.ts';
import type { Step } from './cache.ts';
import { storeError } from '../store/errors.ts';
import { graphError } from './errors.ts';
import type { History } from './history.ts';
import { Pacer } from './pacer.ts';
import { predicateHash, readsPrincipal } from './predicate-text.ts';
import type { Queries } from './queries.ts';
import { missedSince } from './resume.ts';
import { part } from './touch-log.ts';
import type { Visibility, WatchRequest } from './view.ts';
import { WatchGroup } from './watch-group.ts';
import { Watcher } from './watcher.ts';
import { isSamePrincipal } from './visible-sets.ts';

/** Volatile facts reach watchers this often at most, ms. */
const COALESCE_MS = 200;
/** How often a watcher without changes is told the revision, ms. */
const BOOKMARK_MS = 5_000;
/** Changes that may wait for a slow reader where it does not say. */
const DEFAULT_MAX_PENDING = 10_000;

/**
 * Tells watchers what the steps of the cache changed. Steps are worked out group by group, in turns of some milliseconds;
 * a group that waits its turn takes several steps at once. Only when all groups have had a step may the numbers of
 * nodes that it freed mean others.
 */
export class WatchHub {
  readonly #queries: Queries;
  readonly #history: History;
  readonly #clock: Clock;
  readonly #groups = new Map<string, WatchGroup[]>();
  /** Steps that not all groups have taken in, the first of them being number `#first`. */
  #steps: Step[] = [];
  #first = 0;
  readonly #taken = new Map<WatchGroup, number>();
  #isDraining = false;
  #coalescing: Timer | undefined;
  #bookmarks: Timer | undefined;
  #watchers = 0;

  constructor(queries: Queries, history: History, clock: Clock) {
    this.#queries = queries;
    this.#history = history;
    this.#clock = clock;
  }

  /** Number of watchers. */
  get watchers(): number {
    return this.#watchers;
  }

  /** Takes in a step of the cache. @param canWait true: watchers may be told a little later, with more of its kind */
  note(step: Step, canWait: boolean): void {
    this.#history.add(step);
    this.#steps.push(step);
    if (this.#taken.size === 0) this.#settle();
    else if (!canWait) void this.#drain();
    else this.#coalescing ??= this.#clock.after(COALESCE_MS, () => void this.#drain());
  }

  /** Opens a watch. The watcher is registered at once. @throws QUERY_TOO_EXPENSIVE */
  open(visibility: Visibility, request: WatchRequest): Watcher {
    const group = this.#groupOf(visibility, request.where ?? EVERYTHING);
    this.#advance(group);
    const maxPending = request.maxPending ?? DEFAULT_MAX_PENDING;
    const parts = request.facts === false ? part.entity | part.relations : ~0;
    const watcher = new Watcher(group.revision, { maxPending, parts }, (closed) => this.#leave(group, closed));
    group.watchers.add(watcher);
    this.#watchers += 1;
    if (request.after !== undefined) this.#resume(group, watcher, request.after);
    this.#bookmarks ??= this.#clock.after(BOOKMARK_MS, () => this.#sendBookmarks());
    return watcher;
  }

  /** The cache was made anew: ends every watch, since what happened between is not known. */
  expire(): void {
    for (const group of [...this.#groups.values()].flat()) group.fail(this.#expired(group.revision));
    this.#settle();
  }

  /** Ends every watch and every timer. */
  close(): void {
    for (const group of [...this.#groups.values()].flat()) for (const watcher of group.watchers) watcher.close();
    this.#coalescing?.cancel();
    this.#bookmarks?.cancel();
  }

  #resume(group: WatchGroup, watcher: Watcher, after: number): void {
    const changes = missedSince(this.#queries, this.#history, group, after);
    if (changes === undefined) watcher.fail(this.#expired(after));
    // Sources are not in the history: that they may have changed is told whenever there was time for it.
    else if (after < group.revision || changes.length > 0) {
      watcher.note({ revision: group.revision, changes, sources: after < group.revision });
    }
  }

  #expired(after: number): CallboardError {
    const newest = this.#queries.cache.revision;
    return storeError('REVISION_EXPIRED', { oldest: this.#history.floor + 1, newest, after });
  }

  async #drain(): Promise<void> {
    this.#coalescing?.cancel();
    this.#coalescing = undefined;
    if (this.#isDraining) return;
    this.#isDraining = true;
    const pacer = new Pacer(this.#clock);
    for (let group = this.#lagging(); group !== undefined; group = this.#lagging()) {
      this.#advance(group);
      if (pacer.isDue()) await pacer.pause();
    }
    this.#isDraining = false;
    this.#settle();
  }

  #lagging(): WatchGroup | undefined {
    const end = this.#first + this.#steps.length;
    for (const [group, taken] of this.#taken) if (taken < end) return group;
    return undefined;
  }

  #advance(group: WatchGroup): void {
    const taken = this.#taken.get(group) ?? this.#first;
    this.#taken.set(group, this.#first + this.#steps.length);
    try {
      group.advance(this.#steps.slice(taken - this.#first));
    } catch (error) {
      // One question that cannot be answered ends its own watchers and nobody else's.
      group.fail(error instanceof CallboardError ? error : graphError('WATCH_FAILED', {}, error));
    }
  }

  #groupOf(visibility: Visibility, where: Predicate): WatchGroup {
    const key = groupKey(visibility, where);
    const groups = this.#groups.get(key) ?? [];
    const isPersonal = readsPrincipal(where) || (visibility.kind === 'filter' && readsPrincipal(visibility.predicate));
    const known = groups.find(
      (group) => !isPersonal || isSamePrincipal(group.visibility.principal, visibility.principal),
    );
    if (known) return known;
    const group = new WatchGroup(this.#queries, visibility, where);
    // It starts from the present, so that all steps until now are behind it.
    this.#taken.set(group, this.#first + this.#steps.length);
    this.#groups.set(key, [...groups, group]);
    return group;
  }

  #leave(group: WatchGroup, watcher: Watcher): void {
    if (group.watchers.delete(watcher)) this.#watchers -= 1;
    if (group.watchers.size > 0) return;
    this.#taken.delete(group);
    const key = groupKey(group.visibility, group.where);
    const others = this.#groups.get(key)?.filter((other) => other !== group) ?? [];
    if (others.length > 0) this.#groups.set(key, others);
    else this.#groups.delete(key);
  }

  #sendBookmarks(): void {
    for (const group of [...this.#groups.values()].flat()) for (const watcher of group.watchers) watcher.bookmark();
    this.#bookmarks = this.#watchers > 0 ? this.#clock.after(BOOKMARK_MS, () => this.#sendBookmarks()) : undefined;
  }

  /** All groups are up to date: forgets the steps, and lets numbers of nodes be used again. */
  #settle(): void {
    this.#first += this.#steps.length;
    this.#steps = [];
    this.#queries.cache.nodes.recycle();
  }
}

/** With the kind, whatever a policy chooses as a key. */
function groupKey(visibility: Visibility, where: Predicate): string {
  const seen = visibility.kind === 'filter' ? predicateHash(visibility.predicate) : '';
  return `${visibility.kind} ${visibility.key} ${seen} ${predicateHash(where)}`;
}
