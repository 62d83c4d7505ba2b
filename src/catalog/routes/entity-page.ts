import { joinJsonValues, type JsonValues } from '../../base/json-bytes.ts';
import type { ListRequest, ListResult, View } from '../../graph/view.ts';
import { parseFields, type Projection } from '../../model/projection.ts';
import { factPaths, factsAt, type ListedFacts } from './listed-facts.ts';

/**
 * A page of entities as JSON bytes: bodies are joined as the cache holds them. Only a projection parses them.
 *
 * @throws CURSOR_INVALID, FIELDS_INVALID, QUERY_TOO_EXPENSIVE
 */
export function entityPage(view: View, request: ListRequest, fields: readonly string[] = []): Buffer {
  const projection = parseFields(fields);
  const result = view.list(request);
  const head = JSON.stringify({ revision: result.revision, ...pageCounts(result) });
  const facts = factPaths(fields);
  const bodies = entityBodies(view, result.ids, projection);
  const items = facts.length === 0 ? bodies : withFacts(view, result.ids, bodies, facts);
  return joinJsonValues(`${head.slice(0, -1)},"items":[`, items, ']}');
}

/** Bodies that a projection has cut, with the facts that it names. */
function withFacts(view: View, ids: readonly number[], bodies: JsonValues, paths: readonly string[]): JsonValues {
  return ids.map((id, at) => {
    const body = String(bodies[at]);
    const facts: ListedFacts = factsAt(view.subject(id), paths);
    const before = body === '{}' ? '{' : `${body.slice(0, -1)},`;
    return `${before}"facts":${JSON.stringify(facts)}}`;
  });
}

/** The parts of a page that are not items. */
export function pageCounts({ total, unknown, next, previous }: ListResult): object {
  return { total, unknown, next, previous };
}

/** Bodies of entities as JSON values, cut down where a projection is asked. */
export function entityBodies(view: View, ids: readonly number[], projection?: Projection): JsonValues {
  return projection === undefined ? view.bodies(ids) : view.cutBodies(ids, projection);
}
