import { compareKeys, type SortKey } from '../../graph/permutation.ts';
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
      return { path, direction: direction === 'desc' ? 'desc' : 'asc', as: 'text' };
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
    return { id, keys: paths.map((path) => sortKey({ ...entity }, path)) };
  });
  // The list is by ref and sorting is stable, so equal rows stay by ref.
  const sorted = rows.sort((a, b) => compareRows(a.keys, b.keys, orders));
  return sorted.slice(page.offset, page.limit === undefined ? undefined : page.offset + page.limit).map(({ id }) => id);
}

function compareRows(a: readonly SortKey[], b: readonly SortKey[], orders: readonly SortOrder[]): number {
  for (const [index, { direction }] of orders.entries()) {
    const [x, y] = [a[index], b[index]];
    const order = compareKeys(x, y);
    // Entities without a value stay last in both directions.
    if (order !== 0) return direction === 'asc' || x === undefined || y === undefined ? order : -order;
  }
  return 0;
}

/** What an entity is sorted by at a dotted lower-case path, as the graph sorts; keys may hold dots themselves. */
function sortKey(value: JsonValue | undefined, path: string): SortKey {
  if (Array.isArray(value)) return smallest(value.map((item: JsonValue) => sortKey(item, path)));
  if (isJsonObject(value)) {
    const found: SortKey[] = [];
    for (const [key, item] of Object.entries(value)) {
      const name = key.toLowerCase();
      if (path === name || path.startsWith(`${name}.`)) found.push(sortKey(item, path.slice(name.length + 1)));
    }
    return smallest(found);
  }
  if (path !== '' || value === undefined || typeof value === 'object') return undefined;
  return String(value).toLowerCase();
}

function smallest(keys: readonly SortKey[]): SortKey {
  return [...keys].sort(compareKeys)[0];
}
