import { Bitset } from '../base/bitset.ts';
import { addId, forEachId, hasId, type IdSet, NO_IDS, removeId } from '../base/postings.ts';
import type { Relation } from '../model/relations.ts';
import type { NodeTable } from './node-table.ts';

/** All edges of one relation type, from both ends. */
export class RelationType {
  readonly name: string;
  /** Nodes that show at least one edge of this type. */
  readonly holders = new Bitset();
  readonly #targets: IdSet[] = [];
  readonly #sources: IdSet[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** What `source` shows under this type. */
  targetsOf(source: number): IdSet {
    return this.#targets[source] ?? NO_IDS;
  }

  /** Who shows `target` under this type. */
  sourcesOf(target: number): IdSet {
    return this.#sources[target] ?? NO_IDS;
  }

  /** Nodes that others show under this type, with those others. */
  forEachTarget(visit: (target: number, sources: IdSet) => void): void {
    for (let target = 0; target < this.#sources.length; target += 1) {
      const sources = this.#sources[target] ?? NO_IDS;
      if (sources !== NO_IDS) visit(target, sources);
    }
  }

  link(source: number, target: number): void {
    put(this.#targets, source, addId(this.targetsOf(source), target));
    put(this.#sources, target, addId(this.sourcesOf(target), source));
    this.holders.add(source);
  }

  unlink(source: number, target: number): void {
    put(this.#targets, source, removeId(this.targetsOf(source), target));
    put(this.#sources, target, removeId(this.sourcesOf(target), source));
    if (this.targetsOf(source) === NO_IDS) this.holders.delete(source);
  }
}

/** Keeps the array dense, so that reading it stays fast. */
function put(sets: IdSet[], at: number, set: IdSet): void {
  while (sets.length < at) sets.push(NO_IDS);
  sets[at] = set;
}

/** An edge as its declaring node keeps it. */
interface Edge {
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
  /** Further declarations of an edge that shows already, by `source type target`. */
  readonly #again = new Map<string, number>();

  constructor(nodes: NodeTable, listener: EdgeListener) {
    this.#nodes = nodes;
    this.#listener = listener;
  }

  /** The types whose name is `name` in lower case. */
  typesNamed(name: string): readonly RelationType[] {
    return [...this.types.values()].filter((type) => type.name.toLowerCase() === name);
  }

  /** Replaces what the entity of `source` declares. */
  declare(source: number, relations: readonly Relation[]): void {
    const before = this.#declared.get(source) ?? [];
    if (this.#isSame(before, relations)) return;
    const after = relations.map((relation) => ({
      forward: this.#type(relation.type),
      reverse: this.#type(relation.reverse),
      target: this.#nodes.hold(relation.target),
    }));
    if (after.length > 0) this.#declared.set(source, after);
    else this.#declared.delete(source);
    this.#exchange(source, before, after);
    for (const edge of before) this.#nodes.release(edge.target);
  }

  #exchange(source: number, before: readonly Edge[], after: readonly Edge[]): void {
    // Most entities are new or go: then there is nothing to compare.
    const kept = before.length > 0 && new Set(after.map(edgeKey));
    const known = after.length > 0 && before.length > 0 && new Set(before.map(edgeKey));
    for (const edge of before) if (!kept || !kept.has(edgeKey(edge))) this.#withdraw(source, edge);
    for (const edge of after) if (!known || !known.has(edgeKey(edge))) this.#show(source, edge);
  }

  /** Calls `visit` for each edge that a node shows. */
  forEachEdge(source: number, visit: (type: RelationType, target: number) => void): void {
    for (const type of this.types.values()) {
      const targets = type.targetsOf(source);
      if (targets !== NO_IDS) forEachId(targets, (target) => visit(type, target));
    }
  }

  #isSame(edges: readonly Edge[], relations: readonly Relation[]): boolean {
    if (edges.length !== relations.length) return false;
    return relations.every((relation, index) => {
      const edge = edges[index];
      if (edge?.forward.name !== relation.type || edge.reverse.name !== relation.reverse) return false;
      return this.#nodes.refOf(edge.target) === relation.target;
    });
  }

  #type(name: string): RelationType {
    let type = this.types.get(name);
    if (type === undefined) {
      type = new RelationType(name);
      this.types.set(name, type);
    }
    return type;
  }

  #show(source: number, edge: Edge): void {
    this.#count(source, edge.forward, edge.target);
    this.#count(edge.target, edge.reverse, source);
  }

  #withdraw(source: number, edge: Edge): void {
    this.#discount(source, edge.forward, edge.target);
    this.#discount(edge.target, edge.reverse, source);
  }

  #count(source: number, type: RelationType, target: number): void {
    if (hasId(type.targetsOf(source), target)) {
      const key = `${source} ${type.name} ${target}`;
      this.#again.set(key, (this.#again.get(key) ?? 0) + 1);
      return;
    }
    type.link(source, target);
    this.#listener(source, type.name, target, true);
  }

  #discount(source: number, type: RelationType, target: number): void {
    const key = `${source} ${type.name} ${target}`;
    const again = this.#again.get(key);
    if (again !== undefined) {
      if (again > 1) this.#again.set(key, again - 1);
      else this.#again.delete(key);
      return;
    }
    type.unlink(source, target);
    this.#listener(source, type.name, target, false);
  }
}

function edgeKey(edge: Edge): string {
  return `${edge.forward.name} ${edge.reverse.name} ${edge.target}`;
}
