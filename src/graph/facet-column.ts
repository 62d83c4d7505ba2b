import { Bitset } from '../base/bitset.ts';
import { forEachId } from '../base/postings.ts';
import type { Cache } from './cache.ts';
import { isValued, valueColumns } from './plan-field.ts';
import type { RelationType } from './relation-index.ts';
import { part } from './touch-log.ts';
import type { FacetValue } from './view.ts';

/** Values of one entity: none, one ordinal, or a list of distinct ones. */
type Ordinals = number | readonly number[] | undefined;

/** Past this share of changed entities, or of values that nobody has any more, filling anew is cheaper. */
const REFILL_SHARE = 8;

/** Columns with few values keep the entities of each as a set too. */
const MOST_SETS = 64;

/** What reading one value of one entity costs beside counting the bits of one word: measured, about. */
const READING = 2;

/**
 * The values that entities have at one dotted key, by entity: what counting them takes. The terms know the entities of a
 * value, but a facet has hundreds of values, and asking each costs more than reading the values of some thousand
 * entities. Totals over all are kept, so that no more than half of the entities are ever read: those inside the asked
 * set, or those outside. Filled on first use; entities that were touched are read again when it is next used.
 */
export class FacetColumn {
  readonly #cache: Cache;
  readonly #key: string;
  readonly #relation: string | undefined;
  /** The parts of an entity that its values come from. */
  readonly #parts: number;
  #values: string[] = [];
  #ordinals = new Map<string, number>();
  #totals: number[] = [];
  #unused = 0;
  #byId: Ordinals[] = [];
  #holders = new Bitset();
  /** The entities of each value, as long as there are few values. */
  #sets: Bitset[] | undefined;
  /** Number of all totals together. */
  #entries = 0;
  /** Ordinals by value, and the place of each in that order; `undefined` until somebody asks. */
  #sorted: readonly number[] | undefined;
  #ranks: readonly number[] = [];
  #step = -1;

  /**
   * @param key in lower case, of no fact
   * @param relation the type's name in lower case, where the key is one of relations
   */
  constructor(cache: Cache, key: string, relation: string | undefined) {
    this.#cache = cache;
    this.#key = key;
    this.#relation = relation;
    this.#parts = relation === undefined ? part.entity : part.entity | part.relations;
  }

  /**
   * Counts the entities of `scope` by value, most frequent first, ties by value.
   * @param shows which values may show; absent: all
   */
  count(scope: Bitset, limit: number, shows?: (value: string) => boolean): FacetValue[] {
    this.#catchUp();
    const counts = this.#countIn(scope);
    const [sorted, ranks] = [this.#order(), this.#ranks];
    const found: number[] = [];
    for (let ordinal = 0; ordinal < counts.length; ordinal += 1) {
      const count = counts[ordinal] ?? 0;
      // One number a value: sorting numbers is several times faster than comparing.
      if (count > 0) found.push((ranks[ordinal] ?? 0) - count * ROOM);
    }
    const facet: FacetValue[] = [];
    for (const key of new Float64Array(found).sort()) {
      if (facet.length >= limit) break;
      const count = Math.ceil(-key / ROOM);
      const value = this.#values[sorted[key + count * ROOM] ?? 0] ?? '';
      if (shows === undefined || shows(value)) facet.push({ value, count });
    }
    return facet;
  }

  /** Counts in the cheapest of three ways; none of them makes a set. */
  #countIn(scope: Bitset): Int32Array {
    const holders = this.#holders.size;
    const inside = this.#holders.intersectionSize(scope);
    const outside = holders - inside;
    const readings = (Math.min(inside, outside) * this.#entries) / Math.max(holders, 1);
    const words = (this.#values.length * this.#cache.nodes.capacity) / 32;
    if (this.#sets && words < readings * READING) {
      return Int32Array.from(this.#sets, (ids) => ids.intersectionSize(scope));
    }
    const counts = new Int32Array(this.#values.length);
    this.#holders.countGroups(scope, inside <= outside, this.#byId, counts);
    if (inside > outside) {
      for (let ordinal = 0; ordinal < counts.length; ordinal += 1) {
        counts[ordinal] = (this.#totals[ordinal] ?? 0) - (counts[ordinal] ?? 0);
      }
    }
    return counts;
  }

  #order(): readonly number[] {
    if (this.#sorted === undefined) {
      const values = this.#values;
      const compare = (a: number, b: number): number => ((values[a] ?? '') < (values[b] ?? '') ? -1 : 1);
      this.#sorted = values.map((_, ordinal) => ordinal).sort(compare);
      const ranks: number[] = values.map(() => 0);
      for (const [rank, ordinal] of this.#sorted.entries()) ranks[ordinal] = rank;
      this.#ranks = ranks;
    }
    return this.#sorted;
  }

  #catchUp(): void {
    const { touches } = this.#cache;
    if (this.#step === touches.step) return;
    const touched = this.#step < 0 ? undefined : touches.since(this.#step, this.#parts);
    this.#step = touches.step;
    const isStale = this.#unused * REFILL_SHARE > this.#values.length + REFILL_SHARE;
    if (touched === undefined || isStale || touched.size * REFILL_SHARE > this.#holders.size) this.#fill();
    else touched.forEach((id) => this.#put(id, this.#read(id)));
  }

  #fill(): void {
    this.#values = [];
    this.#ordinals = new Map();
    this.#totals = [];
    this.#unused = 0;
    this.#entries = 0;
    this.#sets = [];
    this.#byId = Array.from({ length: this.#cache.nodes.capacity }, () => undefined);
    this.#holders = new Bitset(this.#cache.nodes.capacity);
    this.#sorted = undefined;
    for (const node of this.#cache.dictionary.withAlias(this.#key)) {
      for (const column of valueColumns(node)) {
        for (const { value, ids } of column.terms.values()) {
          if (value !== null) forEachId(ids, (id) => this.#add(id, String(value)));
        }
      }
    }
    for (const type of this.#types()) {
      type.forEachTarget((target, sources) => {
        const ref = this.#cache.nodes.refOf(target);
        forEachId(sources, (id) => this.#add(id, ref));
      });
    }
  }

  #types(): readonly RelationType[] {
    return this.#relation === undefined ? [] : this.#cache.relations.typesNamed(this.#relation);
  }

  /** The values of an entity now. */
  #read(id: number): Set<string> {
    const values = new Set<string>();
    for (const { column, value } of this.#cache.termsOf(id)) {
      if (column.path.alias === this.#key && isValued(column) && value !== null) values.add(String(value));
    }
    for (const type of this.#types()) {
      forEachId(type.targetsOf(id), (target) => values.add(this.#cache.nodes.refOf(target)));
    }
    return values;
  }

  /** Replaces the values of an entity. */
  #put(id: number, values: ReadonlySet<string>): void {
    const before = this.#byId[id];
    if (before === undefined && values.size === 0) return;
    for (const ordinal of listOf(before)) {
      this.#total(ordinal, -1);
      this.#sets?.[ordinal]?.delete(id);
    }
    this.#byId[id] = undefined;
    this.#holders.delete(id);
    for (const value of values) this.#add(id, value);
  }

  #add(id: number, value: string): void {
    let ordinal = this.#ordinals.get(value);
    if (ordinal === undefined) {
      ordinal = this.#values.push(value) - 1;
      this.#ordinals.set(value, ordinal);
      this.#totals.push(0);
      if (this.#values.length <= MOST_SETS) this.#sets?.push(new Bitset(this.#cache.nodes.capacity));
      else this.#sets = undefined;
      this.#unused += 1;
      this.#sorted = undefined;
    }
    const known = this.#byId[id];
    if (known === ordinal || (typeof known === 'object' && known.includes(ordinal))) return;
    this.#byId[id] = known === undefined ? ordinal : [...listOf(known), ordinal];
    this.#holders.add(id);
    this.#sets?.[ordinal]?.add(id);
    this.#total(ordinal, 1);
  }

  #total(ordinal: number, change: 1 | -1): void {
    const before = this.#totals[ordinal] ?? 0;
    this.#totals[ordinal] = before + change;
    this.#entries += change;
    if (before === 0) this.#unused -= 1;
    else if (before + change === 0) this.#unused += 1;
  }
}

function listOf(ordinals: Ordinals): readonly number[] {
  if (ordinals === undefined) return [];
  return typeof ordinals === 'number' ? [ordinals] : ordinals;
}

/** Room for the rank of a value beside its count in one double: 67 million values, 134 million entities. */
const ROOM = 2 ** 26;
