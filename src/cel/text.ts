import { addressText } from './address.ts';
import { durationText, timestampText } from './time.ts';
import { KIND, numberOf, type Value } from './value.ts';
import { quantityText } from './quantity.ts';

/** A scalar as text, as `string(x)` gives it; undefined for null, lists, maps and optionals. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  const number = numberOf(value);
  if (number !== undefined) return numberText(number);
  if (typeof value !== 'object' || value === null || !(KIND in value)) return undefined;
  switch (value[KIND]) {
    case 'timestamp':
      return timestampText(value);
    case 'duration':
      return durationText(value);
    case 'type':
      return value.name;
    case 'quantity':
      return quantityText(value);
    case 'semver': {
      const core = `${value.major}.${value.minor}.${value.patch}`;
      return value.prerelease.length === 0 ? core : `${core}-${value.prerelease.join('.')}`;
    }
    case 'url':
      return value.text;
    case 'ip':
      return addressText(value);
    case 'cidr':
      return `${addressText(value.address)}/${value.prefix}`;
    default:
      return undefined;
  }
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
