import { type IdSet, NO_IDS } from '../base/postings.ts';
import type { Fact } from '../model/fact.ts';
import type { Dictionary } from './dictionary.ts';
import { flattenValue, TermSet } from './flatten.ts';
import { type SourceKey, volatileSource } from './freshness.ts';
import type { NodeTable } from './node-table.ts';
import { flavour, type PathNode, type Term } from './term.ts';

/** Where a fact stands. */
export type FactPlace = Pick<Fact, 'entityRef' | 'collector' | 'path'>;

/** The fact at one path: a volatile one hides a stored one. */
interface Slot {
  stored: Fact | undefined;
  volatile: Fact | undefined;
}

/** What one collector says about one entity. */
interface CollectorFacts {
  readonly collector: string;
  readonly slots: Map<string, Slot>;
  terms: readonly Term[];
}

/** A fact with the name of its source as freshness knows it. */
export interface IndexedFact {
  readonly fact: Fact;
  readonly source: string;
}

/**
 * All facts by entity, and their terms under `facts.<collector>.<path>`. Each fact also enters its entity in the
 * `holder` column of its path, by source, so that a plan can tell what a stale source makes unknown.
 */
export class FactIndex {
  readonly #dictionary: Dictionary;
  readonly #nodes: NodeTable;
  /** A list, since an entity has facts of few collectors; a map would be three times as large. */
  readonly #byNode = new Map<number, CollectorFacts[]>();
  readonly #dirty = new Map<CollectorFacts, number>();
  #size = 0;

  constructor(dictionary: Dictionary, nodes: NodeTable) {
    this.#dictionary = dictionary;
    this.#nodes = nodes;
  }

  /** Number of facts, stored and volatile. */
  get size(): number {
    return this.#size;
  }

  /** The fact of one layer at a path of a ref. */
  get(layer: keyof Slot, key: FactPlace): Fact | undefined {
    return this.#slot(key)?.[layer];
  }

  /** The facts of a node that count, by collector and path. */
  *factsOf(id: number): IterableIterator<IndexedFact> {
    for (const { slots } of this.#byNode.get(id) ?? []) {
      for (const slot of slots.values()) {
        const indexed = visible(slot);
        if (indexed) yield indexed;
      }
    }
  }

  /** All stored facts. */
  *allStored(): IterableIterator<Fact> {
    for (const byCollector of this.#byNode.values()) {
      for (const { slots } of byCollector) for (const { stored } of slots.values()) if (stored) yield stored;
    }
  }

  /** The terms of a node's facts. */
  *termsOf(id: number): IterableIterator<Term> {
    for (const { terms } of this.#byNode.get(id) ?? []) yield* terms;
  }

  /** Puts or removes a fact; call `reindex` after the last one. @returns its node where something changed */
  set(layer: keyof Slot, key: FactPlace, fact: Fact | undefined): number | undefined {
    const slotBefore = this.#slot(key);
    const before = slotBefore?.[layer];
    if (before === undefined && fact === undefined) return undefined;
    const id = this.#nodes.hold(key.entityRef);
    const facts = this.#collectorFacts(id, key.collector);
    const slot = slotBefore ?? { stored: undefined, volatile: undefined };
    slot[layer] = fact;
    if (visible(slot)) facts.slots.set(key.path, slot);
    else facts.slots.delete(key.path);
    this.#size += (fact ? 1 : 0) - (before ? 1 : 0);
    this.#dirty.set(facts, id);
    // One hold a fact: the one taken above stays for a new fact, and goes with the old one.
    if (before) this.#nodes.release(id);
    if (!fact) this.#nodes.release(id);
    return id;
  }

  /** Brings the terms of all changed facts up to date. */
  reindex(): void {
    for (const [facts, id] of this.#dirty) {
      const terms = this.#flatten(facts.collector, facts.slots);
      this.#dictionary.replace(id, facts.terms, terms);
      this.#dictionary.unpin(terms);
      facts.terms = terms;
      if (facts.slots.size === 0) this.#forget(id, facts);
    }
    this.#dirty.clear();
  }

  /** Calls `visit` with the nodes that hold a fact of a pair, one set a path. */
  forEachHolder(key: SourceKey, visit: (ids: IdSet) => void): void {
    const root = this.#dictionary.find(['facts', key.collector]);
    if (root) visitHolders(root, key.source, visit);
  }

  #slot(key: FactPlace): Slot | undefined {
    const id = this.#nodes.idOf(key.entityRef);
    return id === undefined ? undefined : this.#factsBy(id, key.collector)?.slots.get(key.path);
  }

  #factsBy(id: number, collector: string): CollectorFacts | undefined {
    return this.#byNode.get(id)?.find((facts) => facts.collector === collector);
  }

  #collectorFacts(id: number, collector: string): CollectorFacts {
    const known = this.#factsBy(id, collector);
    if (known) return known;
    const facts: CollectorFacts = { collector, slots: new Map(), terms: [] };
    const others = this.#byNode.get(id);
    this.#byNode.set(id, others ? [...others, facts] : [facts]);
    return facts;
  }

  #forget(id: number, facts: CollectorFacts): void {
    const others = this.#byNode.get(id)?.filter((other) => other !== facts) ?? [];
    if (others.length > 0) this.#byNode.set(id, others);
    else this.#byNode.delete(id);
  }

  #flatten(collector: string, slots: ReadonlyMap<string, Slot>): Term[] {
    const into = new TermSet(this.#dictionary);
    if (slots.size === 0) return into.terms;
    const dictionary = this.#dictionary;
    const root = dictionary.child(dictionary.child(dictionary.root, 'facts'), collector);
    into.add(root, flavour.map);
    const overlaps = hasOverlap(slots);
    if (overlaps) into.add(root, flavour.opaque);
    for (const [path, slot] of slots) {
      const indexed = visible(slot);
      if (!indexed) continue;
      const node = descend(into, root, path, overlaps);
      into.add(node, flavour.holder, indexed.source);
      if (indexed.fact.error !== undefined) into.add(node, flavour.failed);
      else flattenValue(into, node, indexed.fact.value, overlaps);
    }
    return into.terms;
  }
}

function visible(slot: Slot): IndexedFact | undefined {
  if (slot.volatile) return { fact: slot.volatile, source: volatileSource(slot.volatile.source) };
  return slot.stored && { fact: slot.stored, source: slot.stored.source };
}

function descend(into: TermSet, root: PathNode, path: string, overlaps: boolean): PathNode {
  let node = root;
  for (const segment of path.split('.')) {
    if (node !== root && !overlaps) into.add(node, flavour.map);
    node = into.dictionary.child(node, segment);
  }
  return node;
}

/** True when a fact's path leads through another fact. */
function hasOverlap(slots: ReadonlyMap<string, unknown>): boolean {
  if (slots.size < 2) return false;
  for (const path of slots.keys()) {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      if (slots.has(path.slice(0, dot))) return true;
    }
  }
  return false;
}

function visitHolders(node: PathNode, source: string, visit: (ids: IdSet) => void): void {
  const ids = node.column(flavour.holder)?.terms.get(source)?.ids ?? NO_IDS;
  if (ids !== NO_IDS) visit(ids);
  for (const child of node.children.values()) visitHolders(child, source, visit);
}
