import { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import { addAllTo, anyWithin, forEachId, type IdSet, NO_IDS, within } from '../base/postings.ts';
import type { Evaluate, EvaluationContext, PrincipalContext, Subject } from '../model/predicate.ts';
import type { Cache } from './cache.ts';
import { graphError } from './errors.ts';
import type { RelationType } from './relation-index.ts';
import { flavour, type PathNode } from './term.ts';

/** The entities for which a condition is true, and those for which it is unknown; for all others it is false. */
export interface Outcome {
  readonly true: Bitset;
  readonly unknown: Bitset;
}

/** How much one query may evaluate one by one before it is stopped. */
export interface ScanLimits {
  readonly maxEntities: number;
  readonly maxMs: number;
}

/** How many values or entities are looked at between two looks at the clock. */
const CHECK_EVERY = 256;

/**
 * One answering of one condition: what is visible, who asks, and how much it may cost. `visible: undefined` sees all,
 * which is also how the permission layer's own conditions are answered.
 */
export class PlanRun {
  readonly cache: Cache;
  readonly context: EvaluationContext;
  /** Entities evaluated one by one so far. */
  evaluated = 0;
  readonly #visible: Bitset | undefined;
  readonly #clock: Clock;
  readonly #limits: ScanLimits;
  readonly #start: number;
  /** By type of relation: the holders that were tested, and those that show none of their edges. */
  readonly #shown = new Map<RelationType, { readonly tested: Bitset; readonly hidden: Bitset }>();
  #looked = 0;

  constructor(
    cache: Cache,
    principal: PrincipalContext,
    options: { readonly visible?: Bitset | undefined; readonly clock: Clock; readonly limits: ScanLimits },
  ) {
    this.cache = cache;
    this.context = { principal };
    this.#visible = options.visible;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#start = options.clock.monotonic();
  }

  /** True when the asker sees every entity. */
  get seesAll(): boolean {
    return this.#visible === undefined;
  }

  /** True when an edge to this node may show: the other end is visible, or does not exist. */
  readonly shows = (target: number): boolean =>
    this.#visible === undefined || this.#visible.has(target) || !this.cache.nodes.existing.has(target);

  /** The entity as the asker's expressions see it. */
  subject(id: number): Subject {
    return this.cache.subjects.of(id, this.#visible && this.shows);
  }

  /** Evaluates one entity. */
  test(evaluate: Evaluate, id: number): boolean | 'unknown' {
    this.evaluated += 1;
    if (this.evaluated > this.#limits.maxEntities) this.#stop();
    this.look();
    return evaluate(this.cache.subjects.passing(id, this.#visible && this.shows), this.context);
  }

  /** Evaluates each entity of `scope` into an outcome. */
  testEach(evaluate: Evaluate, scope: Bitset): Outcome {
    const outcome: Outcome = { true: new Bitset(), unknown: new Bitset() };
    scope.forEach((id) => this.#enter(outcome, this.test(evaluate, id), id));
    return outcome;
  }

  /** Gives all entities of `scope`, which are alike to the condition, the outcome of one of them. */
  testAlike(evaluate: Evaluate, scope: Bitset): Outcome {
    const representative = scope.first();
    const result = representative === NO_IDS ? false : this.test(evaluate, representative);
    return {
      true: result === true ? scope : new Bitset(),
      unknown: result === 'unknown' ? scope : new Bitset(),
    };
  }

  /** Counts work that is not an evaluation (a value of a dictionary looked at) against the time. */
  look(): void {
    this.#looked += 1;
    if (this.#looked % CHECK_EVERY !== 0) return;
    if (this.#clock.monotonic() - this.#start > this.#limits.maxMs) this.#stop();
  }

  /** Those of `scope` that show at least one edge of a type. */
  holders(type: RelationType, scope: Bitset): Bitset {
    const holders = type.holders.clone().and(scope);
    if (this.#visible === undefined) return holders;
    const known = this.#shown.get(type) ?? { tested: new Bitset(), hidden: new Bitset() };
    this.#shown.set(type, known);
    // One condition may ask the same many times.
    const untested = holders.clone().andNot(known.tested);
    untested.forEach((id) => {
      if (!this.#showsAny(type.targetsOf(id))) known.hidden.add(id);
    });
    known.tested.or(untested);
    return holders.andNot(known.hidden);
  }

  /** Those of `scope` that show `targetRef` under a type. */
  sources(type: RelationType, targetRef: string, scope: Bitset): Bitset {
    const target = this.cache.nodes.idOf(targetRef);
    return target === undefined || !this.shows(target) ? new Bitset() : within(type.sourcesOf(target), scope);
  }

  /**
   * Those of `scope` for which what stands at a path below `facts` is stale or failed, and so unknown.
   * @param deepest the node of the path, or of the part of it that exists
   */
  unknownFacts(deepest: PathNode, scope: Bitset): Bitset {
    const unknown = new Bitset();
    for (let node = deepest; node.depth >= 2 && node.parent; node = node.parent) this.#addUnknown(node, unknown);
    return unknown.and(scope);
  }

  /** Those of `scope` for which something strictly below a path under `facts` is stale or failed. */
  unknownBelow(node: PathNode, scope: Bitset): Bitset {
    const unknown = new Bitset();
    for (const child of node.children.values()) this.#addUnknownTree(child, unknown);
    return unknown.and(scope);
  }

  #addUnknownTree(node: PathNode, unknown: Bitset): void {
    this.#addUnknown(node, unknown);
    for (const child of node.children.values()) this.#addUnknownTree(child, unknown);
  }

  #addUnknown(node: PathNode, unknown: Bitset): void {
    addAllTo(unknown, node.presence(flavour.failed));
    const holders = node.column(flavour.holder);
    if (holders === undefined) return;
    const collector = collectorOf(node);
    for (const term of holders.terms.values()) {
      if (this.cache.freshness.isStale(collector, String(term.value))) addAllTo(unknown, term.ids);
    }
  }

  #showsAny(targets: IdSet): boolean {
    const visible = this.#visible;
    if (visible && anyWithin(targets, visible) !== NO_IDS) return true;
    let shows = false;
    forEachId(targets, (target) => {
      shows ||= !this.cache.nodes.existing.has(target);
    });
    return shows;
  }

  #enter(outcome: Outcome, result: boolean | 'unknown', id: number): void {
    if (result === true) outcome.true.add(id);
    else if (result === 'unknown') outcome.unknown.add(id);
  }

  #stop(): never {
    const hint = 'add a condition on an indexed field, such as kind or spec.type, before the rest';
    throw graphError('QUERY_TOO_EXPENSIVE', { evaluated: this.evaluated, hint });
  }
}

function collectorOf(node: PathNode): string {
  let at = node;
  while (at.depth > 2 && at.parent) at = at.parent;
  return at.segment;
}
