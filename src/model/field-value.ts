import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** What stands below a value. */
export function valueIn(value: JsonValue | undefined, segments: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const segment of segments) at = isJsonObject(at) && Object.hasOwn(at, segment) ? at[segment] : undefined;
  return at;
}

/** The value of an entity at a dotted path, case-sensitive; a key may hold dots itself, as those of annotations do. */
export function fieldValue(entity: JsonObject, path: string): JsonValue | undefined {
  if (path.startsWith('relations.')) return targetsOf(entity, path.slice('relations.'.length));
  const segments = path.split('.');
  for (let end = segments.length; end > 0; end -= 1) {
    const key = segments.slice(end - 1).join('.');
    const found = valueIn(entity, [...segments.slice(0, end - 1), key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refs that an entity has a relation of this type to. */
function targetsOf({ relations }: JsonObject, type: string): JsonValue | undefined {
  if (!Array.isArray(relations)) return undefined;
  const targets = relations.filter(isJsonObject).filter((relation) => relation['type'] === type);
  return targets.length === 0 ? undefined : targets.map((relation) => relation['targetRef'] ?? '');
}
