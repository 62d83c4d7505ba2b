import { Bitset } from '../base/bitset.ts';
import { addId, forEachId, hasId, type IdSet, NO_IDS, removeId } from '../base/postings.ts';
import type { Relation } from '../model/relations.ts';
import { IdTable } from './id-table.ts';
import type { ImageRelations } from './image-relations.ts';
import type { NodeTable } from './node-table.ts';

/** All edges of one relation type, from both ends. */
export class RelationType {
  readonly name: string;
  /** Nodes that show at least one edge of this type. */
  readonly holders = new Bitset();
  /** What each node shows, and who shows it. */
  readonly targets = new IdTable();
  readonly sources = new IdTable();
  /** How many more declarations than one an edge has, where it has; by `pairKey`. */
  readonly again = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** What `source` shows under this type. */
  targetsOf(source: number): IdSet {
    return this.targets.of(source);
  }

  /** Who shows `target` under this type. */
  sourcesOf(target: number): IdSet {
    return this.sources.of(target);
  }

  /** Nodes that others show under this type, with those others. */
  forEachTarget(visit: (target: number, sources: IdSet) => void): void {
    for (const [target, sources] of this.sources.entries()) visit(target, sources);
  }

  /** Notes a declaration of an edge. @returns true when the edge was not there */
  link(source: number, target: number): boolean {
    const targets = this.targetsOf(source);
    if (hasId(targets, target)) {
      const key = pairKey(source, target);
      this.again.set(key, (this.again.get(key) ?? 0) + 1);
      return false;
    }
    this.targets.put(source, addId(targets, target));
    this.sources.put(target, addId(this.sourcesOf(target), source));
    this.holders.add(source);
    return true;
  }

  /** Takes a declaration of an edge back. @returns true when it was the last one */
  unlink(source: number, target: number): boolean {
    if (this.again.size > 0 && this.#takeBackOne(pairKey(source, target))) return false;
    this.targets.put(source, removeId(this.targetsOf(source), target));
    this.sources.put(target, removeId(this.sourcesOf(target), source));
    if (this.targetsOf(source) === NO_IDS) this.holders.delete(source);
    return true;
  }

  #takeBackOne(key: number): boolean {
    const again = this.again.get(key);
    if (again === undefined) return false;
    if (again > 1) this.again.set(key, again - 1);
    else this.again.delete(key);
    return true;
  }
}

/** Two node numbers as one: exact in a double as long as there are fewer than 67 million nodes. */
function pairKey(source: number, target: number): number {
  return source * 2 ** 26 + target;
}

/** An edge as its declaring node keeps it; it holds the target's number. */
export interface Edge {
  readonly forward: RelationType;
  readonly reverse: RelationType;
  readonly target: number;
}

/** Tells that `source` shows (or no longer shows) `target` under a type. */
export type EdgeListener = (source: number, type: string, target: number, added: boolean) => void;

/**
 * The edges between nodes, as they show: an edge that one entity's spec declares shows on both ends, under the type
 * and under its reverse; an edge declared from both ends shows once.
 */
export class RelationIndex {
  readonly types = new Map<string, RelationType>();
  readonly #nodes: NodeTable;
  readonly #listener: EdgeListener;
  readonly #declared = new Map<number, readonly Edge[]>();
  #loaded: ImageRelations | undefined;

  constructor(nodes: NodeTable, listener: EdgeListener) {
    this.#nodes = nodes;
    this.#listener = listener;
  }

  /** The types whose name is `name` in lower case. */
  typesNamed(name: string): readonly RelationType[] {
    return [...this.types.values()].filter((type) => type.name.toLowerCase() === name);
  }

  /** Makes edges of what a document says; `declare` must follow for them. */
  edgesOf(relations: readonly Relation[]): Edge[] {
    return relations.map((relation) => ({
      forward: this.#type(relation.type),
      reverse: this.#type(relation.reverse),
      target: this.#nodes.hold(relation.target),
    }));
  }

  /** What the entity of `source` declares. */
  declaredBy(source: number): readonly Edge[] {
    return this.#declared.get(source) ?? this.#loaded?.edgesOf(source, (name) => this.#type(name)) ?? [];
  }

  /** Takes the edges of an image: into an empty index, or in the place of the same edges. */
  load(image: ImageRelations): void {
    this.#loaded = image;
    this.#declared.clear();
    for (const loaded of image.types) {
      const type = this.#type(loaded.name);
      type.targets.load(loaded.targets);
      type.sources.load(loaded.sources);
      for (const source of loaded.targets.keys) type.holders.add(source);
      for (const [edge, times] of loaded.again) type.again.set(edge, times);
    }
  }

  /** Replaces what the entity of `source` declares. */
  declare(source: number, after: readonly Edge[]): void {
    const before = this.declaredBy(source);
    if (after.length > 0 || this.#loaded) this.#declared.set(source, after);
    else this.#declared.delete(source);
    if (before.length === 0) for (const edge of after) this.#show(source, edge);
    else if (!isSame(before, after)) this.#exchange(source, before, after);
    for (const edge of before) this.#nodes.release(edge.target);
  }

  #exchange(source: number, before: readonly Edge[], after: readonly Edge[]): void {
    const [known, kept] = [new Map<number, Edge[]>(), new Map<number, Edge[]>()];
    for (const edge of before) enter(known, edge);
    for (const edge of after) enter(kept, edge);
    for (const edge of before) if (!isAmong(kept, edge)) this.#withdraw(source, edge);
    for (const edge of after) if (!isAmong(known, edge)) this.#show(source, edge);
  }

  /** Calls `visit` for each edge that a node shows. */
  forEachEdge(source: number, visit: (type: RelationType, target: number) => void): void {
    for (const type of this.types.values()) {
      const targets = type.targetsOf(source);
      if (targets !== NO_IDS) forEachId(targets, (target) => visit(type, target));
    }
  }

  #type(name: string): RelationType {
    let type = this.types.get(name);
    if (type === undefined) {
      type = new RelationType(name);
      this.types.set(name, type);
    }
    return type;
  }

  #show(source: number, { forward, reverse, target }: Edge): void {
    if (forward.link(source, target)) this.#listener(source, forward.name, target, true);
    if (reverse.link(target, source)) this.#listener(target, reverse.name, source, true);
  }

  #withdraw(source: number, { forward, reverse, target }: Edge): void {
    if (forward.unlink(source, target)) this.#listener(source, forward.name, target, false);
    if (reverse.unlink(target, source)) this.#listener(target, reverse.name, source, false);
  }
}

function isEqual(left: Edge, right: Edge | undefined): boolean {
  return left.forward === right?.forward && left.reverse === right.reverse && left.target === right.target;
}

function isSame(left: readonly Edge[], right: readonly Edge[]): boolean {
  return left.length === right.length && left.every((edge, index) => isEqual(edge, right[index]));
}

/** Edges by target: an entity may have thousands of edges, but only few to one target. */
function enter(byTarget: Map<number, Edge[]>, edge: Edge): void {
  const edges = byTarget.get(edge.target);
  if (edges) edges.push(edge);
  else byTarget.set(edge.target, [edge]);
}

function isAmong(byTarget: ReadonlyMap<number, Edge[]>, edge: Edge): boolean {
  return byTarget.get(edge.target)?.some((other) => isEqual(other, edge)) ?? false;
}
