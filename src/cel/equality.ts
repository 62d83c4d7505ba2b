import { compareText } from '../base/text-order.ts';
import { isFactMap } from './fact-tree.ts';
import { charge, chargeText, type Frame } from './frame.ts';
import { isList, KIND, numberOf, Unknown, type MapValue, type Opaque, type Value } from './value.ts';

/**
 * CEL's equality over all kinds: values of different kinds are not equal, an int equals a double of the same value,
 * lists and maps are compared in depth.
 * @throws EXHAUSTED when it takes too long
 */
export function equals(left: Value, right: Value, frame: Frame): boolean {
  charge(frame, 1);
  if (typeof left === 'string' || typeof right === 'string') {
    if (typeof left === 'string' && typeof right === 'string') chargeText(frame, Math.min(left.length, right.length));
    return left === right;
  }
  if (typeof left === 'boolean' || typeof right === 'boolean' || left === null || right === null) return left === right;
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== undefined || rightNumber !== undefined) return leftNumber === rightNumber;
  if (isList(left) || isList(right)) return isList(left) && isList(right) && listEquals(left, right, frame);
  const leftOpaque = asOpaque(left);
  const rightOpaque = asOpaque(right);
  if (leftOpaque || rightOpaque) {
    return leftOpaque !== undefined && rightOpaque !== undefined && opaqueEquals(leftOpaque, rightOpaque, frame);
  }
  return mapEquals(left as MapValue, right as MapValue, frame);
}

function listEquals(left: readonly Value[], right: readonly Value[], frame: Frame): boolean {
  return left.length === right.length && left.every((item, index) => equals(item, right[index] ?? null, frame));
}

function asOpaque(value: Value): Opaque | undefined {
  if (typeof value !== 'object' || value === null || !(KIND in value) || isFactMap(value)) return undefined;
  return value as Opaque;
}

function opaqueEquals(left: Opaque, right: Opaque, frame: Frame): boolean {
  if (left[KIND] !== right[KIND]) return false;
  if (left[KIND] === 'optional' && right[KIND] === 'optional') {
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return equals(left.value, right.value, frame);
  }
  return identity(left) === identity(right);
}

/** What two equal values of one kind have in common. */
function identity(value: Opaque): string | number | bigint {
  switch (value[KIND]) {
    case 'timestamp':
    case 'duration':
      return value.nanos;
    case 'type':
      return value.name;
    case 'quantity':
      return `${value.digits}e${value.scale}`;
    case 'semver':
      return `${value.major}.${value.minor}.${value.patch}-${value.prerelease.join('.')}`;
    case 'url':
      return value.url.href;
    case 'ip':
      return `${value.family}:${value.bits}`;
    case 'cidr':
      return `${value.address.family}:${value.address.bits}/${value.prefix}`;
    case 'double':
      return value.value;
    case 'optional':
      return '';
  }
}

function mapEquals(left: MapValue, right: MapValue, frame: Frame): boolean {
  const leftKeys = mapKeys(left);
  if (leftKeys.length !== mapKeys(right).length) return false;
  return leftKeys.every((key) => {
    const mine = mapGet(left, key);
    const other = mapGet(right, key);
    if (mine === undefined || other === undefined || mine instanceof Unknown || other instanceof Unknown) return false;
    return equals(mine, other, frame);
  });
}

/** The keys of a map. A fact tree must have been made a map before, since what of it is stale is not known to be there. */
export function mapKeys(map: MapValue): readonly (string | number | boolean)[] {
  if (map instanceof Map) return [...map.keys()];
  return Object.keys(map).filter((key) => (map as Readonly<Record<string, unknown>>)[key] !== undefined);
}

/** The value at a key, undefined where there is none, also for kinds of keys that maps cannot have. */
export function mapGet(map: MapValue, key: Value): Value | Unknown | undefined {
  if (isFactMap(map)) return typeof key === 'string' ? map.get(key) : undefined;
  if (map instanceof Map) return map.get(toKey(key));
  if (typeof key !== 'string' || !Object.hasOwn(map, key)) return undefined;
  return (map as Readonly<Record<string, Value | undefined>>)[key];
}

/** A value as a key of a made map: equal numbers are one key. Undefined for what cannot be a key. */
export function toKey(value: Value): string | number | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return numberOf(value);
}

/**
 * CEL's order: numbers of both types, text by code points, false before true, times, durations.
 * @throws EXHAUSTED when it takes too long
 * @returns negative, zero, positive; NaN where a NaN is compared; undefined where the kinds have no order
 */
export function order(left: Value, right: Value, frame: Frame): number | undefined {
  charge(frame, 1);
  if (typeof left === 'string') {
    if (typeof right !== 'string') return undefined;
    // Text is compared unit by unit, about ten times slower than it is searched or copied.
    charge(frame, Math.min(left.length, right.length) / 8);
    return compareText(left, right);
  }
  if (typeof left === 'boolean') return typeof right === 'boolean' ? Number(left) - Number(right) : undefined;
  const leftNumber = numberOf(left);
  if (leftNumber !== undefined) {
    const rightNumber = numberOf(right);
    return rightNumber === undefined ? undefined : compareNumbers(leftNumber, rightNumber);
  }
  const leftMoment = asOpaque(left);
  const rightMoment = asOpaque(right);
  if (leftMoment?.[KIND] === 'timestamp' && rightMoment?.[KIND] === 'timestamp') {
    return compareNumbers(leftMoment.nanos, rightMoment.nanos);
  }
  if (leftMoment?.[KIND] === 'duration' && rightMoment?.[KIND] === 'duration') {
    return compareNumbers(leftMoment.nanos, rightMoment.nanos);
  }
  return undefined;
}

function compareNumbers<T extends number | bigint>(left: T, right: T): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number.NaN;
}
