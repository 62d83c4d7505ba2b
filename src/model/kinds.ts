import type { JsonObject } from './json.ts';

/** One spec field that makes relations. */
export interface RelationField {
  /** Dotted path under `spec`, e.g. `owner`, `providesApis`; a string or a list of strings. */
  readonly field: string;
  /** Kind of a target that names none; absent: the kind must be written. */
  readonly defaultKind?: string | undefined;
  /** Relation type on the declaring entity. */
  readonly type: string;
  /** Relation type on the target. */
  readonly reverse: string;
}

/** A kind of entity: how it is checked and which relations it makes. A manifest may add kinds. */
export interface KindDefinition {
  /** As written, e.g. `Component`; matched case-sensitively in documents. */
  readonly kind: string;
  readonly apiVersions: readonly string[];
  readonly description: string;
  /** JSON Schema (draft-07) of `spec`. */
  readonly spec: JsonObject;
  readonly relations: readonly RelationField[];
}
