import type { IdSet } from '../base/postings.ts';
import type { Scalar } from '../model/predicate.ts';
import type { ImageColumn } from './image-column.ts';
import type { Term } from './term.ts';

/** Makes the term of a value that some entities have already. */
export type MakeTerm = (value: Scalar, ids: IdSet) => Term;

/** The terms of one column by value. Those that come from an image are made when somebody first asks for them. */
export class TermTable {
  readonly #terms = new Map<Scalar, Term>();
  readonly #make: MakeTerm;
  readonly #image: ImageColumn | undefined;
  /** By place in the image: 1 once the term was made, also where it is gone again. */
  #made: Uint8Array | undefined;
  #unmade: number;

  constructor(make: MakeTerm, image: ImageColumn | undefined) {
    this.#make = make;
    this.#image = image;
    this.#unmade = image?.size ?? 0;
  }

  get size(): number {
    return this.#terms.size + this.#unmade;
  }

  get(value: Scalar): Term | undefined {
    const term = this.#terms.get(value);
    if (term !== undefined || this.#unmade === 0) return term;
    const place = this.#image?.placeOf(value) ?? -1;
    return place === -1 ? undefined : this.#makeAt(place);
  }

  /** The term at a place of the image that an entity still has. */
  at(place: number): Term {
    const term = this.#makeAt(place) ?? this.#terms.get(this.#image?.valueAt(place) ?? null);
    if (term === undefined) throw new Error('what an entity has is not forgotten');
    return term;
  }

  /** All terms. */
  values(): IterableIterator<Term> {
    for (let place = 0; this.#unmade > 0; place += 1) this.#makeAt(place);
    return this.#terms.values();
  }

  /** All values with their entities, without making a term for them. Terms may be made meanwhile. */
  *entries(): IterableIterator<{ readonly value: Scalar; readonly ids: IdSet }> {
    const image = this.#image;
    for (let place = 0; place < (image?.size ?? 0); place += 1) {
      const value = image?.valueAt(place) ?? null;
      const term = this.#terms.get(value);
      if (term) yield term;
      else if (image && this.#unmade > 0 && this.#made?.[place] !== 1) yield { value, ids: image.idsAt(place) };
    }
    for (const term of this.#terms.values()) {
      if (image === undefined || image.placeOf(term.value) === -1) yield term;
    }
  }

  /** Enters a term whose value is not there. */
  add(term: Term): void {
    this.#terms.set(term.value, term);
  }

  /** Takes a term out. */
  remove(term: Term): void {
    this.#terms.delete(term.value);
  }

  /** @returns nothing where the term at this place was made before */
  #makeAt(place: number): Term | undefined {
    const image = this.#image;
    if (image === undefined || this.#unmade === 0) return undefined;
    this.#made ??= new Uint8Array(image.size);
    if (this.#made[place] !== 0) return undefined;
    this.#made[place] = 1;
    this.#unmade -= 1;
    if (this.#unmade === 0) this.#made = undefined;
    const term = this.#make(image.valueAt(place), image.idsAt(place));
    this.#terms.set(term.value, term);
    return term;
  }
}
