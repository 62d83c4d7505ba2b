import type { JsonObject } from '../model/json.ts';
import type { FactRoot, FactTree } from './fact-tree.ts';

/** Where values that JSON has not carry their kind. A symbol, so that no data can pretend to be one. */
export const KIND: unique symbol = Symbol('cel kind');

/** The kinds of values that an expression computes with. */
export type Kind =
  | 'null'
  | 'bool'
  | 'int'
  | 'double'
  | 'string'
  | 'list'
  | 'map'
  | 'timestamp'
  | 'duration'
  | 'type'
  | 'optional'
  | 'quantity'
  | 'semver'
  | 'url'
  | 'ip'
  | 'cidr';

/** What is known of a value before it is computed: its kind, or nothing. */
export type Type = Kind | 'dyn';

/**
 * A double that is a whole number, such as `3.0`. Integers are plain numbers, also those of JSON; other doubles are
 * plain numbers too, as no integer looks like them. So `3 / 2` is 1 and `3.0 / 2` is 1.5.
 */
export interface WholeDouble {
  readonly [KIND]: 'double';
  readonly value: number;
}

/** A moment, in nanoseconds since the epoch. */
export interface Timestamp {
  readonly [KIND]: 'timestamp';
  readonly nanos: bigint;
}

/** A length of time in nanoseconds. */
export interface Duration {
  readonly [KIND]: 'duration';
  readonly nanos: bigint;
}

/** What `type(x)` gives. */
export interface TypeName {
  readonly [KIND]: 'type';
  readonly name: string;
}

/** A value that may be missing; `undefined` is `optional.none()`. */
export interface Optional {
  readonly [KIND]: 'optional';
  readonly value: Value | undefined;
}

/** A Kubernetes quantity: `digits * 10^-scale`, without trailing zeros. */
export interface Quantity {
  readonly [KIND]: 'quantity';
  readonly digits: bigint;
  readonly scale: number;
}

/** A semantic version. */
export interface Semver {
  readonly [KIND]: 'semver';
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: readonly string[];
}

/** A parsed URL: absolute, or an absolute path. */
export interface UrlValue {
  readonly [KIND]: 'url';
  readonly text: string;
  readonly url: URL;
  /** False for an absolute path, which has neither scheme nor host. */
  readonly absolute: boolean;
}

/** An IP address as a number, with its family. */
export interface Ip {
  readonly [KIND]: 'ip';
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** An IP prefix; the address is kept as written. */
export interface Cidr {
  readonly [KIND]: 'cidr';
  readonly address: Ip;
  readonly prefix: number;
}

/** Values that JSON has not and that are no maps. */
export type Opaque =
  | WholeDouble
  | Timestamp
  | Duration
  | TypeName
  | Optional
  | Quantity
  | Semver
  | UrlValue
  | Ip
  | Cidr;

/** A map made by an expression; its keys may be strings, numbers and booleans. */
export type MadeMap = ReadonlyMap<string | number | boolean, Value>;

/** Anything of kind `map`. */
export type MapValue = JsonObject | MadeMap | FactTree | FactRoot;

/** Anything an expression computes with. JSON data are values as they are, without a copy. */
export type Value = null | boolean | number | string | readonly Value[] | MapValue | Opaque;

/** The third outcome: what was asked for is absent, stale, in error, or has no meaning. */
export class Unknown {
  /** Why, as one short sentence. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What every step of an evaluation gives. */
export type Result = Value | Unknown;

/** The kind of a value. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'double';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'list';
      return (value as { readonly [KIND]?: Kind })[KIND] ?? 'map';
  }
}

/** The number of an int or a double, or undefined. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return isWholeDouble(value) ? value.value : undefined;
}

/** True for a double that is a whole number. */
export function isWholeDouble(value: Value): value is WholeDouble {
  return typeof value === 'object' && value !== null && KIND in value && value[KIND] === 'double';
}

/** A double, boxed where it would look like an integer. */
export function toDouble(value: number): number | WholeDouble {
  return Number.isSafeInteger(value) ? { [KIND]: 'double', value } : value;
}

/** True for lists, those of JSON and those that an expression made. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** An optional with a value, or `optional.none()` without one. */
export function toOptional(value: Value | undefined): Optional {
  return { [KIND]: 'optional', value };
}
