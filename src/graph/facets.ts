import type { Bitset } from '../base/bitset.ts';
import { type IdSet, sizeWithin, within } from '../base/postings.ts';
import { type FieldKey, isFact, resolveKey, valueColumns, withoutUnknown } from './plan-field.ts';
import type { PlanRun } from './plan-run.ts';
import type { PathNode, Term } from './term.ts';
import type { FacetValue } from './view.ts';

/** Terms that an entity has, about: what finding the values of one entity costs. */
const TERMS_EACH = 40;

/** Where a value stands: a set of entities, those that count in it, and further sets where it stands too. */
interface Occurrence {
  readonly value: string;
  readonly ids: IdSet;
  readonly scope: Bitset;
  others: Occurrence[] | undefined;
}

/**
 * Counts entities by value of a dotted path, in the case the values are written. An entity counts once a value; values that
 * are null, unknown, too long for the index or refs of hidden entities count nowhere.
 */
export function countValues(run: PlanRun, path: string, scope: Bitset, limit: number): FacetValue[] {
  const key = resolveKey(run, path);
  const byValue = new Map<string, Occurrence>();
  const add = (value: string, ids: IdSet, counted: Bitset): void => {
    const occurrence: Occurrence = { value, ids, scope: counted, others: undefined };
    const known = byValue.get(value);
    if (known === undefined) byValue.set(value, occurrence);
    else if (known.others) known.others.push(occurrence);
    else known.others = [occurrence];
  };
  addTerms(run, key, scope, add);
  for (const term of key.elements) add('true', term.ids, known(run, term.column.path, scope));
  for (const type of key.relations) {
    type.forEachTarget((target, ids) => {
      if (run.shows(target)) add(run.cache.nodes.refOf(target), ids, scope);
    });
  }
  return mostFrequent(byValue.values(), limit);
}

function addTerms(
  run: PlanRun,
  key: FieldKey,
  scope: Bitset,
  add: (value: string, ids: IdSet, counted: Bitset) => void,
): void {
  const columns = new Set(key.nodes.flatMap(valueColumns));
  let values = 0;
  for (const column of columns) values += column.terms.size;
  // Few entities among many values: only the values that those entities have are looked at.
  const occurring = scope.size * TERMS_EACH < values ? termsOfAll(run, scope) : undefined;
  for (const node of key.nodes) {
    const counted = known(run, node, scope);
    for (const column of valueColumns(node)) {
      for (const term of occurring ?? column.terms.values()) {
        if (term.column === column && term.value !== null) add(String(term.value), term.ids, counted);
      }
    }
  }
}

/** Those of `scope` for which what a fact says is known. */
function known(run: PlanRun, node: PathNode, scope: Bitset): Bitset {
  return isFact(node) ? withoutUnknown(run, node, scope.clone()) : scope;
}

function termsOfAll(run: PlanRun, scope: Bitset): ReadonlySet<Term> {
  const terms = new Set<Term>();
  scope.forEach((id) => {
    for (const term of run.cache.termsOf(id)) terms.add(term);
  });
  return terms;
}

function mostFrequent(occurrences: Iterable<Occurrence>, limit: number): FacetValue[] {
  const found: FacetValue[] = [];
  for (const occurrence of occurrences) {
    const count = countOf(occurrence);
    if (count > 0) found.push({ value: occurrence.value, count });
  }
  const facet = byCount(found);
  for (let start = 0; start < Math.min(limit, facet.length);) {
    let end = start + 1;
    while (facet[end]?.count === facet[start]?.count) end += 1;
    if (end - start > 1) {
      const ties = facet.slice(start, end).sort((left, right) => (left.value < right.value ? -1 : 1));
      for (const [index, value] of ties.entries()) facet[start + index] = value;
    }
    start = end;
  }
  return facet.length > limit ? facet.slice(0, limit) : facet;
}

/** Sorted as numbers, largest count first: several times faster than by comparing values too. */
function byCount(values: readonly FacetValue[]): FacetValue[] {
  const keys = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) keys[index] = index - (values[index]?.count ?? 0) * ROOM;
  const sorted: FacetValue[] = [];
  for (const key of keys.sort()) {
    const value = values[key + Math.ceil(-key / ROOM) * ROOM];
    if (value !== undefined) sorted.push(value);
  }
  return sorted;
}

/** Room for the index of a value beside its count in one double: 67 million values, 134 million entities. */
const ROOM = 2 ** 26;

function countOf({ ids, scope, others }: Occurrence): number {
  if (others === undefined) return sizeWithin(ids, scope);
  const union = within(ids, scope);
  for (const other of others) union.or(within(other.ids, other.scope));
  return union.size;
}
