import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Subject, SubjectFact } from '../model/predicate.ts';
import { KIND, Unknown, type Value } from './value.ts';

type Facts = Readonly<Record<string, SubjectFact>>;

/** Reading a stale or failed fact. One object, since it is met once an entity in a scan. */
export const STALE = new Unknown('the fact is stale or failed');

/**
 * A part of an entity's facts as nested maps: the fact `image.age` is the key `age` of the map `image`. Nothing is
 * built before it is read. A fact below another's map value wins over what that map says; a scalar fact hides what
 * is below it, so no collector should publish both.
 */
export class FactTree {
  readonly [KIND] = 'map' as const;
  readonly #facts: Facts;
  readonly #prefix: string;
  /** Value of a fact that stands at this very path, where there are facts below it too. */
  readonly #base: JsonObject | Unknown | undefined;

  constructor(facts: Facts, prefix = '', base?: JsonObject | Unknown) {
    this.#facts = facts;
    this.#prefix = prefix;
    this.#base = base;
  }

  /** Facts of the collector: what it costs to look for something below a path. */
  get size(): number {
    return Object.keys(this.#facts).length;
  }

  /** What stands at a key: a value, a deeper tree, unknown where it is stale or failed, or undefined where it is absent. */
  get(key: string): JsonValue | FactTree | Unknown | undefined {
    const path = this.#prefix + key;
    const value = this.#valueAt(path, key);
    if (value !== undefined && !(value instanceof Unknown) && !isJsonObject(value)) return value;
    return hasBelow(this.#facts, path) ? new FactTree(this.#facts, `${path}.`, value) : value;
  }

  #valueAt(path: string, key: string): JsonValue | Unknown | undefined {
    if (Object.hasOwn(this.#facts, path)) return factValue(this.#facts[path]);
    if (this.#base instanceof Unknown) return this.#base;
    return this.#base && Object.hasOwn(this.#base, key) ? this.#base[key] : undefined;
  }

  /** The whole tree as one map, unknown where any part of it is. Linear in the number of facts. */
  toMap(): JsonObject | Unknown {
    const root: Branch = { fact: undefined, children: new Map() };
    for (const [path, fact] of Object.entries(this.#facts)) {
      if (path.startsWith(this.#prefix)) insert(root, path.slice(this.#prefix.length).split('.'), fact);
    }
    const map = wholeOf(root, this.#base ?? {});
    return map instanceof Unknown || isJsonObject(map) ? map : {};
  }
}

/** Facts by the segments of their paths. */
interface Branch {
  fact: SubjectFact | undefined;
  readonly children: Map<string, Branch>;
}

function insert(root: Branch, path: readonly string[], fact: SubjectFact): void {
  let branch = root;
  for (const segment of path) {
    let next = branch.children.get(segment);
    if (!next) branch.children.set(segment, (next = { fact: undefined, children: new Map() }));
    branch = next;
  }
  branch.fact = fact;
}

/** @param inherited what the value of a fact above says here */
function wholeOf(
  { fact, children }: Branch,
  inherited: JsonValue | Unknown | undefined,
): JsonValue | Unknown | undefined {
  const value = fact ? factValue(fact) : inherited;
  if (children.size === 0 || value instanceof Unknown || (value !== undefined && !isJsonObject(value))) return value;
  const map = new Map<string, JsonValue | undefined>(Object.entries(value ?? {}));
  for (const [name, child] of children) {
    const whole = wholeOf(child, map.get(name));
    if (whole instanceof Unknown) return whole;
    map.set(name, whole);
  }
  return Object.fromEntries(map);
}

/** The variable `facts`: the trees by collector. */
export class FactRoot {
  readonly [KIND] = 'map' as const;
  readonly #collectors: Subject['facts'];

  constructor(collectors: Subject['facts']) {
    this.#collectors = collectors;
  }

  get size(): number {
    return Object.keys(this.#collectors).length;
  }

  get(collector: string): FactTree | undefined {
    const facts = Object.hasOwn(this.#collectors, collector) ? this.#collectors[collector] : undefined;
    return facts && new FactTree(facts);
  }

  toMap(): JsonObject | Unknown {
    const all: [string, JsonValue][] = [];
    for (const [collector, facts] of Object.entries(this.#collectors)) {
      const map = new FactTree(facts).toMap();
      if (map instanceof Unknown) return map;
      all.push([collector, map]);
    }
    return Object.fromEntries(all);
  }
}

/** True for maps of facts, which are read key by key: as a whole they are unknown where any fact in them is. */
export function isFactMap(value: unknown): value is FactTree | FactRoot {
  return value instanceof FactTree || value instanceof FactRoot;
}

/**
 * Reads `facts.<collector>.<path>`. The fact with the longest path that fits wins; the rest of the path leads into
 * its value.
 *
 * @param path the segments below the collector, at least one
 * @param joined the same joined with dots
 */
export function readFact(facts: Facts, path: readonly string[], joined: string): Value | Unknown | undefined {
  if (Object.hasOwn(facts, joined)) {
    const value = factValue(facts[joined]);
    const leaf = value !== undefined && !(value instanceof Unknown) && !isJsonObject(value);
    return leaf || !hasBelow(facts, joined) ? value : new FactTree(facts, `${joined}.`, value);
  }
  for (let length = path.length - 1; length > 0; length -= 1) {
    const shorter = path.slice(0, length).join('.');
    if (Object.hasOwn(facts, shorter)) {
      const value = factValue(facts[shorter]);
      const inside = value instanceof Unknown ? value : descend(value, path, length);
      if (!hasBelow(facts, joined)) return inside;
      return new FactTree(facts, `${joined}.`, inside instanceof Unknown || isJsonObject(inside) ? inside : undefined);
    }
  }
  return hasBelow(facts, joined) ? new FactTree(facts, `${joined}.`) : undefined;
}

function descend(start: JsonValue | undefined, path: readonly string[], from: number): JsonValue | undefined {
  let value = start;
  for (let index = from; index < path.length; index += 1) {
    const key = path[index];
    if (!isJsonObject(value) || key === undefined || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function factValue(fact: SubjectFact | undefined): JsonValue | Unknown | undefined {
  return fact?.unknown ? STALE : fact?.value;
}

function hasBelow(facts: Facts, path: string): boolean {
  for (const key in facts) {
    if (key.length > path.length && key.charCodeAt(path.length) === 46 && key.startsWith(path)) return true;
  }
  return false;
}
