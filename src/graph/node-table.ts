import { Bitset } from '../base/bitset.ts';
import type { StoredEntity } from '../model/change.ts';
import { type ImageNodes, plainRecord } from './image-nodes.ts';
import type { Term } from './term.ts';

/**
 * Everything that has a ref, with a dense number each: entities, and refs that only others name (targets of relations,
 * subjects of facts) so that an edge or a fact need not wait for its entity. A number stays with its ref until the
 * last hold on it is gone and `recycle` ran; then another ref may get it.
 */
export class NodeTable {
  /** The nodes that are entities of the catalog. */
  readonly existing = new Bitset();
  #refs: string[] = [];
  readonly #stored: (StoredEntity | undefined)[] = [];
  readonly #terms: (readonly Term[] | undefined)[] = [];
  #holds: number[] = [];
  readonly #idByRef = new Map<string, number>();
  readonly #free: number[] = [];
  /** The entities that are as an image has them: what is said of them is read there when it is asked for. */
  #loaded = new Bitset();
  #image: ImageNodes | undefined;
  #termsOf: ((numbers: Uint32Array) => Term[]) | undefined;
  #unheld: number[] = [];

  /** One more than the highest number in use. */
  get capacity(): number {
    return this.#refs.length;
  }

  /** The number of a ref, where anything is known of it. */
  idOf(ref: string): number | undefined {
    return this.#idByRef.get(ref);
  }

  refOf(id: number): string {
    return this.#refs[id] ?? '';
  }

  /** The record of an entity: the same object until another one is put. */
  stored(id: number): StoredEntity | undefined {
    return (this.#stored[id] ??= this.peek(id));
  }

  /** As `stored`, for one look: another object each time where the entity is as it was loaded. */
  peek(id: number): StoredEntity | undefined {
    return this.#stored[id] ?? (this.#loaded.has(id) ? this.#image?.entity(id, this.refOf(id)) : undefined);
  }

  /** As `stored`, to be kept: it holds on to no image. */
  detached(id: number): StoredEntity | undefined {
    const stored = this.stored(id);
    return stored && this.#loaded.has(id) ? plainRecord(stored) : stored;
  }

  /** All entities, for one look at each. */
  *allStored(): IterableIterator<StoredEntity> {
    for (let id = 0; id < this.#refs.length; id += 1) {
      const stored = this.peek(id);
      if (stored) yield stored;
    }
  }

  /** Terms of the declared entity. */
  terms(id: number): readonly Term[] {
    if (this.#loaded.has(id)) return this.#termsOf?.(this.#image?.termsOf(id) ?? NO_TERMS) ?? [];
    return this.#terms[id] ?? [];
  }

  /** Takes the nodes of an image into an empty table. @param termsOf gives the terms that have these numbers there */
  load(image: ImageNodes, termsOf: (numbers: Uint32Array) => Term[]): void {
    this.#image = image;
    this.#termsOf = termsOf;
    this.#refs = image.refs();
    this.#holds = Array.from(image.holds);
    for (const id of image.entities) {
      this.existing.add(id);
      this.#loaded.add(id);
    }
    for (let id = 0; id < this.#refs.length; id += 1) {
      const ref = this.#refs[id] ?? '';
      if (this.#holds[id] === 0) this.#free.push(id);
      else this.#idByRef.set(ref, id);
      this.#stored.push(undefined);
      this.#terms.push(undefined);
    }
  }

  /** Lets go of what is said of the entities: an image of this very table says the same. */
  adopt(image: ImageNodes, termsOf: (numbers: Uint32Array) => Term[]): void {
    this.#image = image;
    this.#termsOf = termsOf;
    this.#stored.fill(undefined);
    this.#terms.fill(undefined);
    this.#loaded = this.existing.clone();
  }

  /** Takes a hold on a ref: its number lasts at least until `release`. */
  hold(ref: string): number {
    let id = this.#idByRef.get(ref);
    if (id === undefined) {
      id = this.#free.pop() ?? this.#refs.length;
      this.#refs[id] = ref;
      this.#stored[id] = undefined;
      this.#terms[id] = undefined;
      this.#holds[id] = 0;
      this.#idByRef.set(ref, id);
    }
    this.#holds[id] = (this.#holds[id] ?? 0) + 1;
    return id;
  }

  release(id: number): void {
    const holds = (this.#holds[id] ?? 0) - 1;
    this.#holds[id] = holds;
    if (holds === 0) this.#unheld.push(id);
  }

  /** Puts or (with `undefined`) removes the entity of a node, which the caller holds. */
  setStored(id: number, stored: StoredEntity | undefined, terms: readonly Term[]): void {
    this.#stored[id] = stored;
    this.#terms[id] = terms;
    this.#loaded.delete(id);
    if (stored) this.existing.add(id);
    else this.existing.delete(id);
  }

  /** Gives the numbers without holds to the next refs. Nobody may still mean the old refs by them. */
  recycle(): void {
    for (const id of this.#unheld) {
      const ref = this.#refs[id];
      if (this.#holds[id] !== 0 || ref === undefined || this.#idByRef.get(ref) !== id) continue;
      this.#idByRef.delete(ref);
      this.#refs[id] = '';
      this.#free.push(id);
    }
    this.#unheld = [];
  }
}

const NO_TERMS = new Uint32Array();
