import { type Message, MessageReader } from './protobuf-message.ts';
import { type MessageForm, messageShape } from './protobuf-shape.ts';
import { ProtocolViolation } from './reflector-failure.ts';

/** Media type of objects as protocol buffers. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Stands before each object. */
export const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);

const DELIMITED = 2;
const RAW = 2;

/** A `Status`, as far as it is read. */
const statusForm = messageShape({
  message: [3, 'text'],
  reason: [4, 'word'],
  details: [5, messageShape({ causes: [4, [messageShape({ reason: [1, 'word'] })]], retryAfterSeconds: [5, 'count'] })],
  code: [6, 'count'],
});

/** True where an answer comes as protocol buffers. */
export function isProtobuf(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-type']?.startsWith(PROTOBUF) === true;
}

/**
 * Reads an object within its envelope (`runtime.Unknown`).
 * @throws ProtocolViolation where it is none
 */
export function readEnveloped(bytes: Buffer, { shape }: MessageForm): Message {
  checkMagic(bytes);
  const reader = new MessageReader(bytes);
  reader.pass(MAGIC.length);
  let object: Message = {};
  while (reader.at < bytes.length) {
    const tag = reader.whole();
    if (tag === ((RAW << 3) | DELIMITED)) object = reader.message(shape, reader.delimitedEnd(bytes.length));
    else reader.skip(tag & 7, bytes.length);
  }
  return object;
}

/** @throws ProtocolViolation where no object of Kubernetes begins */
export function checkMagic(bytes: Buffer): void {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw new ProtocolViolation('The answer is no object of Kubernetes');
}

/** Reads a `Status` within its envelope. @throws ProtocolViolation where it is none */
export function readEnvelopedStatus(bytes: Buffer): Message {
  return readEnveloped(bytes, statusForm);
}
