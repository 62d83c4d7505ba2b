import type { Bitset } from '../base/bitset.ts';
import type { Cursor } from './cursor.ts';
import type { Permutation } from './permutation.ts';

/** Up to this many results are sorted by themselves whatever the alternative costs. */
const ALWAYS_NARROW = 64;

/** Which page of an ordered result is wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly cursor: Cursor | undefined;
}

/** One page, and whether there is something on either side of it. */
export interface Page {
  readonly ids: readonly number[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/**
 * Cuts a page out of a result. A wide result is met by walking the order; a narrow one would make that walk long, so
 * it is sorted by itself.
 */
export function cutPage(result: Bitset, order: Permutation, request: PageRequest): Page {
  const size = result.size;
  if (size === 0) return { ids: [], hasBefore: false, hasAfter: false };
  const all = order.ids().length;
  const walk = ((request.limit + request.offset + 1) * all) / size;
  const sort = size * Math.log2(size + 1) + all / 32;
  const list = size <= ALWAYS_NARROW || sort < walk ? sortNarrow(result, order) : new Walk(result, order);
  const { cursor, limit } = request;
  if (cursor === undefined) return pageFrom(list, list.skip(list.start, request.offset), limit);
  if (cursor.direction === 'next')
    return pageFrom(list, list.seek(order.countBefore(cursor.key, cursor.ref, true)), limit);
  return pageBefore(list, list.seek(order.countBefore(cursor.key, cursor.ref, false)), limit);
}

/** A way through a result in order. A place is where the next entity forward would be taken. */
interface Way {
  readonly start: number;
  /** The place that stands at a position of the whole order. */
  seek(position: number): number;
  skip(place: number, count: number): number;
  /** Takes up to `count` entities forward, or backward in reversed order, and gives the place after them. */
  forward(place: number, count: number): { ids: number[]; place: number };
  backward(place: number, count: number): { ids: number[]; place: number };
}

function pageFrom(way: Way, place: number, limit: number): Page {
  const taken = way.forward(place, limit);
  return {
    ids: taken.ids,
    hasBefore: way.backward(place, 1).ids.length > 0,
    hasAfter: way.forward(taken.place, 1).ids.length > 0,
  };
}

function pageBefore(way: Way, place: number, limit: number): Page {
  const taken = way.backward(place, limit);
  return {
    ids: taken.ids.reverse(),
    hasBefore: way.backward(taken.place, 1).ids.length > 0,
    hasAfter: way.forward(place, 1).ids.length > 0,
  };
}

/** Walks the order of all entities, past those that are not in the result. Places are positions in the order. */
class Walk implements Way {
  readonly start = 0;
  readonly #result: Bitset;
  readonly #ids: readonly number[];

  constructor(result: Bitset, order: Permutation) {
    this.#result = result;
    this.#ids = order.ids();
  }

  seek(position: number): number {
    return position;
  }

  skip(place: number, count: number): number {
    if (this.#result.size === this.#ids.length) return Math.min(place + count, this.#ids.length);
    return count === 0 ? place : this.forward(place, count).place;
  }

  forward(place: number, count: number): { ids: number[]; place: number } {
    const ids: number[] = [];
    let at = place;
    while (ids.length < count) {
      at = this.#result.indexIn(this.#ids, at);
      const id = this.#ids[at];
      if (id === undefined) break;
      ids.push(id);
      at += 1;
    }
    return { ids, place: at };
  }

  backward(place: number, count: number): { ids: number[]; place: number } {
    const ids: number[] = [];
    let at = place;
    for (; at > 0 && ids.length < count; at -= 1) {
      const id = this.#ids[at - 1] ?? 0;
      if (this.#result.has(id)) ids.push(id);
    }
    return { ids, place: at };
  }
}

/** The result itself in order. Places are indexes into it. */
function sortNarrow(result: Bitset, order: Permutation): Way {
  const positions = order.positions();
  const all = order.ids();
  const places = new Uint32Array(result.size);
  let next = 0;
  result.forEach((id) => {
    places[next] = positions[id] ?? 0;
    next += 1;
  });
  places.sort();
  const idsAt = (from: number, to: number): number[] => {
    const ids: number[] = [];
    for (let at = from; at < to; at += 1) ids.push(all[places[at] ?? 0] ?? 0);
    return ids;
  };
  return {
    start: 0,
    seek(position) {
      const index = places.findIndex((place) => place >= position);
      return index === -1 ? places.length : index;
    },
    skip: (place, count) => Math.min(place + count, places.length),
    forward(place, count) {
      const end = Math.min(place + count, places.length);
      return { ids: idsAt(place, end), place: end };
    },
    backward(place, count) {
      const begin = Math.max(place - count, 0);
      return { ids: idsAt(begin, place).reverse(), place: begin };
    },
  };
}
