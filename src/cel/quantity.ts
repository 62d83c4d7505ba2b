import { KIND, type Quantity } from './value.ts';

const SUFFIXES: Readonly<Record<string, readonly [factor: bigint, scale: number]>> = {
  '': [1n, 0],
  n: [1n, 9],
  u: [1n, 6],
  m: [1n, 3],
  k: [1n, -3],
  M: [1n, -6],
  G: [1n, -9],
  T: [1n, -12],
  P: [1n, -15],
  E: [1n, -18],
  Ki: [1n << 10n, 0],
  Mi: [1n << 20n, 0],
  Gi: [1n << 30n, 0],
  Ti: [1n << 40n, 0],
  Pi: [1n << 50n, 0],
  Ei: [1n << 60n, 0],
};

/**
 * Parses a Kubernetes quantity, e.g. `100m`, `1.5Gi`, `2e3` (grammar: resource.Quantity of the Kubernetes API). Text
 * over 64 characters and exponents over 64 are no quantities here.
 */
export function parseQuantity(text: string): Quantity | undefined {
  if (text.length > 64) return undefined;
  const match = /^([+-]?)(?=[\d.])(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = match;
  const unit = SUFFIXES[suffix];
  if (whole + fraction === '' || Math.abs(Number(exponent)) > 64 || !unit) return undefined;
  const digits = BigInt(whole + fraction) * unit[0] * (sign === '-' ? -1n : 1n);
  return normalise(digits, fraction.length + unit[1] - Number(exponent));
}

function normalise(digits: bigint, scale: number): Quantity {
  if (digits === 0n) return { [KIND]: 'quantity', digits, scale: 0 };
  let rest = digits;
  let places = scale;
  while (rest % 10n === 0n) {
    rest /= 10n;
    places -= 1;
  }
  return { [KIND]: 'quantity', digits: rest, scale: places };
}

/** Both as digits of the same scale. */
function align(left: Quantity, right: Quantity): readonly [left: bigint, right: bigint, scale: number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.digits * 10n ** BigInt(scale - left.scale), right.digits * 10n ** BigInt(scale - right.scale), scale];
}

/** Order of two quantities: -1, 0 or 1. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  const [mine, other] = align(left, right);
  if (mine === other) return 0;
  return mine < other ? -1 : 1;
}

/** Sum, or difference where `sign` is -1. Undefined beyond 200 digits, which nothing that is measured has. */
export function addQuantities(left: Quantity, right: Quantity, sign: 1 | -1): Quantity | undefined {
  const [mine, other, scale] = align(left, right);
  const sum = mine + other * BigInt(sign);
  return sum > 10n ** 200n || sum < -(10n ** 200n) ? undefined : normalise(sum, scale);
}

/** An integer as a quantity. */
export function toQuantity(value: number): Quantity {
  return normalise(BigInt(value), 0);
}

/** The nearest double. */
export function quantityNumber(value: Quantity): number {
  return Number(`${value.digits}e${-value.scale}`);
}

/** Plain decimal digits, without a suffix. */
export function quantityText(value: Quantity): string {
  if (value.scale <= 0) return String(value.digits * 10n ** BigInt(-value.scale));
  const size = String(value.digits < 0n ? -value.digits : value.digits).padStart(value.scale + 1, '0');
  const point = size.length - value.scale;
  return `${value.digits < 0n ? '-' : ''}${size.slice(0, point)}.${size.slice(point)}`;
}
