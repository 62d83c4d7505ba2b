import { Bitset } from '../base/bitset.ts';
import { anyWithin, NO_IDS } from '../base/postings.ts';
import type { Entity } from '../model/entity.ts';
import type { Fact, Lease } from '../model/fact.ts';
import type { LocationState } from '../model/location.ts';
import { EVERYTHING, type Predicate, type Subject } from '../model/predicate.ts';
import type { Problem } from '../model/problem.ts';
import type { Projection } from '../model/projection.ts';
import type { RelationPair } from '../model/relation-pairs.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Edges, VisibleEdges } from './edges.ts';
import { graphError } from './errors.ts';
import { findEntities, type FindResult } from './find.ts';
import type { FindIndex } from './find-index.ts';
import type { SourceKey } from './freshness.ts';
import { cutPage } from './page.ts';
import { pathNames } from './path-names.ts';
import { answer } from './plan.ts';
import type { PlanRun } from './plan-run.ts';
import { questionHash } from './predicate-text.ts';
import type { Queries } from './queries.ts';
import { listRelations, type Renderer } from './render.ts';
import type { ShowsTarget } from './subject.ts';
import { orderName, type SortOrders } from './sort-orders.ts';
import type {
  Declaration,
  FacetValue,
  ListRequest,
  ListResult,
  PathName,
  PlanNode,
  RelationItem,
  SearchRequest,
  View,
  Visibility,
  WatchBatch,
  WatchRequest,
} from './view.ts';

/** Values of a facet where the caller names no limit. */
const DEFAULT_FACET_LIMIT = 1000;

/** What a view stands on. */
export interface ViewParts {
  readonly queries: Queries;
  readonly orders: SortOrders;
  readonly renderer: Renderer;
  readonly finder: FindIndex;
  readonly pairs: readonly RelationPair[];
  /** Brings freshness up to the present; before every answer. */
  refresh(): void;
  watch(visibility: Visibility, request: WatchRequest): AsyncIterable<WatchBatch>;
}

/** The graph as one principal sees it; everything it answers goes through the visible set. */
export class GraphView implements View {
  readonly visibility: Visibility;
  readonly #parts: ViewParts;
  #seen: { readonly step: number; readonly ids: Bitset } | undefined;

  constructor(visibility: Visibility, parts: ViewParts) {
    this.visibility = visibility;
    this.#parts = parts;
  }

  get revision(): number {
    return this.#parts.queries.cache.revision;
  }

  find(ref: string): number | undefined {
    return this.#ifVisible(this.#cache.nodes.idOf(ref));
  }

  findByUid(uid: string): number | undefined {
    return this.#ifVisible(this.#cache.idOfUid(uid));
  }

  refOf(id: number): string {
    return this.#cache.nodes.refOf(this.#checked(id));
  }

  bytes(id: number): Uint8Array {
    const shows = this.#shows();
    return this.#parts.renderer.bytes(this.#checked(id), shows);
  }

  bodies(ids: readonly number[]): readonly Uint8Array[] {
    const shows = this.#shows();
    this.#checkAll(ids);
    const { renderer } = this.#parts;
    return ids.map((id) => renderer.bytes(id, shows));
  }

  cutBodies(ids: readonly number[], projection: Projection): readonly string[] {
    const shows = this.#shows();
    this.#checkAll(ids);
    return this.#parts.renderer.cutBodies(ids, projection, shows);
  }

  subject(id: number): Subject {
    const run = this.#run();
    return run.subject(this.#checked(id));
  }

  list(request: ListRequest): ListResult {
    const run = this.#run();
    const where = request.where ?? EVERYTHING;
    const outcome = answer(run, where, this.#visible());
    const order = this.#parts.orders.of(request.order);
    const question = questionOf(where, request);
    const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor, question);
    const page = cutPage(outcome.true, order, { limit: request.limit, offset: request.offset ?? 0, cursor });
    const edge = (id: number | undefined, direction: 'next' | 'previous'): string | undefined => {
      // An empty page has no entity to stand beside: the cursor that led here still names the place, an offset none.
      const ref = id === undefined ? cursor?.ref : this.#cache.nodes.refOf(id);
      const key = id === undefined ? cursor?.key : order.keyOf(id);
      return ref === undefined ? undefined : writeCursor({ direction, key, ref }, question);
    };
    return {
      revision: this.revision,
      ids: page.ids,
      total: outcome.true.size,
      unknown: outcome.unknown.size,
      next: page.hasAfter ? edge(page.ids.at(-1), 'next') : undefined,
      previous: page.hasBefore ? edge(page.ids[0], 'previous') : undefined,
    };
  }

  async search({ text, where, mine, limit }: SearchRequest): Promise<FindResult> {
    const { finder } = this.#parts;
    await finder.ready();
    const run = this.#run();
    const visible = this.#visible();
    const scope = where === undefined ? visible : answer(run, where, visible).true;
    return findEntities(finder, run, scope, { text, mine: mine ?? run.context.principal.claims, limit });
  }

  facets(
    paths: readonly string[],
    where: Predicate = EVERYTHING,
    limit = DEFAULT_FACET_LIMIT,
  ): ReadonlyMap<string, readonly FacetValue[]> {
    const run = this.#run();
    const scope = where === EVERYTHING ? this.#visible() : answer(run, where, this.#visible()).true;
    return new Map(paths.map((path) => [path, this.#parts.queries.facets.count(run, path, scope, limit)]));
  }

  facetsOf(paths: readonly string[], ids: Iterable<number>, limit: number): ReadonlyMap<string, readonly FacetValue[]> {
    const run = this.#run();
    const scope = Bitset.of(ids).and(this.#visible());
    return new Map(paths.map((path) => [path, this.#parts.queries.facets.count(run, path, scope, limit)]));
  }

  paths(prefix: string, limit: number): readonly PathName[] {
    return pathNames(this.#run(), prefix, this.#visible(), limit);
  }

  explain(where: Predicate): PlanNode {
    const trace: PlanNode[] = [];
    answer(this.#run(), where, this.#visible(), trace);
    const [root] = trace;
    if (root === undefined) throw new Error('a traced answer leaves a node');
    return root;
  }

  declaration(id: number): Declaration {
    const stored = this.#cache.nodes.stored(this.#checked(id));
    if (stored === undefined) throw new Error('a visible entity is stored');
    const { location, source, line, commit, updatedAt: changedAt } = stored;
    return { location, source, line, changedAt, ...(commit !== undefined && { commit }) };
  }

  isPlaceBroken(id: number): boolean {
    const { location } = this.declaration(id);
    for (const problem of this.#cache.problems.values()) {
      if (problem.location !== location || problem.severity !== 'error') continue;
      if (problem.entityRef === undefined) return true;
    }
    return false;
  }

  document(id: number): Entity {
    const { subjects, nodes } = this.#cache;
    return subjects.document(nodes.stored(this.#checked(id)));
  }

  missingTargets(id: number): readonly string[] {
    this.#parts.refresh();
    const { nodes, relations } = this.#cache;
    const missing = new Set<string>();
    relations.forEachEdge(this.#checked(id), (_type, target) => {
      if (!nodes.existing.has(target)) missing.add(nodes.refOf(target));
    });
    return [...missing].sort();
  }

  relations(id: number): readonly RelationItem[] {
    const shows = this.#shows();
    const { subjects, nodes } = this.#cache;
    const shown = subjects.relationsOf(this.#checked(id), shows);
    return listRelations(shown).map(({ type, targetRef }) => {
      const target = nodes.idOf(targetRef);
      return { type, targetRef, exists: target !== undefined && nodes.existing.has(target) };
    });
  }

  edges(): Edges {
    const shows = this.#shows();
    return new VisibleEdges(this.#cache, this.#parts.pairs, shows);
  }

  facts(id: number): readonly Fact[] {
    this.#parts.refresh();
    return Array.from(this.#cache.facts.factsOf(this.#checked(id)), ({ fact }) => fact).sort(
      (left, right) => compare(left.collector, right.collector) || compare(left.path, right.path),
    );
  }

  leases(): readonly Lease[] {
    this.#parts.refresh();
    const leases: Lease[] = [];
    for (const { lease, key } of this.#cache.freshness.all()) {
      if (this.visibility.kind === 'all' || this.#hasFactOf(key)) leases.push(lease);
    }
    return leases;
  }

  problems(): readonly Problem[] {
    this.#parts.refresh();
    const all = [...this.#cache.problems.values()];
    if (this.visibility.kind === 'all') return all;
    return all.filter(({ entityRef }) => entityRef !== undefined && this.find(entityRef) !== undefined);
  }

  locations(): readonly LocationState[] {
    this.#parts.refresh();
    const all = [...this.#cache.locations.values()];
    if (this.visibility.kind === 'all') return all;
    const visible = new Map<string, number>();
    this.#visible().forEach((id) => {
      const location = this.#cache.nodes.stored(id)?.location ?? '';
      visible.set(location, (visible.get(location) ?? 0) + 1);
    });
    return all.flatMap((location) => {
      const entities = visible.get(location.ref);
      return entities === undefined ? [] : [{ ...location, entities }];
    });
  }

  watch(request: WatchRequest): AsyncIterable<WatchBatch> {
    this.#parts.refresh();
    return this.#parts.watch(this.visibility, request);
  }

  get #cache(): Queries['cache'] {
    return this.#parts.queries.cache;
  }

  /** The visible entities now; asked once a step, since the permission layer's sets are looked up by their condition. */
  #visible(): Bitset {
    const { step } = this.#cache.touches;
    if (this.#seen?.step !== step) this.#seen = { step, ids: this.#parts.queries.visible(this.visibility) };
    return this.#seen.ids;
  }

  /** Which edges may show; `undefined` where all may. */
  #shows(): ShowsTarget | undefined {
    if (this.visibility.kind !== 'all') return this.#run().shows;
    this.#parts.refresh();
    return undefined;
  }

  #run(): PlanRun {
    this.#parts.refresh();
    const { queries } = this.#parts;
    return queries.run(this.visibility.principal, this.visibility.kind === 'all' ? undefined : this.#visible());
  }

  /** True when a visible entity has a fact of a collector x source. */
  #hasFactOf(key: SourceKey): boolean {
    const visible = this.#visible();
    let has = false;
    this.#cache.facts.forEachHolder(key, (ids) => {
      has ||= anyWithin(ids, visible) !== NO_IDS;
    });
    return has;
  }

  #ifVisible(id: number | undefined): number | undefined {
    this.#parts.refresh();
    return id !== undefined && this.#visible().has(id) ? id : undefined;
  }

  /** Handles of hidden entities are as good as none. */
  #checked(id: number): number {
    if (!this.#visible().has(id)) throw graphError('HANDLE_INVALID', { id });
    return id;
  }

  #checkAll(ids: readonly number[]): void {
    const visible = this.#visible();
    for (const id of ids) if (!visible.has(id)) throw graphError('HANDLE_INVALID', { id });
  }
}

function questionOf(where: Predicate, { order }: ListRequest): string {
  return order ? `${questionHash(where)} ${orderName(order)}` : questionHash(where);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
