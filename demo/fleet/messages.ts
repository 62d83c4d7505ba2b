import type { JsonMap } from './kube-object.ts';
import { BackwardWriter, delimited, encodeMessage } from './message-parts.ts';
import type { Resource } from './resources.ts';

/** Media type of objects as protocol buffers. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);
/** Kinds that are sent as protocol buffers, with their groups. */
const kinds: Readonly<Record<string, string>> = { Pod: '', Event: '', ReplicaSet: 'apps' };

/** Whether objects of a resource can be sent as protocol buffers. */
export function hasMessages({ kind, group }: Pick<Resource, 'kind' | 'group'>): boolean {
  return kinds[kind] === group;
}

/** What stands around an object: `runtime.Unknown` with its type. */
export function enveloped(apiVersion: string, kind: string, message: Buffer): Buffer {
  const writer = new BackwardWriter(message.length + 128);
  // Neither encoded nor of another type.
  writer.bytes(Buffer.from([(3 << 3) | 2, 0, (4 << 3) | 2, 0]));
  const from = writer.length;
  writer.bytes(message);
  writer.close(2, from);
  writer.bytes(delimited(1, encodeMessage('TypeMeta', { apiVersion, kind })));
  writer.bytes(MAGIC);
  return writer.written;
}

/** A `Status` in its envelope. */
export function statusMessage(status: JsonMap): Buffer {
  return enveloped('v1', 'Status', encodeMessage('Status', status));
}

/** A list of messages in its envelope. */
export function listMessage(apiVersion: string, kind: string, metadata: JsonMap, items: readonly Buffer[]): Buffer {
  const writer = new BackwardWriter(items.reduce((sum, { length }) => sum + length + 6, 256));
  writer.bytes(Buffer.from([(3 << 3) | 2, 0, (4 << 3) | 2, 0]));
  const end = writer.length;
  for (const item of items.toReversed()) {
    const from = writer.length;
    writer.bytes(item);
    writer.close(2, from);
  }
  writer.bytes(delimited(1, encodeMessage('ListMeta', metadata)));
  writer.close(2, end);
  writer.bytes(delimited(1, encodeMessage('TypeMeta', { apiVersion, kind: `${kind}List` })));
  writer.bytes(MAGIC);
  return writer.written;
}

/** An event of a watch with its length before it. @param object in its envelope */
export function watchFrame(type: string, object: Buffer): Buffer {
  const writer = new BackwardWriter(object.length + 64);
  writer.bytes(object);
  writer.close(1, 0);
  writer.close(2, 0);
  writer.bytes(delimited(1, Buffer.from(type)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.bytes(length);
  return writer.written;
}
