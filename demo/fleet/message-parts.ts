import type { Holes } from './big-template.ts';
import type { Json } from './kube-object.ts';
import { type Field, fieldsOfMessage } from './message-schema.ts';

/** A piece of an encoded message: bytes, or what is written when its holes are filled. */
export type Part = Buffer | Hole | Nest;

/** A field whose value has holes, between pieces of text. */
interface Hole {
  readonly field: Field;
  readonly pieces: readonly string[];
  readonly names: readonly string[];
}

/** A message within a field, some of whose parts have holes. */
interface Nest {
  readonly number: number;
  readonly parts: readonly Part[];
}

const DELIMITED = 2;
const textField: Field = { number: 1, name: '', kind: 'text', isList: false, isInline: false, message: '' };

/** Encodes an object as a message: fields in the order of their numbers, empty texts left out. What the message has no field for is left out too. */
export function encodeMessage(message: string, object: Json | undefined): Buffer {
  return Buffer.concat(partsOf(message, object, false) as readonly Buffer[]);
}

/** The parts of a message of which an object is the template: its texts have holes as those of `templateOf` do. */
export function messageTemplate(message: string, object: Json): readonly Part[] {
  return joined(partsOf(message, object, true));
}

/** Parts in which some holes are filled; those that are not stay. */
export function fillParts(parts: readonly Part[], holes: Holes): readonly Part[] {
  return joined(parts.flatMap((part) => fillPart(part, holes)));
}

/** Writes messages from their end to their beginning, so that the length of each is known when it is written before it. */
export class BackwardWriter {
  #bytes: Buffer;
  #at: number;

  /** @param size bytes to begin with */
  constructor(size = 1024) {
    this.#bytes = Buffer.allocUnsafe(size);
    this.#at = size;
  }

  /** How much was written. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** What was written. */
  get written(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  bytes(bytes: Buffer): void {
    this.#make(bytes.length);
    this.#at -= bytes.length;
    bytes.copy(this.#bytes, this.#at);
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#make(length);
    this.#at -= length;
    this.#bytes.write(text, this.#at, 'utf8');
  }

  varint(value: number): void {
    if (value < 0 || value >= 2 ** 31) {
      this.bytes(varint(value));
      return;
    }
    const size = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    this.#make(size);
    this.#at -= size;
    let rest = value;
    for (let at = this.#at; at < this.#at + size - 1; at += 1, rest >>>= 7) this.#bytes[at] = (rest & 127) | 128;
    this.#bytes[this.#at + size - 1] = rest;
  }

  /** Tag and length of a field of which all since `from` is the content. */
  close(number: number, from: number): void {
    this.varint(this.length - from);
    this.varint((number << 3) | DELIMITED);
  }

  /** Parts with all their holes. @throws Error for a hole that nothing fills */
  parts(parts: readonly Part[], holes: Holes): void {
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      const part = parts[at];
      if (part === undefined) continue;
      if (Buffer.isBuffer(part)) this.bytes(part);
      else if ('parts' in part) {
        const from = this.length;
        this.parts(part.parts, holes);
        this.close(part.number, from);
      } else this.#hole(part, holes);
    }
  }

  #hole({ field, pieces, names }: Hole, holes: Holes): void {
    let text = pieces[0] ?? '';
    for (let at = 0; at < names.length; at += 1) {
      const value = holes[names[at] ?? ''];
      if (value === undefined) throw new Error(`Nothing fills ${names[at]}`);
      if (names.length === 1 && field.kind !== 'text' && field.kind !== 'Time') {
        for (const part of fieldParts(field, typeof value === 'string' ? (JSON.parse(value) as Json) : value, false))
          this.bytes(part as Buffer);
        return;
      }
      text += String(value) + (pieces[at + 1] ?? '');
    }
    const from = this.length;
    if (field.kind === 'Time') {
      this.varint(secondsOf(text) ?? 0);
      this.varint(8);
    } else this.text(text);
    this.close(field.number, from);
  }

  /** Makes room. */
  #make(room: number): void {
    if (this.#at >= room) return;
    const size = Math.max(2 * this.#bytes.length, this.length + room);
    const larger = Buffer.allocUnsafe(size);
    this.#bytes.copy(larger, size - this.length, this.#at);
    this.#at += size - this.#bytes.length;
    this.#bytes = larger;
  }
}

function partsOf(message: string, object: Json | undefined, hasHoles: boolean): Part[] {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return [];
  const map = object as Readonly<Record<string, Json | undefined>>;
  return fieldsOfMessage(message).flatMap((field) => {
    const value = field.isInline ? object : map[field.name];
    if (value === undefined || value === null) return [];
    const parts = field.isList
      ? Array.isArray(value)
        ? (value as readonly Json[]).flatMap((each) => fieldParts(field, each, hasHoles))
        : []
      : fieldParts(field, value, hasHoles);
    // What lies inline may have nothing of its own there.
    const [only] = parts;
    return field.isInline && parts.length === 1 && Buffer.isBuffer(only) && only.length === 2 ? [] : parts;
  });
}

/** One value of a field. */
function fieldParts(field: Field, value: Json, hasHoles: boolean): Part[] {
  const hole = hasHoles ? holeOf(field, value) : undefined;
  if (hole !== undefined) return [hole];
  const { number, kind } = field;
  switch (kind) {
    case 'text':
      return typeof value === 'string' && (value !== '' || field.isList) ? [delimited(number, Buffer.from(value))] : [];
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? [varintField(number, value)] : [];
    case 'flag':
      return typeof value === 'boolean' ? [varintField(number, Number(value))] : [];
    case 'Time': {
      const seconds = secondsOf(value);
      return seconds === undefined ? [] : [delimited(number, varintField(1, seconds))];
    }
    case 'Quantity':
      return isWord(value) ? [delimited(number, delimited(1, Buffer.from(String(value))))] : [];
    case 'IntOrString': {
      if (!isWord(value)) return [];
      const own = typeof value === 'number' ? varintField(2, value) : delimited(3, Buffer.from(value));
      return [delimited(number, Buffer.concat([varintField(1, Number(typeof value === 'string')), own]))];
    }
    case 'FieldsV1':
      return nest(number, fieldParts(textField, JSON.stringify(value), hasHoles));
    case 'texts':
    case 'quantities':
      return pairsOf(field, value, hasHoles);
    case 'message':
      return nest(number, partsOf(field.message, value, hasHoles));
  }
}

function pairsOf({ number, kind }: Field, value: Json, hasHoles: boolean): Part[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const valueField: Field = { ...textField, number: 2, kind: kind === 'texts' ? 'text' : 'Quantity' };
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.flatMap(([key, each]) => {
    if (each === undefined || !isWord(each)) return [];
    return nest(number, [...fieldParts(textField, key, false), ...fieldParts(valueField, each, hasHoles)]);
  });
}

function isWord(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function nest(number: number, parts: readonly Part[]): Part[] {
  const whole = joined(parts);
  const [only = Buffer.alloc(0)] = whole;
  return whole.length <= 1 && Buffer.isBuffer(only) ? [delimited(number, only)] : [{ number, parts: whole }];
}

/** The hole that a value is, or the text with holes: `{#name}` is replaced whole. */
function holeOf(field: Field, value: Json): Hole | undefined {
  if (typeof value !== 'string') return undefined;
  const split = value.split(/^\{#([a-zA-Z]+)\}$|\{([a-z][a-zA-Z]*)\}/);
  if (split.length === 1) return undefined;
  const pieces = [split[0] ?? ''];
  const names: string[] = [];
  for (let at = 1; at < split.length; at += 3) {
    names.push(split[at] ?? split[at + 1] ?? '');
    pieces.push(split[at + 2] ?? '');
  }
  return { field, pieces, names };
}

function fillPart(part: Part, holes: Holes): readonly Part[] {
  if (Buffer.isBuffer(part)) return [part];
  if ('parts' in part) return nest(part.number, fillParts(part.parts, holes));
  const { field, names } = part;
  if (names.every((name) => holes[name] !== undefined)) {
    const writer = new BackwardWriter(64);
    writer.parts([part], holes);
    return [writer.written];
  }
  const pieces = [part.pieces[0] ?? ''];
  const left: string[] = [];
  for (const [at, name] of names.entries()) {
    const value = holes[name];
    const next = part.pieces[at + 1] ?? '';
    if (value === undefined) {
      left.push(name);
      pieces.push(next);
    } else pieces[pieces.length - 1] += String(value) + next;
  }
  return [{ field, pieces, names: left }];
}

/** Parts with bytes that stand side by side as one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const found: Part[] = [];
  let run: Buffer[] = [];
  const end = (): void => {
    if (run.length > 0) found.push(run.length === 1 && run[0] ? run[0] : Buffer.concat(run));
    run = [];
  };
  for (const part of parts) {
    if (Buffer.isBuffer(part)) run.push(part);
    else {
      end();
      found.push(part);
    }
  }
  end();
  return found;
}

function secondsOf(value: Json): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** A field of bytes with their length. */
export function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | DELIMITED), varint(content.length), content]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  // Negative numbers are ten bytes long.
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    const low = Number(rest & 127n);
    if (rest < 128n) return Buffer.from([...bytes, low]);
    bytes.push(low | 128);
  }
}
