import type { Entity } from '../model/entity.ts';
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Scalar } from '../model/predicate.ts';
import type { Dictionary } from './dictionary.ts';
import { type Flavour, flavour, type PathNode, type Term } from './term.ts';

/** Longer texts are not interned: the path is marked, and what it says is decided by evaluation. */
export const LONGEST_VALUE = 200;

/** Values nested deeper are not looked into; the readers of documents allow far less. */
export const DEEPEST_PATH = 64;

/** Root keys of a document that mean something else to queries: the graph's own relations and facts. */
export const reservedRoots = new Set(['relations', 'facts']);

/** Collects the distinct terms of one entity, each pinned in the dictionary until the caller unpins them. */
export class TermSet {
  readonly terms: Term[] = [];
  readonly dictionary: Dictionary;
  readonly #mark: number;

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
    this.#mark = dictionary.freshMark();
  }

  /** Adds a value, or a bare presence where there is none. */
  add(node: PathNode, kind: Flavour, value: Scalar = null): void {
    const term = this.dictionary.pin(node, kind, value);
    if (term.mark === this.#mark) term.pins -= 1;
    else {
      term.mark = this.#mark;
      this.terms.push(term);
    }
  }
}

/** Flattens a declared entity: everything under its root but what is reserved for relations and facts. */
export function flattenEntity(dictionary: Dictionary, entity: Entity): Term[] {
  const into = new TermSet(dictionary);
  for (const [key, value] of Object.entries(entity)) {
    if (value !== undefined && !reservedRoots.has(key)) {
      flattenValue(into, dictionary.child(dictionary.root, key), value as JsonValue, false);
    }
  }
  // Without the room that pushing left: the list is kept as long as the entity.
  return into.terms.slice();
}

/**
 * Flattens a value at a path.
 *
 * @param inList true below a list, where only Backstage's keys reach: objects in a list flatten without index
 */
export function flattenValue(into: TermSet, node: PathNode, value: JsonValue, inList: boolean): void {
  if (Array.isArray(value)) flattenList(into, node, value, inList, 0);
  else if (isJsonObject(value)) flattenMap(into, node, value, inList);
  else flattenScalar(into, node, value as Scalar, inList ? flavour.deep : flavour.scalar);
}

function flattenMap(into: TermSet, node: PathNode, map: JsonObject, inList: boolean): void {
  into.add(node, inList ? flavour.passage : flavour.map);
  if (node.depth >= DEEPEST_PATH) return;
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value !== undefined) flattenValue(into, into.dictionary.child(node, key), value, inList);
  }
}

function flattenList(into: TermSet, node: PathNode, list: JsonArray, inList: boolean, nesting: number): void {
  into.add(node, inList ? flavour.passage : flavour.list);
  if (nesting > DEEPEST_PATH) return;
  for (const item of list) {
    if (Array.isArray(item)) flattenList(into, node, item, true, nesting + 1);
    else if (isJsonObject(item)) flattenMap(into, node, item, true);
    else flattenScalar(into, node, item as Scalar, inList ? flavour.deepElement : flavour.element);
  }
}

function flattenScalar(into: TermSet, node: PathNode, value: Scalar, kind: Flavour): void {
  if (kind !== flavour.scalar) into.add(node, flavour.leaves);
  if (typeof value !== 'string' || value.length <= LONGEST_VALUE) into.add(node, kind, value);
  else if (kind === flavour.scalar) into.add(node, flavour.long);
}
