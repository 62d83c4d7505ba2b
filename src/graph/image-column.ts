import type { TextColumn } from '../base/text-column.ts';
import type { IdSet } from '../base/postings.ts';
import type { Scalar } from '../model/predicate.ts';
import type { IdLists } from './id-lists.ts';
import { type ScalarType, scalarType, typeOf } from './term.ts';

/** The values of all columns, and who has them, by the number of the term. */
export interface ImageTerms {
  readonly texts: TextColumn;
  readonly holders: IdLists;
}

/** How many values a column has of each type, by `typeOf`. */
export type TypeCounts = readonly [number, number, number, number];

/** The terms of one path in one flavour as an image has them: sorted by type, then by value. */
export class ImageColumn {
  /** Number of the first term. */
  readonly first: number;
  readonly size: number;
  readonly #terms: ImageTerms;
  /** Where the values of each type begin, and where the last ones end. */
  readonly #bounds: readonly number[];

  constructor(terms: ImageTerms, first: number, counts: TypeCounts) {
    this.#terms = terms;
    this.first = first;
    const bounds = [0];
    for (const count of counts) bounds.push((bounds.at(-1) ?? 0) + count);
    this.#bounds = bounds;
    this.size = bounds.at(-1) ?? 0;
  }

  /** The value at a place of the column. */
  valueAt(place: number): Scalar {
    const text = this.#terms.texts.at(this.first + place);
    if (place < this.#bound(typeOf.number)) return text;
    if (place < this.#bound(typeOf.boolean)) return Number(text);
    return place < this.#bound(typeOf.null) ? text === 'true' : null;
  }

  /** The place of a value, or -1. */
  placeOf(value: Scalar): number {
    const type = scalarType(value);
    let low = this.#bound(type);
    let high = this.#bound(type + 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareScalars(this.valueAt(middle), value);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** The entities that have the value at a place. */
  idsAt(place: number): IdSet {
    return this.#terms.holders.at(this.first + place);
  }

  /** The entities that have any value of a type. */
  idsOfType(type: ScalarType): IdSet {
    return this.#terms.holders.union(this.first + this.#bound(type), this.first + this.#bound(type + 1));
  }

  #bound(type: number): number {
    return this.#bounds[type] ?? 0;
  }
}

/** The order of an image's values: by type, then by value. */
export function compareScalars(left: Scalar, right: Scalar): number {
  if (left === right) return 0;
  const [type, other] = [scalarType(left), scalarType(right)];
  if (type !== other) return type - other;
  // The same value in two forms: zero and minus zero are one key of a column.
  if (left === null || right === null) return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}
