import type { FieldShape, MessageShape } from './protobuf-shape.ts';
import { ProtocolViolation } from './reflector-failure.ts';
import { SharedTexts } from './shared-texts.ts';

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;
/** The last second that a Date holds, either side of 1970. */
const LAST_SECOND = 8_640_000_000_000;

/** A message as JSON would have brought it, but for times. */
export type Message = Record<string, unknown>;

const texts = new SharedTexts();

/**
 * Reads messages of protocol buffers within some bytes, only those fields that shapes name, as JSON of the same objects has them; times as
 * seconds since 1970, as they come.
 * Each length is checked against what holds it, and shapes end: no bytes make it read on or in circles.
 *
 * @throws ProtocolViolation, of its methods, where the bytes are no such message
 */
export class MessageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Where it stands. */
  get at(): number {
    return this.#at;
  }

  /** A message that ends at `end`. */
  message(shape: MessageShape, end: number): Message {
    const message: Message = {};
    while (this.#at < end) {
      const tag = this.whole();
      const field = shape[tag >>> 3];
      const wire = tag & 7;
      if (field === undefined) this.skip(wire, end);
      else if (wire === DELIMITED) this.#delimited(message, field, this.delimitedEnd(end));
      else if (wire === VARINT) this.#number(message, field);
      else throw misread();
    }
    if (this.#at !== end) throw misread();
    return message;
  }

  /** An integer; of one that 53 bits do not hold, something close to it. */
  whole(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? 255;
    if (byte < 128) {
      this.#at = at;
      return byte;
    }
    let low = byte & 127;
    let high = 0;
    for (let shift = 7; byte >= 128; shift += 7) {
      if (shift >= 70 || at >= bytes.length) throw misread();
      byte = bytes[at++] ?? 255;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
    }
    this.#at = at;
    return high === 0 ? low >>> 0 : (high | 0) * 4_294_967_296 + (low >>> 0);
  }

  /** Where what comes with its length ends. @param end where what holds it does */
  delimitedEnd(end: number): number {
    const stop = this.whole() + this.#at;
    if (stop > end || stop < this.#at) throw misread();
    return stop;
  }

  /** Goes on at another place. */
  pass(to: number): void {
    this.#at = to;
  }

  /** Passes over a field. */
  skip(wire: number, end: number): void {
    if (wire === DELIMITED) this.#at = this.delimitedEnd(end);
    else if (wire === VARINT) this.whole();
    else if (wire === FIXED_64) this.#at += 8;
    else if (wire === FIXED_32) this.#at += 4;
    else throw misread();
  }

  #delimited(message: Message, { name, type, isList, shape }: FieldShape, end: number): void {
    switch (type) {
      case 'message': {
        const value = this.message(shape ?? [], end);
        if (!isList) message[name] = value;
        else if (message[name] === undefined) message[name] = [value];
        else (message[name] as Message[]).push(value);
        return;
      }
      case 'text':
        if (end > this.#at) message[name] = this.#bytes.toString('utf8', this.#at, end);
        this.#at = end;
        return;
      case 'word':
        if (end > this.#at) message[name] = texts.read(this.#bytes, this.#at, end);
        this.#at = end;
        return;
      case 'time':
        this.#time(message, name, end);
        return;
      case 'pairs':
        this.#pair((message[name] ??= {}) as Record<string, string>, end);
        return;
      default:
        throw misread();
    }
  }

  #number(message: Message, { name, type }: FieldShape): void {
    const value = this.whole();
    if (type === 'whole') message[name] = value;
    else if (type === 'truth') message[name] = value !== 0;
    else if (type !== 'count') throw misread();
    else if (value !== 0) message[name] = value;
  }

  #time(message: Message, name: string, end: number): void {
    let seconds = 0;
    while (this.#at < end) {
      const tag = this.whole();
      if (tag >>> 3 === 1 && (tag & 7) === VARINT) seconds = this.whole();
      else this.skip(tag & 7, end);
    }
    if (this.#at !== end) throw misread();
    if (seconds !== 0 && Math.abs(seconds) <= LAST_SECOND) message[name] = seconds;
  }

  #pair(pairs: Record<string, string>, end: number): void {
    let key = '';
    let value = '';
    while (this.#at < end) {
      const tag = this.whole();
      if (tag !== KEY && tag !== VALUE) {
        this.skip(tag & 7, end);
        continue;
      }
      const stop = this.delimitedEnd(end);
      const text = texts.read(this.#bytes, this.#at, stop);
      this.#at = stop;
      if (tag === KEY) key = text;
      else value = text;
    }
    if (this.#at !== end) throw misread();
    pairs[key] = value;
  }
}

/** Tags of the two fields of an entry of a map. */
const KEY = (1 << 3) | DELIMITED;
const VALUE = (2 << 3) | DELIMITED;

function misread(): ProtocolViolation {
  return new ProtocolViolation('The answer is no valid protobuf');
}
