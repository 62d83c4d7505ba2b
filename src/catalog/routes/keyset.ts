import { graphError } from '../../graph/errors.ts';

/** What a client asks of a list. */
export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A page of a list that is at hand as a whole. */
export interface KeysetPage<Item> {
  readonly items: Item[];
  readonly total: number;
  readonly next?: string;
  readonly previous?: string;
}

type Direction = 'after' | 'before';

/**
 * Cuts a page out of a list by keys, so that a page stays right while items come and go.
 *
 * @param items the whole list, in any order
 * @param keyOf distinct keys; the list is in their order by code unit
 * @param request `limit` (default `usual`) and a cursor of this function
 * @throws CURSOR_INVALID
 */
export function keysetPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
  usual: number,
): KeysetPage<Item> {
  const limit = request.limit ?? usual;
  const total = items.length;
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor);
  if (limit === 0) return { items: [], total };
  const keyed = items.map((item) => ({ key: keyOf(item), item })).sort((a, b) => compare(a.key, b.key));
  const [from, to] = range(
    keyed.map(({ key }) => key),
    place,
    limit,
  );
  const page = keyed.slice(from, to);
  const [first, last] = [page[0], page.at(-1)];
  return {
    items: page.map(({ item }) => item),
    total,
    ...(last !== undefined && to < total && { next: encodeCursor('after', last.key) }),
    ...(first !== undefined && from > 0 && { previous: encodeCursor('before', first.key) }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Indexes of the page's first item and of the one after its last. */
function range(
  keys: readonly string[],
  place: { readonly direction: Direction; readonly key: string } | undefined,
  limit: number,
): readonly [from: number, to: number] {
  if (place === undefined) return [0, Math.min(limit, keys.length)];
  if (place.direction === 'after') {
    const found = keys.findIndex((key) => key > place.key);
    const from = found === -1 ? keys.length : found;
    return [from, Math.min(from + limit, keys.length)];
  }
  const found = keys.findIndex((key) => key >= place.key);
  const to = found === -1 ? keys.length : found;
  return [Math.max(0, to - limit), to];
}

function encodeCursor(direction: Direction, key: string): string {
  return Buffer.from(JSON.stringify([direction, key])).toString('base64url');
}

function decodeCursor(cursor: string): { readonly direction: Direction; readonly key: string } {
  const value = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (Array.isArray(value) && value.length === 2) {
    const [direction, key] = value as unknown[];
    if ((direction === 'after' || direction === 'before') && typeof key === 'string') return { direction, key };
  }
  throw graphError('CURSOR_INVALID', { reason: 'it is damaged' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw graphError('CURSOR_INVALID', { reason: 'it is damaged' }, error);
  }
}
