import { Bitset } from '../base/bitset.ts';
import { forEachId } from '../base/postings.ts';
import type { Cache } from './cache.ts';
import { valueColumns } from './plan-field.ts';
import { type Column, lowerText, type Term } from './term.ts';
import { part } from './touch-log.ts';
import type { SortOrder } from './view.ts';

/** What an entity is sorted by: a number, a lower-cased text, or nothing. */
export type SortKey = number | string | undefined;

/** Past this share of changed entities a new sort is cheaper than a merge. */
const MERGE_SHARE = 2;

/**
 * All entities in one order: numbers before texts before nothing, ties by ref; `desc` turns numbers and texts around,
 * entities without a value stay last. Of several values in a list the smallest counts. It is sorted on first use and then
 * kept: the entities whose key changed are merged in when the order is next used. Stale facts sort by their last value.
 * An order `as: 'text'` takes numbers for texts.
 */
export class Permutation {
  readonly #cache: Cache;
  readonly #order: SortOrder | undefined;
  readonly #byRef: Permutation | undefined;
  /** The parts of an entity that its key is made of. */
  readonly #parts: number;
  #ids: number[] = [];
  #positions: number[] | undefined;
  /** Key and ref by id, as sorted; what is not in `#members` has neither. */
  #keys: SortKey[] = [];
  #refs: string[] = [];
  #members = new Bitset();
  #step = -1;

  /** @param sorted the order, and the order by ref that breaks its ties; absent: this is the order by ref */
  constructor(cache: Cache, sorted?: { readonly order: SortOrder; readonly byRef: Permutation }) {
    this.#cache = cache;
    this.#order = sorted?.order;
    this.#byRef = sorted?.byRef;
    const readsFacts = sorted?.order.path.toLowerCase().startsWith('facts.') ?? false;
    this.#parts = readsFacts ? part.entity | part.facts : part.entity;
  }

  /** The entities in order. Shared: do not change. */
  ids(): readonly number[] {
    this.#catchUp();
    return this.#ids;
  }

  /** The key of an entity, after `ids`. */
  keyOf(id: number): SortKey {
    return this.#keys[id];
  }

  /** Where each entity stands in the order, by id. */
  positions(): readonly number[] {
    this.#catchUp();
    if (this.#positions === undefined) {
      const positions: number[] = Array.from({ length: this.#cache.nodes.capacity }, () => 0);
      for (let index = 0; index < this.#ids.length; index += 1) positions[this.#ids[index] ?? 0] = index;
      this.#positions = positions;
    }
    return this.#positions;
  }

  /**
   * The number of entities that stand before a place in the order.
   * @param past true: an entity exactly at the place counts too
   */
  countBefore(key: SortKey, ref: string, past: boolean): number {
    const ids = this.ids();
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compareTo(ids[middle] ?? 0, key, ref);
      if (order < 0 || (past && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #catchUp(): void {
    const { touches } = this.#cache;
    if (this.#step === touches.step) return;
    const touched = this.#step < 0 ? undefined : touches.since(this.#step, this.#parts);
    this.#step = touches.step;
    if (touched === undefined || touched.size * MERGE_SHARE > this.#ids.length) this.#rebuild();
    else this.#update(touched);
  }

  #update(touched: Bitset): void {
    const { nodes } = this.#cache;
    const columns = new Set(this.#columns());
    const moved = new Bitset(nodes.capacity);
    const entering: number[] = [];
    touched.forEach((id) => {
      const exists = nodes.existing.has(id);
      const was = this.#members.has(id);
      const key = exists ? this.#readKey(id, columns) : undefined;
      const ref = nodes.refOf(id);
      if (exists === was && (!was || (key === this.#keys[id] && ref === this.#refs[id]))) return;
      moved.add(id);
      this.#enter(id, exists, key, ref);
      if (exists) entering.push(id);
    });
    if (!moved.isEmpty) this.#merge(moved, entering);
  }

  #enter(id: number, exists: boolean, key: SortKey, ref: string): void {
    if (exists) this.#members.add(id);
    else this.#members.delete(id);
    this.#keys[id] = key;
    this.#refs[id] = exists ? ref : '';
  }

  #merge(moved: Bitset, entering: number[]): void {
    entering.sort((left, right) => this.#compareTo(left, this.#keys[right], this.#refs[right] ?? ''));
    const merged: number[] = [];
    let next = 0;
    for (const id of this.#ids) {
      if (moved.has(id)) continue;
      for (let other = entering[next]; other !== undefined; other = entering[next]) {
        if (this.#compareTo(other, this.#keys[id], this.#refs[id] ?? '') > 0) break;
        merged.push(other);
        next += 1;
      }
      merged.push(id);
    }
    for (; next < entering.length; next += 1) merged.push(entering[next] ?? 0);
    this.#ids = merged;
    this.#positions = undefined;
  }

  #rebuild(): void {
    const { nodes } = this.#cache;
    this.#members = nodes.existing.clone();
    this.#positions = undefined;
    this.#refs = Array.from({ length: nodes.capacity }, (_, id) => (nodes.existing.has(id) ? nodes.refOf(id) : ''));
    this.#keys = Array.from({ length: nodes.capacity }, () => undefined);
    this.#ids = this.#byRef ? this.#sortByKey(this.#byRef.positions()) : this.#sortByRef();
  }

  #sortByRef(): number[] {
    const refs: string[] = [];
    this.#members.forEach((id) => refs.push(this.#refs[id] ?? ''));
    return refs.sort().map((ref) => this.#cache.nodes.idOf(ref) ?? 0);
  }

  /** Sorts by one number an entity, rank of the key and then of the ref, which is several times faster than comparing. */
  #sortByKey(refPositions: readonly number[]): number[] {
    const termsByKey = this.#termsByKey();
    const ascending = [...termsByKey.keys()].sort(compareKeys);
    const ranks = new Float64Array(this.#refs.length).fill(ascending.length);
    // From the largest key to the smallest, so that the smallest of an entity's keys is what stays.
    for (let index = ascending.length - 1; index >= 0; index -= 1) {
      const key = ascending[index];
      const rank = this.#isDescending ? ascending.length - 1 - index : index;
      for (const term of termsByKey.get(key) ?? []) {
        forEachId(term.ids, (id) => {
          this.#keys[id] = key;
          ranks[id] = rank;
        });
      }
    }
    const combined = new Float64Array(this.#members.size);
    let next = 0;
    this.#members.forEach((id) => {
      combined[next] = (ranks[id] ?? 0) * TIES + (refPositions[id] ?? 0);
      next += 1;
    });
    combined.sort();
    const byRef = this.#byRef?.ids() ?? [];
    return Array.from(combined, (value) => byRef[value % TIES] ?? 0);
  }

  #termsByKey(): Map<SortKey, Term[]> {
    const termsByKey = new Map<SortKey, Term[]>();
    for (const column of this.#columns()) {
      for (const term of column.terms.values()) {
        const key = this.#keyOfTerm(term);
        if (key === undefined) continue;
        const terms = termsByKey.get(key);
        if (terms) terms.push(term);
        else termsByKey.set(key, [term]);
      }
    }
    return termsByKey;
  }

  #columns(): Column[] {
    if (this.#order === undefined) return [];
    return this.#cache.dictionary.withAlias(this.#order.path.toLowerCase()).flatMap(valueColumns);
  }

  #readKey(id: number, columns: ReadonlySet<Column>): SortKey {
    let smallest: SortKey;
    if (columns.size === 0) return smallest;
    for (const term of this.#cache.termsOf(id)) {
      if (!columns.has(term.column)) continue;
      const key = this.#keyOfTerm(term);
      if (compareKeys(key, smallest) < 0) smallest = key;
    }
    return smallest;
  }

  #keyOfTerm({ value }: Term): SortKey {
    return typeof value === 'number' && this.#order?.as !== 'text' ? value : lowerText(value);
  }

  get #isDescending(): boolean {
    return this.#order?.direction === 'desc';
  }

  /** Compares an entity with a place in the order. */
  #compareTo(id: number, key: SortKey, ref: string): number {
    const own = this.#keys[id];
    if (own !== key) {
      const order = compareKeys(own, key);
      return this.#isDescending && own !== undefined && key !== undefined ? -order : order;
    }
    const ownRef = this.#refs[id] ?? '';
    return ownRef < ref ? -1 : ownRef > ref ? 1 : 0;
  }
}

/** Room for the position by ref beside the rank of the key in one double: 67 million entities, 134 million values. */
const TIES = 2 ** 26;

/** Numbers, then texts, then nothing. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : 1;
}
