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
  /** Stored facts before, by `collector|path`, where they changed. */
  readonly facts: Map<string, FactUndo>;
}

/** Collects the undo of one transaction, by ref. */
export class UndoList {
  readonly byRef = new Map<string, Undo>();

  /** Number of remembered steps, for bounding memory. */
  get size(): number {
    let size = 0;
    for (const undo of this.byRef.values()) size += 1 + undo.edges.length + undo.facts.size;
    return size;
  }

  touch(ref: string, parts: number): void {
    this.#of(ref).parts |= parts;
  }

  entity(ref: string, stored: StoredEntity | undefined): void {
    this.#of(ref).entity ??= { stored };
  }

  edge(ref: string, change: EdgeChange): void {
    this.#of(ref).edges.push(change);
  }

  fact(ref: string, collector: string, path: string, before: Fact | undefined): void {
    const { facts } = this.#of(ref);
    const key = `${collector}|${path}`;
    if (!facts.has(key)) facts.set(key, { collector, path, before });
  }

  #of(ref: string): Undo {
    let undo = this.byRef.get(ref);
    if (undo === undefined) {
      undo = { ref, parts: 0, entity: undefined, edges: [], facts: new Map() };
      this.byRef.set(ref, undo);
    }
    return undo;
  }
}
