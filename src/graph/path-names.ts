import type { Bitset } from '../base/bitset.ts';
import { sizeWithin } from '../base/postings.ts';
import { RELATIONS } from './plan-field.ts';
import type { PlanRun } from './plan-run.ts';
import { flavour, type PathNode, scalarTypes, typeOf } from './term.ts';
import type { PathName } from './view.ts';

/** Paths that are looked at for one answer. */
const MOST_LOOKS = 20_000;

const presences = [flavour.map, flavour.list, flavour.long, flavour.leaves, flavour.passage] as const;

/**
 * The paths that go on from what was typed: `spec.ty` -> `spec.type`, in any letter case, the most used first. Only paths at
 * which an entity of `scope` has something; where there are too many to look at, the first ones are.
 *
 * @param prefix dotted; a key may hold dots itself, as those of annotations do
 */
export function pathNames(run: PlanRun, prefix: string, scope: Bitset, limit: number): readonly PathName[] {
  const budget = { looks: MOST_LOOKS };
  const names = prefix.toLowerCase().startsWith(RELATIONS)
    ? relationNames(run, prefix.slice(RELATIONS.length), scope)
    : dictionaryNames(run.cache.dictionary.root, prefix, scope, budget);
  return names.sort((left, right) => right.count - left.count || (left.path < right.path ? -1 : 1)).slice(0, limit);
}

function relationNames(run: PlanRun, prefix: string, scope: Bitset): PathName[] {
  const wanted = prefix.toLowerCase();
  return [...run.cache.relations.types.values()]
    .filter(({ name }) => name.toLowerCase().startsWith(wanted))
    .map((type) => ({ path: `${RELATIONS}${type.name}`, type: 'list' as const, count: run.holders(type, scope).size }))
    .filter(({ count }) => count > 0);
}

interface Budget {
  looks: number;
}

function dictionaryNames(root: PathNode, prefix: string, scope: Bitset, budget: Budget): PathName[] {
  let node = root;
  let rest = prefix;
  for (let dot = rest.indexOf('.'); dot !== -1; dot = rest.indexOf('.')) {
    const child = node.children.get(rest.slice(0, dot));
    if (child === undefined) break;
    node = child;
    rest = rest.slice(dot + 1);
  }
  const above = prefix.slice(0, prefix.length - rest.length);
  const wanted = rest.toLowerCase();
  const names: PathName[] = [];
  for (const child of node.children.values()) {
    if (budget.looks <= 0) break;
    budget.looks -= 1;
    if (!child.segment.toLowerCase().startsWith(wanted)) continue;
    const count = holdersOf(child, scope, budget);
    if (count > 0) names.push({ path: above + child.segment, type: typeOfNode(child, scope), count });
  }
  return names;
}

/** About how many entities of `scope` have something at or below a path: those of its most frequent kind of value. */
function holdersOf(node: PathNode, scope: Bitset, budget: Budget): number {
  const sets = [...scalarTypes.map((type) => node.ofType(type)), ...presences.map((kind) => node.presence(kind))];
  const own = Math.max(...sets.map((ids) => sizeWithin(ids, scope)));
  if (own > 0) return own;
  // What stands above facts has nothing itself.
  let below = 0;
  for (const child of node.children.values()) {
    if (budget.looks <= 0) break;
    budget.looks -= 1;
    below = Math.max(below, holdersOf(child, scope, budget));
  }
  return below;
}

function typeOfNode(node: PathNode, scope: Bitset): PathName['type'] {
  const isIn = (ids: Parameters<typeof sizeWithin>[0]): boolean => sizeWithin(ids, scope) > 0;
  if (isIn(node.presence(flavour.list))) return 'list';
  if (isIn(node.ofType(typeOf.number))) return 'number';
  if (isIn(node.ofType(typeOf.boolean))) return 'boolean';
  if (isIn(node.ofType(typeOf.string)) || isIn(node.presence(flavour.long))) return 'text';
  return 'map';
}
