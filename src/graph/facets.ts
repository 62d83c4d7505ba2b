import { Bitset } from '../base/bitset.ts';
import { type IdSet, sizeWithin, within } from '../base/postings.ts';
import { type FieldKey, isFact, resolveKey, valueColumns, withoutUnknown } from './plan-field.ts';
import type { PlanRun } from './plan-run.ts';
import type { PathNode, Term } from './term.ts';
import type { FacetValue } from './view.ts';

/** Terms that an entity has, about: what finding the values of one entity costs. */
const TERMS_EACH = 40;

/** Entities with one value: the sets whose union they are, each with the entities that count in it. */
type Sources = { readonly ids: IdSet; readonly scope: Bitset }[];

/**
 * Counts entities by value of a dotted path, in the case the values are written. An entity counts once a value; values that
 * are null, unknown, too long for the index or refs of hidden entities count nowhere.
 */
export function countValues(run: PlanRun, path: string, scope: Bitset, limit: number): FacetValue[] {
  const key = resolveKey(run, path);
  const byValue = new Map<string, Sources>();
  const add = (value: string, ids: IdSet, counted: Bitset): void => {
    const sources = byValue.get(value);
    if (sources) sources.push({ ids, scope: counted });
    else byValue.set(value, [{ ids, scope: counted }]);
  };
  addTerms(run, key, scope, add);
  for (const term of key.elements) add('true', term.ids, known(run, term.column.path, scope));
  for (const type of key.relations) {
    type.forEachTarget((target, ids) => {
      if (run.shows(target)) add(run.cache.nodes.refOf(target), ids, scope);
    });
  }
  return mostFrequent(byValue, limit);
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

function mostFrequent(byValue: ReadonlyMap<string, Sources>, limit: number): FacetValue[] {
  const facet: FacetValue[] = [];
  for (const [value, sources] of byValue) {
    const count = countOf(sources);
    if (count > 0) facet.push({ value, count });
  }
  return facet.sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1)).slice(0, limit);
}

function countOf(sources: Sources): number {
  const [only] = sources;
  if (only && sources.length === 1) return sizeWithin(only.ids, only.scope);
  const union = new Bitset();
  for (const { ids, scope } of sources) union.or(within(ids, scope));
  return union.size;
}
