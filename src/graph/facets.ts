import { Bitset } from '../base/bitset.ts';
import { type IdSet, within } from '../base/postings.ts';
import { RecentMap } from '../base/recent-map.ts';
import type { Cache } from './cache.ts';
import { FacetColumn } from './facet-column.ts';
import { type FieldKey, isFact, RELATIONS, resolveKey, valueColumns, withoutUnknown } from './plan-field.ts';
import type { PlanRun } from './plan-run.ts';
import type { PathNode } from './term.ts';
import type { FacetValue } from './view.ts';

/** Columns kept for the next facet; about 30 bytes an entity each. */
const KEPT_COLUMNS = 16;

/** The keys that entities have been counted by. */
export class Facets {
  readonly #cache: Cache;
  readonly #columns = new RecentMap<string, FacetColumn>(KEPT_COLUMNS);

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /**
   * Counts entities by value of a dotted path, in the case the values are written, most frequent first, ties by value. An
   * entity counts once a value; values that are null, unknown, too long for the index or refs of hidden entities count
   * nowhere.
   */
  count(run: PlanRun, path: string, scope: Bitset, limit: number): FacetValue[] {
    const key = path.toLowerCase();
    const resolved = resolveKey(run, key);
    if (resolved.elements.length > 0 || resolved.nodes.some(isFact)) return countEach(run, resolved, scope, limit);
    if (resolved.nodes.length === 0 && resolved.relations.length === 0) return [];
    const relation = key.startsWith(RELATIONS) ? key.slice(RELATIONS.length) : undefined;
    const column = this.#columns.of(key, () => new FacetColumn(this.#cache, key, relation));
    const { nodes } = this.#cache;
    const hides = relation !== undefined && !run.seesAll;
    return column.count(scope, limit, hides ? (ref) => run.shows(nodes.idOf(ref) ?? -1) : undefined);
  }
}

/** Counts value by value: for facts, of which freshness decides, and for elements of lists that are asked by name. */
function countEach(run: PlanRun, key: FieldKey, scope: Bitset, limit: number): FacetValue[] {
  const idsByValue = new Map<string, Bitset>();
  const add = (value: string, ids: IdSet, counted: Bitset): void => {
    const found = within(ids, counted);
    if (!found.isEmpty) idsByValue.set(value, found.or(idsByValue.get(value) ?? new Bitset()));
  };
  for (const node of key.nodes) {
    const counted = known(run, node, scope);
    for (const column of valueColumns(node)) {
      for (const term of column.terms.values()) {
        if (term.value !== null) add(String(term.value), term.ids, counted);
      }
    }
  }
  for (const term of key.elements) add('true', term.ids, known(run, term.column.path, scope));
  return Array.from(idsByValue, ([value, ids]) => ({ value, count: ids.size }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
    .slice(0, limit);
}

/** Those of `scope` for which what a fact says is known. */
function known(run: PlanRun, node: PathNode, scope: Bitset): Bitset {
  return isFact(node) ? withoutUnknown(run, node, scope.clone()) : scope;
}
