import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { EvaluationContext, FieldPath, PrincipalContext, Subject } from '../model/predicate.ts';
import { FactRoot, readFact } from './fact-tree.ts';
import type { Type, Unknown, Value } from './value.ts';

/** The variables of an expression. */
export const VARIABLES = [
  'entity',
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'relations',
  'facts',
  'ref',
  'principal',
] as const;

/** Well-known fields that people write without what they stand in. */
export const WRITTEN_SHORT: ReadonlyMap<string, string> = new Map([
  ...['name', 'namespace', 'title', 'description', 'labels', 'annotations', 'tags', 'links', 'uid'].map(
    (name) => [name, `metadata.${name}`] as const,
  ),
  ...['type', 'owner', 'lifecycle', 'system', 'domain', 'dependsOn', 'providesApis', 'consumesApis', 'profile'].map(
    (name) => [name, `spec.${name}`] as const,
  ),
  ['ownedBy', 'relations.ownedBy'],
  ['memberOf', 'relations.memberOf'],
]);

/** Why there is no clock. */
export const NO_CLOCK = 'ask a fact that holds the age: an outcome does not depend on when it is asked for';

const ENTITY_KEYS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec'];
const TYPES: ReadonlyMap<string, Type> = new Map([
  ['entity', 'map'],
  ['apiVersion', 'string'],
  ['kind', 'string'],
  ['metadata', 'map'],
  ['spec', 'map'],
  ['relations', 'map'],
  ['facts', 'map'],
  ['ref', 'string'],
  ['principal', 'map'],
]);

/** Reads what stands at one path; undefined where nothing does, unknown where a fact is stale or failed. */
type Read = (subject: Subject, context: EvaluationContext) => Value | Unknown | undefined;

/** True for the name of a variable. */
export function isVariable(name: string): boolean {
  return TYPES.has(name);
}

/** What is known of the value at a path. */
export function pathTypeOf(root: string, keys: readonly string[]): Type {
  if (keys.length === 0) return TYPES.get(root) ?? 'dyn';
  if (root === 'relations') return keys.length === 1 ? 'list' : 'dyn';
  return root === 'entity' && keys.length === 1 ? (TYPES.get(keys[0] ?? '') ?? 'dyn') : 'dyn';
}

/**
 * How to read a path below a variable, and the path from the entity's root.
 *
 * @returns a message where there can be no such path
 */
export function readerOf(
  root: string,
  keys: readonly string[],
): { readonly read: Read; readonly field: FieldPath } | string {
  switch (root) {
    case 'entity':
      return entityReader(keys);
    case 'relations':
      if (keys.length > 1) return `\`relations.${keys[0]}\` is a list of refs and has no fields.`;
      return { read: ({ relations }) => walk(relations, keys), field: [root, ...keys] };
    case 'facts':
      return { read: factReader(keys), field: [root, ...keys] };
    case 'ref':
      return keys.length > 0 ? '`ref` is a string and has no fields.' : { read: ({ ref }) => ref, field: [root] };
    case 'principal':
      return principalReader(keys);
    default:
      return entityReader([root, ...keys]);
  }
}

function entityReader(keys: readonly string[]): ReturnType<typeof readerOf> {
  const [first] = keys;
  if (first !== undefined && !ENTITY_KEYS.includes(first)) {
    const where = isVariable(first) ? ` It is the variable \`${first}\`.` : '';
    return `An entity has apiVersion, kind, metadata and spec, but no \`${first}\`.${where}`;
  }
  if (keys.length > 1 && (first === 'kind' || first === 'apiVersion'))
    return `\`${first}\` is a string and has no fields.`;
  return { read: ({ entity }) => walk(entity as unknown as JsonObject, keys), field: keys };
}

function principalReader(keys: readonly string[]): ReturnType<typeof readerOf> {
  const [first] = keys;
  if (keys.length > 1 || (first !== undefined && first !== 'ref' && first !== 'claims')) {
    return `A principal has \`ref\` and \`claims\`, but no \`${keys.join('.')}\`.`;
  }
  return { read: (_, { principal }) => walk(principalMap(principal), keys), field: ['principal', ...keys] };
}

function factReader(keys: readonly string[]): Read {
  const [collector = '', ...path] = keys;
  const joined = path.join('.');
  if (keys.length === 0) return ({ facts }) => new FactRoot(facts);
  if (path.length === 0) return ({ facts }) => new FactRoot(facts).get(collector);
  return ({ facts }) => {
    const own = Object.hasOwn(facts, collector) ? facts[collector] : undefined;
    return own && readFact(own, path, joined);
  };
}

function walk(root: JsonObject, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of keys) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Principals as maps; one principal is asked for with thousands of entities. */
const principalMaps = new WeakMap<PrincipalContext, JsonObject>();

function principalMap(principal: PrincipalContext): JsonObject {
  const known = principalMaps.get(principal);
  if (known) return known;
  const map = { ref: principal.ref, claims: [...principal.claims] };
  principalMaps.set(principal, map);
  return map;
}
