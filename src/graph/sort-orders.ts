import type { Cache } from './cache.ts';
import { Permutation } from './permutation.ts';
import type { SortOrder } from './view.ts';

/** Orders kept besides the one by ref; the least recently used one goes first. */
const KEPT_ORDERS = 16;

/** The orders that lists have been asked in. */
export class SortOrders {
  readonly #cache: Cache;
  readonly #byRef: Permutation;
  readonly #orders = new Map<string, Permutation>();

  constructor(cache: Cache) {
    this.#cache = cache;
    this.#byRef = new Permutation(cache);
  }

  /** All entities in an order; without one, by ref. */
  of(order: SortOrder | undefined): Permutation {
    if (order === undefined) return this.#byRef;
    const name = orderName(order);
    const permutation = this.#orders.get(name) ?? new Permutation(this.#cache, { order, byRef: this.#byRef });
    this.#orders.delete(name);
    this.#orders.set(name, permutation);
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= KEPT_ORDERS) break;
      this.#orders.delete(oldest);
    }
    return permutation;
  }
}

/** A name that equal orders have alike. */
export function orderName({ as, direction, path }: SortOrder): string {
  return `${direction} ${as ?? 'value'} ${path.toLowerCase()}`;
}
