import type { SortOrder, View } from '../../graph/view.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { Predicate } from '../../model/predicate.ts';
import { compatibleError } from './errors.ts';
import type { OffsetPage } from './offset-page.ts';

/** Most entities that are sorted by more than one field, since that reads every one of them. */
const MAX_SORTED = 10_000;

/** Reads `asc:path` and `desc:path`. @throws QUERY_ORDER_INVALID */
export function parseOrders(orders: readonly string[]): readonly SortOrder[] {
  return orders
    .filter((order) => order !== '')
    .map((order) => {
      const [, direction, path] = /^(asc|desc):(.+)$/s.exec(order) ?? [];
      if (path === undefined) throw compatibleError('QUERY_ORDER_INVALID', { order: order.slice(0, 200) });
      return { path, direction: direction === 'desc' ? 'desc' : 'asc' };
    });
}

/**
 * A page of a list sorted by several fields: entities without a field come last, ties are broken by ref.
 * @throws QUERY_ORDER_TOO_WIDE
 */
export function sortedIds(
  view: View,
  where: Predicate | undefined,
  orders: readonly SortOrder[],
  page: OffsetPage,
): readonly number[] {
  const { ids, total } = view.list({ where, limit: MAX_SORTED });
  if (total > MAX_SORTED) throw compatibleError('QUERY_ORDER_TOO_WIDE', { total, most: MAX_SORTED });
  const paths = orders.map(({ path }) => path.toLowerCase());
  const rows = ids.map((id) => {
    const { entity } = view.subject(id);
    return { id, values: paths.map((path) => sortValue({ ...entity }, path)) };
  });
  // The list is by ref and sorting is stable, so equal rows stay by ref.
  const sorted = rows.sort((a, b) => compareRows(a.values, b.values, orders));
  return sorted.slice(page.offset, page.limit === undefined ? undefined : page.offset + page.limit).map(({ id }) => id);
}

type SortValue = string | undefined;

function compareRows(a: readonly SortValue[], b: readonly SortValue[], orders: readonly SortOrder[]): number {
  for (const [index, { direction }] of orders.entries()) {
    const [x, y] = [a[index], b[index]];
    if (x === y) continue;
    if (x === undefined) return 1;
    if (y === undefined) return -1;
    return x < y === (direction === 'asc') ? -1 : 1;
  }
  return 0;
}

/** The lower-cased text of the first scalar at a dotted lower-case path; keys may hold dots themselves. */
function sortValue(value: JsonValue | undefined, path: string): SortValue {
  if (Array.isArray(value))
    return value.map((item: JsonValue) => sortValue(item, path)).find((item) => item !== undefined);
  if (!isJsonObject(value)) {
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isScalar && path === '' ? String(value).toLowerCase() : undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    const found = sortValue(item, path.slice(name.length + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
