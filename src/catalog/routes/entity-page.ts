import { joinJsonValues, type JsonValues } from '../../base/json-bytes.ts';
import type { ListRequest, ListResult, View } from '../../graph/view.ts';
import { parseFields, type Projection } from '../../model/projection.ts';

/**
 * A page of entities as JSON bytes: bodies are joined as the cache holds them. Only a projection parses them.
 *
 * @throws CURSOR_INVALID, FIELDS_INVALID, QUERY_TOO_EXPENSIVE
 */
export function entityPage(view: View, request: ListRequest, fields: readonly string[] = []): Buffer {
  const projection = parseFields(fields);
  const result = view.list(request);
  const head = JSON.stringify({ revision: result.revision, ...pageCounts(result) });
  return joinJsonValues(`${head.slice(0, -1)},"items":[`, entityBodies(view, result.ids, projection), ']}');
}

/** The parts of a page that are not items. */
export function pageCounts({ total, unknown, next, previous }: ListResult): object {
  return { total, unknown, next, previous };
}

/** Bodies of entities as JSON values, cut down where a projection is asked. */
export function entityBodies(view: View, ids: readonly number[], projection?: Projection): JsonValues {
  return projection === undefined ? view.bodies(ids) : view.cutBodies(ids, projection);
}
