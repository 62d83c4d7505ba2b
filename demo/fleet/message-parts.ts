import { isMap, type Json, type JsonMap } from './kube-object.ts';
import { type Field, type Message, messageOf, type PlainType } from './message-schema.ts';

/** How a hole is filled: a text without its length, a number, or a time or message with its length before it. */
export type Filling = 'text' | 'number' | 'time' | 'message';

/** A piece of an encoded message: bytes, a hole, or parts with their length before them. */
export type Part = Uint8Array | { readonly hole: string; readonly as: Filling } | { readonly inner: readonly Part[] };

/** Cuts a text at its holes; a text without any stays whole. */
export type Cut = (text: string) => readonly Part[];

const whole: Cut = (text) => [Buffer.from(text)];

/** Cuts texts as templates have them: `{name}` within, or `{#name}` alone. */
export const atHoles: Cut = (text) => {
  const alone = aloneIn(text);
  if (alone !== undefined) return [{ hole: alone, as: 'text' }];
  const parts: Part[] = [];
  for (const [at, piece] of text.split(/\{([a-z][a-zA-Z]*)\}/).entries()) {
    if (at % 2 === 1) parts.push({ hole: piece, as: 'text' });
    else if (piece !== '' || text === '') parts.push(Buffer.from(piece));
  }
  return parts;
};

/**
 * Encodes an object as a message, to the byte as the API server does: fields by their numbers, empty ones too unless they
 * are pointers in Go. What is of a wrong type or not known to the message is left out.
 * @throws Error for a message that is not known
 */
export function encodeMessage(name: string, object: Json | undefined): Buffer {
  const [only = Buffer.alloc(0)] = joined(partsOf(messageOf(name), object, whole));
  return only as Buffer;
}

/** The parts of the message of a JSON object. */
export function partsOf(message: Message, value: Json | undefined, cut: Cut): readonly Part[] {
  const map = isMap(value) ? value : {};
  return message.fields.flatMap((field) => fieldParts(field, field.name === undefined ? map : map[field.name], cut));
}

function fieldParts(field: Field, value: Json | undefined, cut: Cut): readonly Part[] {
  const { number, type, written } = field;
  if (type === 'map' || type === 'quantities') {
    return isMap(value) ? mapParts(number, value, type === 'map' ? 'text' : 'Quantity', cut) : [];
  }
  if (written === 'list') {
    if (!Array.isArray(value)) return [];
    return (value as readonly Json[]).flatMap((each) => single(number, type, each, cut) ?? []);
  }
  const parts = single(number, type, value, cut);
  return parts ?? (written === 'always' ? (single(number, type, zeroOf(type), cut) ?? []) : []);
}

/** What stands for nothing where something is always written. */
function zeroOf(type: PlainType | Message): Json {
  switch (type) {
    case 'text':
    case 'Time':
    case 'MicroTime':
      return '';
    case 'int':
    case 'IntOrString':
      return 0;
    case 'flag':
      return false;
    case 'Quantity':
      return '0';
    default:
      return {};
  }
}

/** A field with its value; undefined for one of a wrong type. */
function single(
  number: number,
  type: PlainType | Message,
  value: Json | undefined,
  cut: Cut,
): readonly Part[] | undefined {
  const alone = cut === whole ? undefined : aloneIn(value);
  if (type === 'int') {
    if (alone !== undefined) return [varint(number * 8), { hole: alone, as: 'number' }];
    return Number.isSafeInteger(value) ? [varint(number * 8), varint(value as number)] : undefined;
  }
  if (type === 'flag') return typeof value === 'boolean' ? [varint(number * 8), varint(value ? 1 : 0)] : undefined;
  const content = alone !== undefined && type !== 'text' ? [] : contentOf(type, value, cut);
  if (content === undefined) return undefined;
  const tag = varint(number * 8 + 2);
  if (alone !== undefined && type !== 'text') return [tag, { hole: alone, as: 'message' }];
  const [first] = content;
  const isTimeHole = content.length === 1 && first !== undefined && 'hole' in first && first.as === 'time';
  return [tag, ...(isTimeHole ? content : prefixed(content))];
}

function contentOf(type: PlainType | Message, value: Json | undefined, cut: Cut): readonly Part[] | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? cut(value) : undefined;
    case 'Time':
    case 'MicroTime':
      return typeof value === 'string' ? timeParts(value, type, cut) : undefined;
    case 'Quantity':
      return typeof value === 'string' || typeof value === 'number' ? textField(1, String(value), cut) : undefined;
    case 'IntOrString':
      return intOrString(value, cut);
    case 'FieldsV1':
      return isMap(value) ? [varint(10), ...prefixed(cut(JSON.stringify(value)))] : undefined;
    default:
      return typeof type === 'object' && isMap(value) ? partsOf(type, value, cut) : undefined;
  }
}

/** A time that is none is an empty message, as the zero time is. */
function timeParts(value: string, type: 'Time' | 'MicroTime', cut: Cut): readonly Part[] {
  const [first, ...more] = cut(value);
  if (more.length === 0 && first !== undefined && 'hole' in first) return [{ hole: first.hole, as: 'time' }];
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return [];
  const seconds = Math.floor(ms / 1000);
  const digits = /\.(\d+)/.exec(value)?.[1] ?? '';
  const nanos = type === 'Time' ? 0 : Number(digits.slice(0, 6).padEnd(9, '0'));
  return [varint(8), varint(seconds), varint(16), varint(nanos)];
}

function intOrString(value: Json | undefined, cut: Cut): readonly Part[] | undefined {
  const isText = typeof value === 'string';
  if (!isText && !Number.isSafeInteger(value)) return undefined;
  const kind = [varint(8), varint(isText ? 1 : 0), varint(16), varint(isText ? 0 : (value as number))];
  return [...kind, ...textField(3, isText ? value : '', cut)];
}

/** Entries by key; those of a wrong type are left out. */
function mapParts(number: number, map: JsonMap, type: 'text' | 'Quantity', cut: Cut): readonly Part[] {
  return Object.keys(map)
    .sort()
    .flatMap((key) => {
      const value = single(2, type, map[key], cut);
      return value === undefined ? [] : [varint(number * 8 + 2), ...prefixed([...textField(1, key, cut), ...value])];
    });
}

function textField(number: number, text: string, cut: Cut): readonly Part[] {
  return [varint(number * 8 + 2), ...prefixed(cut(text))];
}

/** Parts with their length before them: at once, where nothing in them is left open. */
function prefixed(parts: readonly Part[]): readonly Part[] {
  const content = joined(parts);
  const [only = Buffer.alloc(0)] = content;
  return content.length < 2 && only instanceof Uint8Array ? [varint(only.length), only] : [{ inner: content }];
}

/** The same parts: bytes that follow one another are one piece. */
export function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  let run: Uint8Array[] = [];
  const flush = (): void => {
    if (run.length > 0) result.push(Buffer.concat(run));
    run = [];
  };
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      run.push(part);
      continue;
    }
    flush();
    result.push(part);
  }
  flush();
  return result;
}

/** The name of the hole that a text is alone. */
function aloneIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? /^\{#([a-zA-Z]+)\}$/.exec(value)?.[1] : undefined;
}

/** A whole number; one below 0 has ten bytes. */
function varint(value: number): Buffer {
  if (value >= 0 && value < 128) return Buffer.from([value]);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
