import { globalFunction, type Overload } from '../overload.ts';
import { textOf } from '../text.ts';
import { KIND, kindOf, toDouble, Unknown, type Kind, type Result } from '../value.ts';

const NOT_INT = new Unknown('it is not an integer below 2^53');
const NOT_DOUBLE = new Unknown('the text is not a number');
const NOT_BOOL = new Unknown('the text is not true or false');
const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 't', 'true', 'TRUE', 'True']);
const FALSE_WORDS: ReadonlySet<string> = new Set(['0', 'f', 'false', 'FALSE', 'False']);
/** Kinds that `string(x)` takes besides numbers, bools and strings. */
const SHOWN = ['timestamp', 'duration', 'quantity', 'semver', 'url', 'ip', 'cidr'] as const;

/** Names that stand for types, with what `type(x)` gives for them. */
export const TYPE_NAMES: ReadonlyMap<string, Kind> = new Map([
  ['bool', 'bool'],
  ['int', 'int'],
  ['double', 'double'],
  ['string', 'string'],
  ['list', 'list'],
  ['map', 'map'],
  ['null_type', 'null'],
  ['type', 'type'],
  ['optional_type', 'optional'],
]);

const LONG_NAMES: Readonly<Partial<Record<Kind, string>>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
};

/** CEL's conversions. A text that does not convert is unknown. */
export const conversionFunctions: readonly Overload[] = [
  globalFunction('type', { params: ['dyn'], result: 'type', doc: 'the type, e.g. `type(x) == string`' }, (_, value) => {
    const kind = kindOf(value);
    return { [KIND]: 'type', name: LONG_NAMES[kind] ?? kind };
  }),
  globalFunction(
    'dyn',
    { params: ['dyn'], result: 'dyn', doc: 'itself, with a type that is not known' },
    (_, value) => value,
  ),
  globalFunction('bool', { params: ['bool'], result: 'bool', doc: 'itself' }, (_, value) => value),
  globalFunction(
    'bool',
    { params: ['string'], result: 'bool', doc: 'true of `true`, `t`, `1`; false of `false`, `f`, `0`' },
    (_, text) => TRUE_WORDS.has(text) || (FALSE_WORDS.has(text) ? false : NOT_BOOL),
  ),
  globalFunction('int', { params: ['number'], result: 'int', doc: 'without what stands after the point' }, (_, value) =>
    toInt(Math.trunc(value)),
  ),
  globalFunction('int', { params: ['string'], result: 'int', doc: 'decimal digits' }, (_, text) =>
    /^[+-]?\d{1,20}$/.test(text) ? toInt(Number(text)) : NOT_INT,
  ),
  globalFunction('int', { params: ['timestamp'], result: 'int', doc: 'seconds since 1970' }, (_, { nanos }) => {
    const seconds = nanos / 1_000_000_000n;
    return Number(nanos % 1_000_000_000n < 0n ? seconds - 1n : seconds);
  }),
  globalFunction('double', { params: ['number'], result: 'double', doc: 'as a double' }, (_, value) => value),
  globalFunction('double', { params: ['string'], result: 'double', doc: 'a decimal number' }, (_, text) =>
    parseDouble(text),
  ),
  ...(['bool', 'number', 'string', ...SHOWN] as const).map((kind) =>
    globalFunction('string', { params: [kind], result: 'string', doc: 'as text' }, (_, value) => textOf(value) ?? ''),
  ),
];

function toInt(value: number): Result {
  return Number.isSafeInteger(value) ? value + 0 : NOT_INT;
}

function parseDouble(text: string): Result {
  // The expression below takes the square of the length where it fails; no double needs as many digits.
  if (text.length > 400) return NOT_DOUBLE;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return toDouble(Number(text));
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : NOT_DOUBLE;
}
