/** One field of a message as it lies on the wire: a whole number, or bytes. */
export type WireField = readonly [number: number, value: bigint | Buffer];

/** The fields of a message in their order. @throws Error for what is no message of whole numbers and bytes */
export function wireFields(bytes: Buffer): readonly WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('The message is cut off');
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, result);
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) fields.push([tag >>> 3, varint()]);
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error('The message is cut off');
      fields.push([tag >>> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`Wire type ${tag & 7}`);
  }
  return fields;
}

/** The bytes of all fields of a number. */
export function bytesOf(message: Buffer, number: number): readonly Buffer[] {
  return wireFields(message).flatMap(([each, value]) => (each === number && Buffer.isBuffer(value) ? [value] : []));
}

/** What is in an envelope. */
export interface Opened {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly raw: Buffer;
}

/** Opens the envelope of an object. @throws Error for what is none */
export function openEnvelope(bytes: Buffer): Opened {
  if (bytes.subarray(0, 4).toString('latin1') !== 'k8s\0') throw new Error('This is no envelope');
  const fields = wireFields(bytes.subarray(4));
  const names = fields.map(([number, value]) => `${number}${number > 2 ? `=${String(value)}` : ''}`);
  if (names.join() !== '1,2,3=,4=') throw new Error(`The envelope has ${names.join()}`);
  const [type = Buffer.alloc(0), raw = Buffer.alloc(0)] = fields.map(([, value]) => value as Buffer);
  const [apiVersion] = bytesOf(type, 1);
  const [kind] = bytesOf(type, 2);
  return { apiVersion: apiVersion?.toString(), kind: kind?.toString(), raw };
}

/** The whole frames of a watch, and how many bytes are left. */
export function openFrames(bytes: Buffer): {
  readonly events: readonly { readonly type: string; readonly object: Opened }[];
  readonly left: number;
} {
  const events = [];
  let at = 0;
  for (; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    const frame = bytes.subarray(at + 4, at + 4 + length);
    const [type] = bytesOf(frame, 1);
    const [object = Buffer.alloc(0)] = bytesOf(frame, 2);
    const [raw = Buffer.alloc(0)] = bytesOf(object, 1);
    events.push({ type: type?.toString() ?? '', object: openEnvelope(raw) });
    at += 4 + length;
  }
  return { events, left: bytes.length - at };
}
