import type { Entity } from './entity.ts';
import { isJsonObject, type JsonValue } from './json.ts';
import type { KindDefinition, RelationField } from './kinds.ts';
import { entityRefOf, formatEntityRef, parseEntityRef } from './ref.ts';

/** One edge that an entity's spec makes, in both directions. Refs are canonical. */
export interface Relation {
  readonly source: string;
  readonly target: string;
  /** Type as the source shows it, e.g. `ownedBy`. */
  readonly type: string;
  /** Type as the target shows it, e.g. `ownerOf`. */
  readonly reverse: string;
}

/** A written reference that names no entity, with the field it stands in. */
export interface UnreadableRef {
  /** Path from the entity root, e.g. `spec.dependsOn`. */
  readonly path: string;
  readonly value: string;
}

/** What the spec of an entity says about others. */
export interface RelationResult {
  /** Distinct. */
  readonly relations: readonly Relation[];
  readonly unreadable: readonly UnreadableRef[];
}

/** All kinds that an installation knows, by kind as written. */
export type KindTable = ReadonlyMap<string, KindDefinition>;

/**
 * Joins lists of kinds into one table.
 * @throws Error when two definitions name the same kind (a fault of the manifests, found at start)
 */
export function createKindTable(...lists: readonly (readonly KindDefinition[])[]): KindTable {
  const table = new Map<string, KindDefinition>();
  for (const definition of lists.flat()) {
    if (table.has(definition.kind)) throw new Error(`Kind ${definition.kind} is defined twice`);
    table.set(definition.kind, definition);
  }
  return table;
}

/**
 * The relations an entity makes by its spec (rule: Backstage's default namespace of a reference is the namespace of
 * the entity itself, the default kind depends on the field). Targets need not exist. An unknown kind makes none.
 */
export function relationsOf(entity: Entity, kinds: KindTable): RelationResult {
  const definition = kinds.get(entity.kind);
  if (!definition || !entity.spec) return { relations: [], unreadable: [] };
  const source = entityRefOf(entity);
  const relations: Relation[] = [];
  const unreadable: UnreadableRef[] = [];
  let names: Set<string> | undefined;
  for (const field of definition.relations) {
    const { type, reverse } = field;
    for (const written of stringsAt(entity.spec, field.field)) {
      const target = targetRef(written, field, entity.metadata.namespace);
      if (target === undefined) {
        unreadable.push({ path: `spec.${field.field}`, value: written });
        continue;
      }
      if (relations.length >= FEW) names ??= new Set(relations.map(nameOf));
      const relation = { source, target, type, reverse };
      if (names?.has(nameOf(relation)) ?? isAmong(relations, relation)) continue;
      names?.add(nameOf(relation));
      relations.push(relation);
    }
  }
  return { relations, unreadable };
}

/** Up to so many relations of an entity are looked through one by one: a set for each entity is most of the garbage. */
const FEW = 16;

function isAmong(relations: readonly Relation[], { type, target }: Relation): boolean {
  for (const known of relations) if (known.target === target && known.type === type) return true;
  return false;
}

function nameOf({ type, target }: Relation): string {
  return `${type}\u0000${target}`;
}

function targetRef(written: string, field: RelationField, namespace: string | undefined): string | undefined {
  const parts = parseEntityRef(written, { defaultKind: field.defaultKind, defaultNamespace: namespace });
  return parts && formatEntityRef(parts);
}

const NONE: readonly string[] = [];

function stringsAt(spec: JsonValue, path: string): readonly string[] {
  let value: JsonValue | undefined = spec;
  for (const segment of path.includes('.') ? path.split('.') : [path]) {
    if (!isJsonObject(value)) return NONE;
    value = value[segment];
  }
  if (value === undefined) return NONE;
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : NONE;
}
