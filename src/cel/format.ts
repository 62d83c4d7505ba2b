import { compareText } from '../base/text-order.ts';
import { mapGet, mapKeys } from './equality.ts';
import { charge, chargeMade, type Frame } from './frame.ts';
import { textOf } from './text.ts';
import { isList, kindOf, numberOf, Unknown, type MapValue, type Result, type Value } from './value.ts';

const BAD_FORMAT = new Unknown('format() has a verb that fits no argument');
/** Digits after the point that a double can be shown with. */
const MAX_PRECISION = 100;

/**
 * `"%s is %.1f old".format([name, age])` as CEL's strings extension has it.
 *
 * @returns unknown where a verb is not known, has no argument or one of a wrong kind
 */
export function formatText(frame: Frame, pattern: string, args: readonly Value[]): Result {
  const parts: string[] = [];
  let used = 0;
  let end = 0;
  for (const found of pattern.matchAll(/%(?:\.(\d{1,4}))?([a-zA-Z%])?/g)) {
    const [all, digits, verb] = found;
    parts.push(pattern.slice(end, found.index));
    end = found.index + all.length;
    const text = verb === '%' && digits === undefined ? '%' : formatOne(frame, verb, digits, args[used]);
    if (text === undefined) return BAD_FORMAT;
    if (verb !== '%') used += 1;
    chargeMade(frame, text.length + pattern.length);
    parts.push(text);
  }
  const made = parts.join('') + pattern.slice(end);
  chargeMade(frame, made.length);
  return made;
}

function formatOne(
  frame: Frame,
  verb: string | undefined,
  digits: string | undefined,
  value: Value | undefined,
): string | undefined {
  if (value === undefined || Number(digits ?? 0) > MAX_PRECISION) return undefined;
  if (verb === 's') return digits === undefined ? showValue(frame, value) : undefined;
  if (typeof value === 'boolean') return verb === 'b' ? String(Number(value)) : undefined;
  if (typeof value === 'string')
    return (verb === 'x' || verb === 'X') && digits === undefined ? hex(value, verb) : undefined;
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (!Number.isFinite(number)) return String(number);
  if (verb === 'f' || verb === 'e') return formatDouble(number, verb, Number(digits ?? 6));
  if (kindOf(value) !== 'int' || digits !== undefined) return undefined;
  switch (verb) {
    case 'd':
      return String(number);
    case 'b':
      return number.toString(2);
    case 'o':
      return number.toString(8);
    case 'x':
      return number.toString(16);
    case 'X':
      return number.toString(16).toUpperCase();
    default:
      return undefined;
  }
}

function formatDouble(value: number, verb: 'f' | 'e', digits: number): string {
  if (verb === 'f') return value.toFixed(digits);
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
}

function hex(text: string, verb: 'x' | 'X'): string {
  const made = Buffer.from(text).toString('hex');
  return verb === 'X' ? made.toUpperCase() : made;
}

/** Any value as `%s` shows it: strings bare, lists and maps with what is in them. */
function showValue(frame: Frame, value: Value): string | undefined {
  charge(frame, 1);
  const text = textOf(value);
  if (text !== undefined) {
    chargeMade(frame, text.length);
    return text;
  }
  if (value === null) return 'null';
  const kind = kindOf(value);
  if (isList(value)) {
    const items = value.map((item) => showValue(frame, item));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (kind !== 'map') return undefined;
  const map = value as MapValue;
  const entries: string[] = [];
  for (const key of mapKeys(map)) {
    const item = mapGet(map, key);
    const shown = item === undefined || item instanceof Unknown ? undefined : showValue(frame, item);
    if (shown === undefined) return undefined;
    entries.push(`${key}: ${shown}`);
  }
  return `{${entries.toSorted(compareText).join(', ')}}`;
}
