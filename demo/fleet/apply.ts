import { ApiStatusError } from './api-status.ts';
import { isMap, type Json, type JsonMap, type KubeObject, listAt, mapAt, textAt } from './kube-object.ts';
import { strategicPatch } from './patches.ts';

/** What an apply is done with. */
export interface ApplyOptions {
  /** Takes fields that others set. */
  readonly isForced: boolean;
  /** Time for `managedFields`. */
  readonly now: string;
}

/**
 * Server-side apply, with whole leaves as fields: what a manager said before and no longer says goes; what another manager
 * applied with another value is a conflict.
 * @throws ApiStatusError 400 without a manager, 409 with each conflict
 */
export function applyPatch(
  before: KubeObject | undefined,
  body: Json,
  manager: string,
  options: ApplyOptions,
): JsonMap {
  if (manager === '') throw new ApiStatusError('BadRequest', 'fieldManager is required for apply patch');
  if (!isMap(body)) throw new ApiStatusError('BadRequest', 'the body of the request is not an object');
  const given = leaves(body);
  const fields = [...given.keys()];
  if (!before)
    return {
      ...body,
      metadata: { ...mapAt(body, 'metadata'), managedFields: [entry(body, manager, fields, options)] },
    };
  const managers = listAt(before, 'metadata', 'managedFields').filter(isMap);
  const own = managers.find((each) => isApplied(each) && each['manager'] === manager);
  const others = managers.filter((each) => each !== own);
  if (!options.isForced) checkConflicts(leaves(before), given, others, manager);
  const left = others.map((each) =>
    isApplied(each)
      ? { ...each, fieldsV1: fieldSet(fieldsOf(each).filter((field) => !options.isForced || !given.has(field))) }
      : each,
  );
  const owned = new Set(left.flatMap(fieldsOf));
  const gone = own ? fieldsOf(own).filter((field) => !given.has(field) && !owned.has(field)) : [];
  const trimmed = gone.reduce<Json>((object, field) => withoutLeaf(object, field.split('\u0000')), before);
  const next = strategicPatch(trimmed, withoutManaged(body));
  if (!isMap(next)) throw new ApiStatusError('InternalError', 'the object cannot be applied');
  return {
    ...next,
    metadata: { ...mapAt(next, 'metadata'), managedFields: [...left, entry(body, manager, fields, options)] },
  };
}

function checkConflicts(
  now: ReadonlyMap<string, Json>,
  given: ReadonlyMap<string, Json>,
  others: readonly JsonMap[],
  manager: string,
): void {
  const causes = others.filter(isApplied).flatMap((other) =>
    fieldsOf(other)
      .filter((field) => given.has(field) && JSON.stringify(given.get(field)) !== JSON.stringify(now.get(field)))
      .map((field) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with "${textAt(other, 'manager')}"`,
        field: `.${field.replaceAll('\u0000', '.')}`,
      })),
  );
  if (causes.length === 0) return;
  const told =
    causes.length === 1
      ? `1 conflict: ${causes[0]?.message ?? ''}: ${causes[0]?.field ?? ''}`
      : `${causes.length} conflicts: ${causes.map(({ message, field }) => `${message}: ${field}`).join(', ')}`;
  throw new ApiStatusError('Conflict', `Apply failed with ${told}`, { causes, manager });
}

const isApplied = (each: JsonMap): boolean => each['operation'] === 'Apply';

function entry(body: JsonMap, manager: string, fields: readonly string[], { now }: ApplyOptions): JsonMap {
  return {
    manager,
    operation: 'Apply',
    apiVersion: textAt(body, 'apiVersion'),
    time: now,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldSet(fields),
  };
}

/** Leaves of an object by path, the parts divided by NUL: lists count as one leaf. What names the object is none. */
function leaves(value: JsonMap): Map<string, Json> {
  const found = new Map<string, Json>();
  const walk = (map: JsonMap, path: readonly string[]): void => {
    for (const [name, each] of Object.entries(map)) {
      const here = [...path, name];
      if (path.length === 0 && ['apiVersion', 'kind', 'status'].includes(name)) continue;
      if (
        path[0] === 'metadata' &&
        path.length === 1 &&
        !['labels', 'annotations', 'finalizers', 'ownerReferences'].includes(name)
      )
        continue;
      if (isMap(each)) walk(each, here);
      else if (each !== undefined) found.set(here.join('\u0000'), each);
    }
  };
  walk(value, []);
  return found;
}

function fieldSet(fields: readonly string[]): JsonMap {
  const root: Record<string, unknown> = {};
  for (const field of fields) {
    let at = root;
    for (const part of field.split('\u0000')) at = (at[`f:${part}`] ??= {}) as Record<string, unknown>;
  }
  return root as JsonMap;
}

function fieldsOf(each: JsonMap): string[] {
  const found: string[] = [];
  const walk = (map: JsonMap, path: readonly string[]): void => {
    const entries = Object.entries(map);
    if (entries.length === 0 && path.length > 0) found.push(path.join('\u0000'));
    for (const [name, below] of entries) if (isMap(below)) walk(below, [...path, name.slice(2)]);
  };
  walk(mapAt(each, 'fieldsV1'), []);
  return found;
}

function withoutLeaf(value: Json, [name = '', ...rest]: readonly string[]): Json {
  if (!isMap(value) || !(name in value)) return value;
  if (rest.length > 0) return { ...value, [name]: withoutLeaf(value[name] ?? null, rest) };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function withoutManaged(body: JsonMap): JsonMap {
  const { managedFields: _, ...metadata } = mapAt(body, 'metadata');
  return { ...body, metadata };
}
