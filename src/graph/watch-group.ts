import { Bitset } from '../base/bitset.ts';
import type { CallboardError } from '../base/errors.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Step } from './cache.ts';
import { answer } from './plan.ts';
import type { Queries } from './queries.ts';
import { part } from './touch-log.ts';
import type { Visibility } from './view.ts';
import type { MatchChange, Watcher } from './watcher.ts';

/**
 * All watchers of one question under one visibility. The group knows which entities are in the watched set; a step is
 * worked out once for all of them, over the touched entities as a set.
 */
export class WatchGroup {
  readonly visibility: Visibility;
  readonly where: Predicate;
  readonly watchers = new Set<Watcher>();
  readonly #queries: Queries;
  /** Visible, and visible with the condition true, as of the last step taken in. */
  #visible: Bitset;
  #matched: Bitset;
  #revision: number;

  /** @throws QUERY_TOO_EXPENSIVE */
  constructor(queries: Queries, visibility: Visibility, where: Predicate) {
    this.#queries = queries;
    this.visibility = visibility;
    this.where = where;
    this.#visible = queries.visible(visibility).clone();
    this.#matched = this.#match(this.#visible, this.#visible);
    this.#revision = queries.cache.revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** True when an entity is in the watched set. */
  has(id: number): boolean {
    return this.#matched.has(id);
  }

  /** True when an entity is visible. */
  sees(id: number): boolean {
    return this.#visible.has(id);
  }

  /** Takes in steps of the cache, all of those since the last call, and tells the watchers. */
  advance(steps: readonly Step[]): void {
    const last = steps.at(-1);
    if (last === undefined) return;
    const touched = new Map<number, number>();
    for (const step of steps) for (const [id, parts] of step.touched) addParts(touched, id, parts);
    const changes = touched.size === 0 ? [] : this.#apply(touched);
    const sources = this.visibility.kind !== 'none' && steps.some((step) => step.sources);
    this.#revision = last.revision;
    const delta = { revision: last.revision, changes, sources };
    for (const watcher of this.watchers) watcher.note(delta);
  }

  /** Ends all watchers. */
  fail(error: CallboardError): void {
    for (const watcher of this.watchers) watcher.fail(error);
  }

  #apply(touched: Map<number, number>): MatchChange[] {
    const visible = this.#queries.visible(this.visibility);
    if (this.visibility.kind === 'filter') this.#touchNeighbours(touched, visible);
    const candidates = Bitset.of(touched.keys()).and(visible);
    const matched = this.#match(candidates, visible);
    const changes: MatchChange[] = [];
    for (const [id, parts] of touched) {
      const before = this.#matched.has(id);
      const after = matched.has(id);
      if (before || after) changes.push({ ref: this.#queries.cache.nodes.refOf(id), before, after, parts });
      set(this.#matched, id, after);
      set(this.#visible, id, visible.has(id));
    }
    return changes;
  }

  /** An entity that appears to or vanishes from these readers changes what its neighbours show them. */
  #touchNeighbours(touched: Map<number, number>, visible: Bitset): void {
    // Neighbours that are entered meanwhile are looked at too, which is harmless: a flip is touched by itself.
    for (const id of touched.keys()) {
      if (visible.has(id) === this.#visible.has(id)) continue;
      this.#queries.cache.relations.forEachEdge(id, (_type, target) => addParts(touched, target, part.relations));
    }
  }

  #match(candidates: Bitset, visible: Bitset): Bitset {
    if (candidates.isEmpty) return new Bitset();
    const run = this.#queries.run(this.visibility.principal, this.visibility.kind === 'all' ? undefined : visible);
    return answer(run, this.where, candidates).true;
  }
}

function addParts(touched: Map<number, number>, id: number, parts: number): void {
  touched.set(id, (touched.get(id) ?? 0) | parts);
}

function set(bits: Bitset, id: number, isMember: boolean): void {
  if (isMember) bits.add(id);
  else bits.delete(id);
}
