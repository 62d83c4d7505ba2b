import { toDuration, toTimestamp } from './time.ts';
import {
  isList,
  isWholeDouble,
  KIND,
  kindOf,
  numberOf,
  toDouble,
  Unknown,
  type Duration,
  type Result,
  type Timestamp,
  type Value,
} from './value.ts';

const OVERFLOW = new Unknown('the number is beyond 2^53, or the time is out of range');
const DIVIDED_BY_ZERO = new Unknown('division by zero');

/** `+` without text and lists, whose cost the caller knows. Undefined where the operator has no meaning. */
export function add(left: Value, right: Value): Result | undefined {
  const sum = numeric(left, right, (one, other) => one + other);
  if (sum !== undefined) return sum;
  const [mine, other] = [asTime(left), asTime(right)];
  if (!mine || !other) return undefined;
  if (mine[KIND] === 'timestamp' && other[KIND] === 'timestamp') return undefined;
  const nanos = mine.nanos + other.nanos;
  const isDuration = mine[KIND] === 'duration' && other[KIND] === 'duration';
  return (isDuration ? toDuration(nanos) : toTimestamp(nanos)) ?? OVERFLOW;
}

/** `-`. Undefined where the operator has no meaning. */
export function subtract(left: Value, right: Value): Result | undefined {
  const difference = numeric(left, right, (one, other) => one - other);
  if (difference !== undefined) return difference;
  const [mine, other] = [asTime(left), asTime(right)];
  if (!mine || !other || (mine[KIND] === 'duration' && other[KIND] === 'timestamp')) return undefined;
  const nanos = mine.nanos - other.nanos;
  const isTimestamp = mine[KIND] === 'timestamp' && other[KIND] === 'duration';
  return (isTimestamp ? toTimestamp(nanos) : toDuration(nanos)) ?? OVERFLOW;
}

/** `*`. Undefined where the operator has no meaning. */
export function multiply(left: Value, right: Value): Result | undefined {
  return numeric(left, right, (one, other) => one * other);
}

/** `/`: towards zero for two ints. Undefined where the operator has no meaning. */
export function divide(left: Value, right: Value): Result | undefined {
  if (kindOf(left) !== 'int' || kindOf(right) !== 'int') return numeric(left, right, (one, other) => one / other);
  return right === 0 ? DIVIDED_BY_ZERO : numeric(left, right, (one, other) => Math.trunc(one / other));
}

/** `%` of ints, with the sign of the dividend. Undefined where the operator has no meaning. */
export function modulo(left: Value, right: Value): Result | undefined {
  if (kindOf(left) !== 'int' || kindOf(right) !== 'int') return undefined;
  return right === 0 ? DIVIDED_BY_ZERO : numeric(left, right, (one, other) => one % other);
}

/** `-x`. Undefined where the operator has no meaning. */
export function negate(value: Value): Result | undefined {
  if (isWholeDouble(value)) return toDouble(-value.value);
  return typeof value === 'number' ? withoutMinusZero(-value) : undefined;
}

/**
 * Two ints give an int, a double on either side gives a double. CEL itself has no arithmetic between the two, but JSON
 * does not tell `3` from `3.0`, so `score * 2` must work for a score of 2.5 as for one of 3.
 */
function numeric(left: Value, right: Value, compute: (one: number, other: number) => number): Result | undefined {
  const mine = numberOf(left);
  const other = numberOf(right);
  if (mine === undefined || other === undefined) return undefined;
  const result = compute(mine, other);
  if (kindOf(left) === 'double' || kindOf(right) === 'double') return toDouble(result);
  return Number.isSafeInteger(result) ? withoutMinusZero(result) : OVERFLOW;
}

function withoutMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}

function asTime(value: Value): Timestamp | Duration | undefined {
  if (typeof value !== 'object' || value === null || isList(value) || !(KIND in value)) return undefined;
  return value[KIND] === 'timestamp' || value[KIND] === 'duration' ? value : undefined;
}
