import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** What stands below a value. */
export function valueIn(value: JsonValue | undefined, segments: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const segment of segments) {
    if (!isJsonObject(at) || !Object.hasOwn(at, segment)) return undefined;
    at = at[segment];
  }
  return at;
}

/**
 * The value of an entity at a dotted path, case-sensitive; a key may hold dots itself, as those of annotations do. However
 * long the path is, it costs no more than the entity is deep.
 */
export function fieldValue(entity: JsonObject, path: string): JsonValue | undefined {
  if (path.startsWith('relations.')) return targetsOf(entity, path.slice('relations.'.length));
  let found: JsonValue | undefined;
  let at: JsonValue | undefined = entity;
  for (let from = 0; isJsonObject(at);) {
    const rest = path.slice(from);
    if (Object.hasOwn(at, rest)) found = at[rest];
    const dot = path.indexOf('.', from);
    if (dot === -1) break;
    const key = path.slice(from, dot);
    at = Object.hasOwn(at, key) ? at[key] : undefined;
    from = dot + 1;
  }
  return found;
}

/** Refs that an entity has a relation of this type to. */
function targetsOf({ relations }: JsonObject, type: string): JsonValue | undefined {
  if (!Array.isArray(relations)) return undefined;
  const targets = relations.filter(isJsonObject).filter((relation) => relation['type'] === type);
  return targets.length === 0 ? undefined : targets.map((relation) => relation['targetRef'] ?? '');
}
