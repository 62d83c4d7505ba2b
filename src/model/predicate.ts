import type { Entity } from './entity.ts';
import type { JsonValue } from './json.ts';

/** An outcome of Kleene's three-valued logic: unknown is neither true nor false, and `!unknown` is unknown. */
export type Tri = true | false | 'unknown';

/** A scalar that an index can look up. Integers and doubles are one number type. */
export type Scalar = string | number | boolean | null;

/** A field path from the entity root as its segments, case-sensitive: `['metadata', 'annotations', 'a.b/c']`. */
export type FieldPath = readonly string[];

/** A fact as an expression sees it. */
export interface SubjectFact {
  readonly value: JsonValue;
  /** True when the lease is expired or the observation failed: reading it is unknown. */
  readonly unknown: boolean;
}

/** One entity at one moment with all that an expression may read of it. Immutable. */
export interface Subject {
  readonly ref: string;
  readonly entity: Entity;
  /** Canonical target refs by relation type; absent types have no key. */
  readonly relations: Readonly<Record<string, readonly string[]>>;
  /** Facts by collector, then by dotted path. */
  readonly facts: Readonly<Record<string, Readonly<Record<string, SubjectFact>>>>;
}

/** Who asks. `claims` are the refs the principal owns things through: itself, its groups, and their parents. */
export interface PrincipalContext {
  readonly ref: string;
  readonly claims: ReadonlySet<string>;
}

/** What an evaluation may know besides the subject. */
export interface EvaluationContext {
  readonly principal: PrincipalContext;
}

/** Evaluates a (sub-)expression on one subject; never throws: whatever goes wrong is 'unknown'. */
export type Evaluate = (subject: Subject, context: EvaluationContext) => Tri;

/**
 * A condition over entities, compiled from CEL or from Backstage's filters, that a plan answers from indexes.
 *
 * CEL leaves are three-valued and case-sensitive: unknown where the path is absent, stale or of a type the operator
 * has no meaning for. Each carries `evaluate`, its exact meaning on one subject; a plan uses it for the entities whose
 * value at the path is not a scalar that the index can decide (lists, maps, long strings).
 * Backstage leaves (`field*`) are two-valued and case-insensitive over dotted keys (docs: backstage filter semantics):
 * absent is false, array elements and `key.element=true` count.
 */
export type Predicate =
  | { readonly op: 'constant'; readonly value: Tri }
  | { readonly op: 'and' | 'or'; readonly args: readonly Predicate[] }
  | { readonly op: 'not'; readonly arg: Predicate }
  /** `path <cmp> value` */
  | {
      readonly op: 'compare';
      readonly path: FieldPath;
      readonly cmp: '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly value: Scalar;
      readonly evaluate: Evaluate;
    }
  /** `path in [values]` */
  | { readonly op: 'oneOf'; readonly path: FieldPath; readonly values: readonly Scalar[]; readonly evaluate: Evaluate }
  /** `value in path` where path is a list (element) or a map (key) */
  | { readonly op: 'member'; readonly path: FieldPath; readonly value: Scalar; readonly evaluate: Evaluate }
  /** `has(path)`: true when present, false when the parent is a map without it, else unknown */
  | { readonly op: 'has'; readonly path: FieldPath; readonly evaluate: Evaluate }
  /** `path.startsWith(arg)` and so on; `matches` is RE2 */
  | {
      readonly op: 'text';
      readonly path: FieldPath;
      readonly fn: 'startsWith' | 'endsWith' | 'contains' | 'matches';
      readonly arg: string;
      readonly test: (value: string) => boolean;
      readonly evaluate: Evaluate;
    }
  /** `owns(principal, entity)`: an `ownedBy` target is among the principal's claims */
  | { readonly op: 'owns'; readonly evaluate: Evaluate }
  /** Anything else: evaluated on each candidate. */
  | { readonly op: 'scan'; readonly source: string; readonly evaluate: Evaluate }
  /** Backstage `key` (exists, on leaves) or `key=v1|v2`; values and key lower-cased by the maker */
  | { readonly op: 'field'; readonly key: string; readonly values?: readonly string[] | undefined }
  /** Backstage `$hasPrefix` */
  | { readonly op: 'fieldPrefix'; readonly key: string; readonly prefix: string }
  /** Backstage full text: `term` is a substring of any of the keys' values; `like`: with the wildcards `%` and `_` */
  | {
      readonly op: 'fieldText';
      readonly keys: readonly string[];
      readonly term: string;
      readonly like?: true | undefined;
    };

/** The condition that holds for every entity. */
export const EVERYTHING: Predicate = { op: 'constant', value: true };
