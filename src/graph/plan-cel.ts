import { Bitset } from '../base/bitset.ts';
import { NO_IDS, addAllTo, type IdSet, within } from '../base/postings.ts';
import { compareText } from '../base/text-order.ts';
import type { Predicate, Scalar } from '../model/predicate.ts';
import { DEEPEST_PATH, LONGEST_VALUE } from './flatten.ts';
import type { Outcome, PlanRun } from './plan-run.ts';
import { flavour, type PathNode, type ScalarType, scalarType, scalarTypes, typeOf } from './term.ts';

type PathLeaf = Extract<Predicate, { op: 'compare' | 'oneOf' | 'member' | 'text' | 'has' }>;
type Compare = Extract<Predicate, { op: 'compare' }>;
type Owns = Extract<Predicate, { op: 'owns' }>;

/**
 * Answers a leaf on a path. Entities with nothing at the path are unknown; those with a scalar are decided by the
 * path's dictionary; the rest (lists, maps, long texts, overlapping or partly unknown facts) are evaluated.
 */
export function pathOutcome(run: PlanRun, leaf: PathLeaf, scope: Bitset): Outcome {
  const { path } = leaf;
  if (path.length < 2 && isOwnRoot(path[0])) return run.testEach(leaf.evaluate, scope);
  if (path.length > DEEPEST_PATH || hasDottedFact(path)) return run.testEach(leaf.evaluate, scope);
  if (path[0] === 'relations') return relationOutcome(run, leaf, scope);
  const place = locate(run, path);
  const sorted = sortOut(run, leaf, place, scope);
  // Entities that are sorted out must not stand in for others with the same value: theirs may be stale.
  const decided = scope.clone().andNot(sorted.evaluate).andNot(sorted.unknown);
  const outcome = leaf.op === 'has' ? hasOutcome(place, decided) : valueOutcome(run, leaf, place.node, decided);
  put(outcome, sorted.evaluate, run.testEach(leaf.evaluate, sorted.evaluate));
  put(outcome, sorted.unknown, { true: new Bitset(), unknown: sorted.unknown });
  return outcome;
}

/** Answers `owns(principal, entity)` from the owners' side of the `ownedBy` edges. */
export function ownsOutcome(run: PlanRun, leaf: Owns, scope: Bitset): Outcome {
  const type = run.cache.relations.types.get('ownedBy');
  const owned = new Bitset();
  const owners = type ? run.holders(type, scope) : new Bitset();
  if (type) for (const claim of run.context.principal.claims) owned.or(run.sources(type, claim, scope));
  const outcome: Outcome = { true: new Bitset(), unknown: new Bitset() };
  put(outcome, owned, run.testAlike(leaf.evaluate, owned));
  const others = owners.andNot(owned);
  put(outcome, others, run.testAlike(leaf.evaluate, others));
  const without = scope.clone().andNot(owned).andNot(others);
  put(outcome, without, run.testAlike(leaf.evaluate, without));
  return outcome;
}

/** Where a path leads in the dictionary. */
interface Place {
  readonly node: PathNode | undefined;
  readonly parent: PathNode | undefined;
  /** The node itself, or the deepest one on the way. */
  readonly deepest: PathNode;
  readonly isFact: boolean;
}

function locate(run: PlanRun, path: readonly string[]): Place {
  let deepest = run.cache.dictionary.root;
  for (const segment of path) {
    const next = deepest.children.get(segment);
    if (next === undefined) break;
    deepest = next;
  }
  const node = deepest.depth === path.length ? deepest : undefined;
  const parent = node ? node.parent : deepest.depth === path.length - 1 ? deepest : undefined;
  return { node, parent, deepest, isFact: path[0] === 'facts' };
}

/** The entities that the dictionary cannot decide: to evaluate, and known to be unknown. */
function sortOut(run: PlanRun, leaf: PathLeaf, place: Place, scope: Bitset): { evaluate: Bitset; unknown: Bitset } {
  const evaluate = new Bitset();
  const { node, deepest, isFact } = place;
  if (node && leaf.op !== 'has') {
    addAllTo(evaluate, node.presence(flavour.long));
    if (leaf.op !== 'member' || !isIndexedMember(leaf)) addAllTo(evaluate, node.presence(flavour.list));
    if (leaf.op !== 'member' || !isIndexedKey(leaf)) addAllTo(evaluate, node.presence(flavour.map));
  }
  if (!isFact || deepest.depth < 2) return { evaluate: evaluate.and(scope), unknown: new Bitset() };
  const collector = ancestorAt(deepest, 2);
  if (node) evaluate.or(run.unknownBelow(node, scope));
  const unknown = run.unknownFacts(deepest, scope);
  const opaque = within(collector.presence(flavour.opaque), scope);
  unknown.andNot(opaque);
  return { evaluate: evaluate.or(opaque).and(scope).andNot(unknown), unknown };
}

function hasOutcome(place: Place, scope: Bitset): Outcome {
  const present = place.node ? anythingAt(place.node, scope) : new Bitset();
  const { parent } = place;
  // The document itself, and its facts, are maps of every entity.
  const everyParent = parent !== undefined && (parent.depth === 0 || (parent.depth === 1 && place.isFact));
  const unknown = everyParent ? new Bitset() : scope.clone().andNot(present);
  if (parent && !everyParent) unknown.andNot(within(parent.presence(flavour.map), scope));
  return { true: present, unknown };
}

function valueOutcome(
  run: PlanRun,
  leaf: Exclude<PathLeaf, { op: 'has' }>,
  node: PathNode | undefined,
  scope: Bitset,
): Outcome {
  const outcome: Outcome = { true: new Bitset(), unknown: scope.clone() };
  if (node === undefined) return outcome;
  for (const type of scalarTypes) {
    const group = within(node.ofType(type), scope);
    if (!group.isEmpty) put(outcome, group, groupOutcome(run, leaf, node, type, group));
  }
  if (leaf.op === 'member') {
    const lists = within(node.presence(flavour.list), scope);
    const elements = node.column(flavour.element)?.terms.get(leaf.value)?.ids ?? NO_IDS;
    put(outcome, lists, { true: within(elements, lists), unknown: new Bitset() });
    const maps = within(node.presence(flavour.map), scope);
    const child = isIndexedKey(leaf) ? node.children.get(String(leaf.value)) : undefined;
    put(outcome, maps, { true: child ? anythingAt(child, maps) : new Bitset(), unknown: new Bitset() });
  }
  return outcome;
}

/** Decides the entities whose scalar at the path has one type: from the values, or by one of them for all. */
function groupOutcome(
  run: PlanRun,
  leaf: Exclude<PathLeaf, { op: 'has' }>,
  node: PathNode,
  type: ScalarType,
  group: Bitset,
): Outcome {
  const literals: readonly Scalar[] =
    leaf.op === 'oneOf' ? leaf.values : leaf.op === 'text' ? [leaf.arg] : [leaf.value];
  const decidable = type === typeOf.string || type === typeOf.number;
  if (leaf.op === 'member' || !decidable || !literals.some((literal) => scalarType(literal) === type)) {
    return alikeByValue(run, leaf, node, type, group);
  }
  const found = new Bitset();
  const terms = node.column(flavour.scalar)?.terms;
  if (leaf.op === 'oneOf') for (const value of leaf.values) addAllTo(found, terms?.get(value)?.ids ?? NO_IDS);
  else if (leaf.op === 'text') addTexts(run, node, leaf.test, found);
  else addCompared(run, leaf, node, found);
  found.and(group);
  return { true: found, unknown: new Bitset() };
}

/** Booleans are tried value by value; of other types any value stands for all, since only its type matters. */
function alikeByValue(run: PlanRun, leaf: PathLeaf, node: PathNode, type: ScalarType, group: Bitset): Outcome {
  if (type !== typeOf.boolean) return run.testAlike(leaf.evaluate, group);
  const outcome: Outcome = { true: new Bitset(), unknown: new Bitset() };
  for (const value of [true, false]) {
    const ids = within(node.column(flavour.scalar)?.terms.get(value)?.ids ?? NO_IDS, group);
    put(outcome, ids, run.testAlike(leaf.evaluate, ids));
  }
  return outcome;
}

function addTexts(run: PlanRun, node: PathNode, test: (value: string) => boolean, found: Bitset): void {
  for (const term of node.column(flavour.scalar)?.terms.values() ?? []) {
    run.look();
    if (typeof term.value === 'string' && test(term.value)) addAllTo(found, term.ids);
  }
}

function addCompared(run: PlanRun, leaf: Compare, node: PathNode, found: Bitset): void {
  const column = node.column(flavour.scalar);
  const { value, cmp } = leaf;
  if (column === undefined || value === null) return;
  if (cmp === '==' || cmp === '!=') {
    const ids: IdSet = column.terms.get(value)?.ids ?? NO_IDS;
    if (cmp === '==') addAllTo(found, ids);
    else {
      addAllTo(found, node.ofType(scalarType(value)));
      found.andNot(within(ids, found));
    }
  } else if (typeof value === 'number') {
    for (const term of numberRange(column.numbers(), cmp, value)) addAllTo(found, term.ids);
  } else {
    for (const term of column.terms.values()) {
      run.look();
      if (typeof term.value === 'string' && holds(compareText(term.value, String(value)), cmp)) {
        addAllTo(found, term.ids);
      }
    }
  }
}

type Order = '<' | '<=' | '>' | '>=';

function numberRange<Item extends { readonly value: Scalar }>(
  ascending: readonly Item[],
  cmp: Order,
  limit: number,
): readonly Item[] {
  // Where the first number stands that is at least (or, to keep equals on the left, more than) the limit.
  const keepsEqualLeft = cmp === '<=' || cmp === '>';
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = Number(ascending[middle]?.value);
    if (value < limit || (keepsEqualLeft && value === limit)) low = middle + 1;
    else high = middle;
  }
  return cmp === '<' || cmp === '<=' ? ascending.slice(0, low) : ascending.slice(low);
}

function holds(order: number, cmp: Order): boolean {
  switch (cmp) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** A type of relation is a list of refs; without an edge the key is absent. */
function relationOutcome(run: PlanRun, leaf: PathLeaf, scope: Bitset): Outcome {
  const name = leaf.path[1];
  if (leaf.path.length !== 2 || name === undefined) return run.testEach(leaf.evaluate, scope);
  const type = run.cache.relations.types.get(name);
  const holders = type ? run.holders(type, scope) : new Bitset();
  if (leaf.op === 'has') return { true: holders, unknown: new Bitset() };
  const outcome: Outcome = { true: new Bitset(), unknown: scope.clone().andNot(holders) };
  if (type && leaf.op === 'member' && typeof leaf.value === 'string') {
    outcome.true.or(run.sources(type, leaf.value, holders));
    return outcome;
  }
  put(outcome, holders, run.testEach(leaf.evaluate, holders));
  return outcome;
}

function anythingAt(node: PathNode, scope: Bitset): Bitset {
  const found = new Bitset();
  for (const type of scalarTypes) addAllTo(found, node.ofType(type));
  for (const kind of [flavour.list, flavour.map, flavour.long]) addAllTo(found, node.presence(kind));
  return found.and(scope);
}

/** Replaces what an outcome says about `ids` by what `decided` says. */
function put(outcome: Outcome, ids: Bitset, decided: Outcome): void {
  outcome.true.andNot(ids).or(decided.true);
  outcome.unknown.andNot(ids).or(decided.unknown);
}

/** Elements of a list are indexed unless they are too long. */
function isIndexedMember(leaf: Extract<PathLeaf, { op: 'member' }>): boolean {
  return typeof leaf.value !== 'string' || leaf.value.length <= LONGEST_VALUE;
}

/** Keys of a map are strings; a dotted one may join several paths of facts. */
function isIndexedKey(leaf: Extract<PathLeaf, { op: 'member' }>): boolean {
  if (typeof leaf.value !== 'string' || leaf.path.length >= DEEPEST_PATH) return false;
  return leaf.path[0] !== 'facts' || !leaf.value.includes('.');
}

function hasDottedFact(path: readonly string[]): boolean {
  return path[0] === 'facts' && path.some((segment, index) => index >= 2 && segment.includes('.'));
}

function isOwnRoot(root: string | undefined): boolean {
  return root === undefined || root === 'facts' || root === 'relations' || root === 'ref';
}

function ancestorAt(node: PathNode, depth: number): PathNode {
  let at = node;
  while (at.depth > depth && at.parent) at = at.parent;
  return at;
}
