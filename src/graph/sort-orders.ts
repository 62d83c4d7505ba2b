import { RecentMap } from '../base/recent-map.ts';
import type { Cache } from './cache.ts';
import { Permutation } from './permutation.ts';
import type { SortOrder } from './view.ts';

/** Orders kept besides the one by ref; the least recently used one goes first. */
const KEPT_ORDERS = 16;

/** The orders that lists have been asked in. */
export class SortOrders {
  readonly #cache: Cache;
  readonly #byRef: Permutation;
  readonly #orders = new RecentMap<string, Permutation>(KEPT_ORDERS);

  constructor(cache: Cache) {
    this.#cache = cache;
    this.#byRef = new Permutation(cache);
  }

  /** All entities in an order; without one, by ref. */
  of(order: SortOrder | undefined): Permutation {
    if (order === undefined) return this.#byRef;
    return this.#orders.of(orderName(order), () => new Permutation(this.#cache, { order, byRef: this.#byRef }));
  }
}

/** A name that equal orders have alike. */
export function orderName({ as, direction, path }: SortOrder): string {
  return `${direction} ${as ?? 'value'} ${path.toLowerCase()}`;
}
