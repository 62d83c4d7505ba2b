import type { JsonMap } from './kube-object.ts';
import { encodeMessage } from './message-parts.ts';
import { BackwardWriter } from './message-writer.ts';
import type { Resource } from './resources.ts';

/** Media type of objects as protocol buffers. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Writes a message, without anything around it. */
export type WriteMessage = (writer: BackwardWriter) => void;

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);
/** The end of an envelope: what is in it is neither encoded nor of another type. */
const ENVELOPE_END = Buffer.from([(3 << 3) | 2, 0, (4 << 3) | 2, 0]);
/** A writer that became larger is not kept, bytes. */
const LARGEST_KEPT = 16 * 2 ** 20;
/** Kinds that are sent as protocol buffers, with their groups. */
const kinds: Readonly<Record<string, string>> = { Pod: '', Event: '', ReplicaSet: 'apps' };

let kept = new BackwardWriter();

/** Whether objects of a resource can be sent as protocol buffers. */
export function hasMessages({ kind, group }: Pick<Resource, 'kind' | 'group'>): boolean {
  return kinds[kind] === group;
}

/** An object in its envelope. */
export function enveloped(apiVersion: string, kind: string, write: WriteMessage): Buffer {
  return written((writer) => writeEnvelope(writer, apiVersion, kind, () => write(writer)));
}

/** Writes what stands around an object, `runtime.Unknown` with its type. @param write writes the object */
export function writeEnvelope(writer: BackwardWriter, apiVersion: string, kind: string, write: () => void): void {
  writer.bytes(ENVELOPE_END);
  writer.field(2, write);
  writer.field(1, () => writer.bytes(typeMeta(apiVersion, kind)));
  writer.bytes(MAGIC);
}

const typeMetas = new Map<string, Buffer>();

function typeMeta(apiVersion: string, kind: string): Buffer {
  const key = `${apiVersion} ${kind}`;
  let bytes = typeMetas.get(key);
  if (bytes === undefined) typeMetas.set(key, (bytes = encodeMessage('TypeMeta', { apiVersion, kind })));
  return bytes;
}

/** A `Status` in its envelope. */
export function statusMessage(status: JsonMap): Buffer {
  return enveloped('v1', 'Status', (writer) => writer.bytes(encodeMessage('Status', status)));
}

/** A list of messages in its envelope. */
export function listMessage(
  apiVersion: string,
  kind: string,
  metadata: JsonMap,
  items: readonly { readonly writeMessage: WriteMessage }[],
): Buffer {
  return enveloped(apiVersion, `${kind}List`, (writer) => {
    for (let at = items.length - 1; at >= 0; at -= 1) writer.field(2, () => items[at]?.writeMessage(writer));
    writer.field(1, () => writer.bytes(encodeMessage('ListMeta', metadata)));
  });
}

/** An event of a watch with its length before it. @param write writes the object in its envelope */
export function watchFrame(type: string, write: WriteMessage): Buffer {
  return written((writer) => {
    writer.field(2, () => writer.field(1, () => write(writer)));
    writer.field(1, () => writer.ascii(type));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(writer.length);
    writer.bytes(length);
  });
}

/** What is written, in memory of its own. */
export function written(write: WriteMessage): Buffer {
  kept.clear();
  write(kept);
  const bytes = kept.written;
  if (bytes.length > LARGEST_KEPT) kept = new BackwardWriter();
  return bytes;
}
