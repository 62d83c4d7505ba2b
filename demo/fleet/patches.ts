import { ApiStatusError } from './api-status.ts';
import { isMap, type Json, type JsonMap, plainText } from './kube-object.ts';

/** RFC 7386: a JSON merge patch. */
export function mergePatch(target: Json | undefined, patch: Json | undefined): Json | undefined {
  if (!isMap(patch)) return patch;
  const result: Record<string, Json | undefined> = isMap(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

/** By which field the elements of a list are the same element, by the list's name (patchMergeKey of the API's types). */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  ports: ['containerPort', 'port'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  hostAliases: ['ip'],
  secrets: ['name'],
  addresses: ['type'],
  topologySpreadConstraints: ['topologyKey'],
  resourceClaims: ['name'],
};
/** Lists of plain values that are sets. */
const sets = ['finalizers'];

/**
 * A strategic merge patch: lists of things with a name are merged element by element; `$patch: replace|delete|merge`,
 * `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys` are understood.
 */
export function strategicPatch(target: Json | undefined, patch: Json | undefined, name = ''): Json | undefined {
  if (Array.isArray(patch))
    return strategicList(Array.isArray(target) ? (target as Json[]) : [], patch as Json[], name);
  if (!isMap(patch)) return patch;
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  if (patch['$patch'] === 'delete') return undefined;
  const result: Record<string, Json | undefined> = isMap(target) ? { ...target } : {};
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained))
    for (const key of Object.keys(result)) if (!(retained as Json[]).includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice(25);
      const gone = Array.isArray(value) ? (value as Json[]) : [];
      if (Array.isArray(result[list])) result[list] = (result[list] as Json[]).filter((each) => !gone.includes(each));
    } else if (!key.startsWith('$')) {
      const next = value === null ? undefined : strategicPatch(result[key], value, key);
      if (next === undefined) delete result[key];
      else result[key] = next;
    }
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith('$setElementOrder/') || !Array.isArray(order)) continue;
    const list = key.slice(17);
    if (Array.isArray(result[list])) result[list] = inOrder(result[list] as Json[], order as Json[], list);
  }
  return result;
}

function strategicList(target: readonly Json[], patch: readonly Json[], name: string): Json[] {
  if (patch.some((each) => isMap(each) && each['$patch'] === 'replace')) {
    return patch.filter((each) => !(isMap(each) && each['$patch'] === 'replace'));
  }
  if (sets.includes(name)) return [...new Set([...target, ...patch])];
  const keys = mergeKeys[name];
  if (!keys) return [...patch];
  const key = keys.find((each) => patch.every((element) => isMap(element) && each in element));
  if (key === undefined) return [...patch];
  const result = [...target];
  for (const element of patch) {
    if (!isMap(element)) continue;
    const at = result.findIndex((each) => isMap(each) && each[key] === element[key]);
    if (element['$patch'] === 'delete') {
      if (at !== -1) result.splice(at, 1);
    } else if (at === -1) result.push(element);
    else result[at] = strategicPatch(result[at], element) ?? null;
  }
  return result;
}

function inOrder(list: readonly Json[], order: readonly Json[], name: string): Json[] {
  const key = (mergeKeys[name] ?? []).find((each) => order.every((element) => isMap(element) && each in element));
  const idOf = (element: Json): Json | undefined => (key !== undefined && isMap(element) ? element[key] : element);
  const places = new Map(order.map((element, at) => [idOf(element), at]));
  const known = list.filter((element) => places.has(idOf(element)));
  known.sort((left, right) => (places.get(idOf(left)) ?? 0) - (places.get(idOf(right)) ?? 0));
  return [...known, ...list.filter((element) => !places.has(idOf(element)))];
}

function without(map: JsonMap, name: string): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}

/** RFC 6902. @throws ApiStatusError 422 where an operation cannot be done */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations)) throw new ApiStatusError('BadRequest', 'a JSON patch is a list of operations');
  let result = target;
  for (const operation of operations as readonly Json[]) {
    if (!isMap(operation)) throw new ApiStatusError('BadRequest', 'an operation of a JSON patch is an object');
    result = applyOperation(result, operation);
  }
  return result;
}

function applyOperation(target: Json, operation: JsonMap): Json {
  const path = pointer(plainText(operation['path']));
  switch (operation['op']) {
    case 'add':
      return changed(target, path, () => operation['value'] ?? null, true);
    case 'replace':
      at(target, path);
      return changed(target, path, () => operation['value'] ?? null, false);
    case 'remove':
      at(target, path);
      return changed(target, path, () => undefined, false);
    case 'test':
      if (JSON.stringify(at(target, path)) !== JSON.stringify(operation['value'] ?? null))
        throw failed(`testing value ${plainText(operation['path'])} failed`);
      return target;
    case 'copy':
      return changed(target, path, () => at(target, pointer(plainText(operation['from']))), true);
    case 'move': {
      const from = pointer(plainText(operation['from']));
      const value = at(target, from);
      return changed(
        changed(target, from, () => undefined, false),
        path,
        () => value,
        true,
      );
    }
    default:
      throw new ApiStatusError('BadRequest', `unknown operation ${JSON.stringify(operation['op'] ?? null)}`);
  }
}

function pointer(text: string): readonly string[] {
  if (text === '') return [];
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function at(target: Json, path: readonly string[]): Json {
  let found: Json | undefined = target;
  for (const part of path) {
    found = Array.isArray(found) ? (found as Json[])[Number(part)] : isMap(found) ? found[part] : undefined;
    if (found === undefined) throw failed(`the path /${path.join('/')} does not exist`);
  }
  return found ?? null;
}

function changed(target: Json, path: readonly string[], value: () => Json | undefined, isInsert: boolean): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value() ?? null;
  if (Array.isArray(target)) {
    const list = [...(target as Json[])];
    const index = part === '-' ? list.length : Number(part);
    if (rest.length > 0) list[index] = changed(list[index] ?? null, rest, value, isInsert);
    else {
      const next = value();
      list.splice(index, isInsert ? 0 : 1, ...(next === undefined ? [] : [next]));
    }
    return list;
  }
  if (!isMap(target)) throw failed(`the path /${path.join('/')} does not exist`);
  const next = rest.length > 0 ? changed(target[part] ?? null, rest, value, isInsert) : value();
  if (next === undefined) return without(target, part);
  return { ...target, [part]: next };
}

function failed(told: string): ApiStatusError {
  return new ApiStatusError('Invalid', `the server rejected our request due to an error in our request: ${told}`);
}
