import { FrameSplitter } from './frames.ts';
import { LineSplitter, LineTooLong } from './lines.ts';
import { parseWithoutManagedFields } from './managed-fields.ts';
import { isProtobuf, readEnveloped, readEnvelopedStatus } from './protobuf-envelope.ts';
import { MessageReader } from './protobuf-message.ts';
import type { MessageForm } from './protobuf-shape.ts';
import { ProtocolViolation } from './reflector-failure.ts';
import { mapOf, type Reading } from './reflector-path.ts';
import type { KubeStream } from './transport.ts';

/** One event of a watch, of which nothing is certain yet. */
export interface WatchEvent {
  readonly type?: unknown;
  readonly object?: unknown;
}

/** How the events of a watch are written. */
export interface WatchFormat {
  /** True while an event has begun and not ended. */
  readonly hasRest: boolean;
  /** The bytes of the events that end in a chunk. @throws ProtocolViolation */
  take(chunk: Buffer): readonly Buffer[];
  /** @throws ProtocolViolation */
  read(event: Buffer): WatchEvent;
}

/** The format of an answer: that of a list of lines of JSON, or of frames of protocol buffers. */
export function watchFormat({ protobuf }: Pick<Reading, 'protobuf'>, { headers }: KubeStream): WatchFormat {
  return protobuf !== undefined && isProtobuf(headers) ? new ProtobufEvents(protobuf) : new JsonEvents();
}

class JsonEvents implements WatchFormat {
  readonly #splitter = new LineSplitter();

  get hasRest(): boolean {
    return this.#splitter.hasRest;
  }

  take(chunk: Buffer): readonly Buffer[] {
    try {
      return this.#splitter.take(chunk);
    } catch (thrown) {
      if (!(thrown instanceof LineTooLong)) throw thrown;
      throw new ProtocolViolation(thrown.message);
    }
  }

  read(line: Buffer): WatchEvent {
    try {
      return mapOf(parseWithoutManagedFields(line));
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      throw new ProtocolViolation(`A line of a watch is not JSON: ${thrown.message.slice(0, 200)}`);
    }
  }
}

const DELIMITED = 2;
const TYPE_TAG = (1 << 3) | DELIMITED;
const OBJECT_TAG = (2 << 3) | DELIMITED;

/** Frames with a `WatchEvent` each, which holds an object in an envelope of its own. */
class ProtobufEvents implements WatchFormat {
  readonly #splitter = new FrameSplitter();
  readonly #form: MessageForm;

  constructor(form: MessageForm) {
    this.#form = form;
  }

  get hasRest(): boolean {
    return this.#splitter.hasRest;
  }

  take(chunk: Buffer): readonly Buffer[] {
    return this.#splitter.take(chunk);
  }

  read(frame: Buffer): WatchEvent {
    const reader = new MessageReader(frame);
    let type = '';
    let object = frame.subarray(0, 0);
    while (reader.at < frame.length) {
      const tag = reader.whole();
      if (tag !== TYPE_TAG && tag !== OBJECT_TAG) {
        reader.skip(tag & 7, frame.length);
        continue;
      }
      const end = reader.delimitedEnd(frame.length);
      if (tag === TYPE_TAG) type = frame.toString('latin1', reader.at, end);
      else object = rawOf(frame.subarray(reader.at, end));
      reader.pass(end);
    }
    return { type, object: type === 'ERROR' ? readEnvelopedStatus(object) : readEnveloped(object, this.#form) };
  }
}

/** What a `RawExtension` holds. */
function rawOf(bytes: Buffer): Buffer {
  const reader = new MessageReader(bytes);
  let raw = bytes.subarray(0, 0);
  while (reader.at < bytes.length) {
    const tag = reader.whole();
    if (tag === TYPE_TAG) {
      const end = reader.delimitedEnd(bytes.length);
      raw = bytes.subarray(reader.at, end);
      reader.pass(end);
    } else reader.skip(tag & 7, bytes.length);
  }
  return raw;
}
