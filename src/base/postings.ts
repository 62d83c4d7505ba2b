import { Bitset } from './bitset.ts';

/**
 * The entities that have one value, in the form that is cheapest for their number: a bare number for one (most values
 * are unique), a sorted array for few, a bitset for many. `NO_IDS` is the empty set. Functions that add or remove
 * return the set to keep, which may be another form of it.
 */
export type IdSet = number | number[] | Bitset;

/** The empty set. */
export const NO_IDS = -1;

/** A list this long becomes a bitset where the bitset is not bigger than the list (8 bytes an id against 1 bit). */
const LONGEST_SPARSE_LIST = 64;
/** A list up to this long takes no more room than it needs. */
const LONGEST_EXACT_LIST = 8;
/** A bitset with fewer members than this becomes a list again; far below the other bound, so that it does not flap. */
const SMALLEST_BITSET = 24;

/** The set of the members in a stretch of a sorted array without doubles. */
export function idSetFrom(sorted: Uint32Array, from: number, to: number): IdSet {
  const length = to - from;
  if (length <= 0) return NO_IDS;
  if (length === 1) return sorted[from] ?? NO_IDS;
  if (length > LONGEST_SPARSE_LIST && length * 64 > (sorted[to - 1] ?? 0)) {
    const set = new Bitset((sorted[to - 1] ?? 0) + 1);
    for (let at = from; at < to; at += 1) set.add(sorted[at] ?? 0);
    return set;
  }
  const list: number[] = [];
  for (let at = from; at < to; at += 1) list.push(sorted[at] ?? 0);
  return length <= LONGEST_EXACT_LIST ? list.slice() : list;
}

/** Adds `id`. @returns the set to keep */
export function addId(set: IdSet, id: number): IdSet {
  if (typeof set === 'number') {
    if (set === NO_IDS || set === id) return id;
    return set < id ? [set, id] : [id, set];
  }
  if (set instanceof Bitset) {
    set.add(id);
    return set;
  }
  const last = set.at(-1) ?? NO_IDS;
  if (id > last) {
    // A push (or a spread) makes room for sixteen more: 218 bytes for three members instead of 82. Most never need it.
    if (set.length < LONGEST_EXACT_LIST) return set.concat(id);
    set.push(id);
  } else {
    const at = lowerBound(set, id);
    if (set[at] === id) return set;
    set.splice(at, 0, id);
  }
  return set.length > LONGEST_SPARSE_LIST && set.length * 64 > Math.max(last, id) ? Bitset.of(set) : set;
}

/** Takes `id` out. @returns the set to keep */
export function removeId(set: IdSet, id: number): IdSet {
  if (typeof set === 'number') return set === id ? NO_IDS : set;
  if (set instanceof Bitset) {
    if (!set.delete(id) || set.size >= SMALLEST_BITSET) return set;
    return set.toArray();
  }
  const at = lowerBound(set, id);
  if (set[at] !== id) return set;
  set.splice(at, 1);
  return set.length === 1 ? (set[0] ?? NO_IDS) : set;
}

/** True when `id` is a member. */
export function hasId(set: IdSet, id: number): boolean {
  if (typeof set === 'number') return set === id && id !== NO_IDS;
  return set instanceof Bitset ? set.has(id) : set[lowerBound(set, id)] === id;
}

/** Number of members. */
export function sizeOf(set: IdSet): number {
  if (typeof set === 'number') return set === NO_IDS ? 0 : 1;
  return set instanceof Bitset ? set.size : set.length;
}

/** Adds all members to `target`. */
export function addAllTo(target: Bitset, set: IdSet): void {
  if (typeof set === 'number') {
    if (set !== NO_IDS) target.add(set);
  } else if (set instanceof Bitset) target.or(set);
  else for (const id of set) target.add(id);
}

/** A new bitset of the members that are in `scope`. */
export function within(set: IdSet, scope: Bitset): Bitset {
  if (set instanceof Bitset) return set.clone().and(scope);
  if (typeof set === 'number') return set !== NO_IDS && scope.has(set) ? Bitset.of([set]) : new Bitset();
  const shared = new Bitset((set.at(-1) ?? 0) + 1);
  for (const id of set) if (scope.has(id)) shared.add(id);
  return shared;
}

/**
 * A new bitset of what is in any of the sets and in `scope`.
 * @param spends true where nobody needs `scope` after: it may become the result
 */
export function unionWithin(sets: readonly IdSet[], scope: Bitset, spends = false): Bitset {
  const filled = sets.filter((set) => set !== NO_IDS);
  const [only] = filled;
  if (only === undefined) return new Bitset();
  if (filled.length === 1) return spends && only instanceof Bitset ? scope.and(only) : within(only, scope);
  const union = new Bitset();
  for (const set of filled) addAllTo(union, set);
  return union.and(scope);
}

/** Number of members that are in `scope`. */
export function sizeWithin(set: IdSet, scope: Bitset): number {
  if (typeof set === 'number') return set !== NO_IDS && scope.has(set) ? 1 : 0;
  return set instanceof Bitset ? set.intersectionSize(scope) : scope.countIn(set);
}

/** Some member that is in `scope`, or -1. */
export function anyWithin(set: IdSet, scope: Bitset): number {
  if (typeof set === 'number') return set !== NO_IDS && scope.has(set) ? set : NO_IDS;
  if (set instanceof Bitset) return set.firstShared(scope);
  return set[scope.indexIn(set, 0)] ?? NO_IDS;
}

/** Calls `visit` for each member in ascending order. */
export function forEachId(set: IdSet, visit: (id: number) => void): void {
  if (typeof set === 'number') {
    if (set !== NO_IDS) visit(set);
  } else if (set instanceof Bitset) set.forEach(visit);
  else for (const id of set) visit(id);
}

/** The members in ascending order; do not change the array. */
export function idsOf(set: IdSet): readonly number[] {
  if (typeof set === 'number') return set === NO_IDS ? [] : [set];
  return set instanceof Bitset ? set.toArray() : set;
}

function lowerBound(sorted: readonly number[], id: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
