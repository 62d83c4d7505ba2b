import type { StoredEntity } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';

/** An edge that one transaction showed or took away. */
export interface EdgeChange {
  readonly type: string;
  readonly target: string;
  readonly added: boolean;
}

/** A stored fact before one transaction changed it. */
export interface FactUndo {
  readonly collector: string;
  readonly path: string;
  readonly before: Fact | undefined;
}

/** What it takes to see one entity as it was before a transaction. */
export interface Undo {
  readonly ref: string;
  /** What of the entity changed, as bits of `part`. */
  parts: number;
  /** The entity before, where it changed; `stored: undefined` in it: it did not exist. */
  entity: { readonly stored: StoredEntity | undefined } | undefined;
  readonly edges: EdgeChange[];
  /** Stored facts before, by `collector|path`, where any changed. */
  facts: Map<string, FactUndo> | undefined;
}

/** Collects the undo of one transaction, by node. */
export class UndoList {
  readonly #byNode = new Map<number, Undo>();
  readonly #refOf: (id: number) => string;

  constructor(refOf: (id: number) => string) {
    this.#refOf = refOf;
  }

  /** The undos, each of another ref. */
  get undos(): Iterable<Undo> {
    return this.#byNode.values();
  }

  /** What of each node changed. */
  touched(): Map<number, number> {
    const touched = new Map<number, number>();
    for (const [id, undo] of this.#byNode) touched.set(id, undo.parts);
    return touched;
  }

  /** Number of remembered steps, for bounding memory. */
  get size(): number {
    let size = 0;
    for (const undo of this.#byNode.values()) size += 1 + undo.edges.length + (undo.facts?.size ?? 0);
    return size;
  }

  /** Notes that parts of a node changed. @returns its undo, to be completed */
  touch(id: number, parts: number): Undo {
    let undo = this.#byNode.get(id);
    if (undo === undefined) {
      undo = { ref: this.#refOf(id), parts, entity: undefined, edges: [], facts: undefined };
      this.#byNode.set(id, undo);
    } else undo.parts |= parts;
    return undo;
  }
}

/** Notes a fact as it was before its first change. */
export function noteFact(undo: Undo, fact: FactUndo): void {
  undo.facts ??= new Map();
  const key = `${fact.collector}|${fact.path}`;
  if (!undo.facts.has(key)) undo.facts.set(key, fact);
}
