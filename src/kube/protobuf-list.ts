import type { ListHead, ListReader } from './list-body.ts';
import { checkMagic, MAGIC } from './protobuf-envelope.ts';
import { MessageReader } from './protobuf-message.ts';
import { type MessageForm, messageShape } from './protobuf-shape.ts';
import type { KubeObject } from './reflection.ts';
import { ProtocolViolation } from './reflector-failure.ts';

const DELIMITED = 2;
const RAW_TAG = (2 << 3) | DELIMITED;
const METADATA_TAG = (1 << 3) | DELIMITED;
const ITEM_TAG = (2 << 3) | DELIMITED;
/** Tag and length of a field take no more, bytes. */
const HEAD_BYTES = 20;
/** So many bytes are read together: few enough to let other work in between, enough to be cheap. */
const PIECE_BYTES = 512 * 1024;
/** An item may be so large, bytes: etcd takes about 1.5 MB. */
const ITEM_BYTES = 8 * 1024 * 1024;

const headForm = messageShape({ resourceVersion: [2, 'text'], continue: [3, 'text'] });

/** Reads a list of protocol buffers while it comes: each item when its last byte is there; none is held twice. */
export class ProtobufList implements ListReader {
  readonly #item: MessageForm;
  #parts: Buffer[] = [];
  #bytes = 0;
  #enough = PIECE_BYTES;
  /** How much of the list itself is to come; undefined while its envelope has not been opened. */
  #left: number | undefined;
  #head: Readonly<Record<string, unknown>> = {};

  /** @param item what is read of each item */
  constructor(item: MessageForm) {
    this.#item = item;
  }

  take(chunk: Buffer): readonly KubeObject[] {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes < this.#enough ? [] : this.#read(HEAD_BYTES);
  }

  end(): ListHead & { readonly items: readonly KubeObject[] } {
    const items = this.#read(1);
    if (this.#left !== 0) throw new ProtocolViolation('A list ended too early');
    const { resourceVersion, continue: next } = this.#head;
    if (typeof resourceVersion !== 'string') throw new ProtocolViolation('A list has no resourceVersion');
    return { resourceVersion, next: typeof next === 'string' ? next : undefined, items };
  }

  /** The items that are whole. @param least a field is begun where so many bytes are there */
  #read(least: number): readonly KubeObject[] {
    const bytes = this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts, this.#bytes);
    const reader = new MessageReader(bytes);
    if (this.#left === undefined) this.#open(reader, bytes);
    const items: KubeObject[] = [];
    this.#enough = PIECE_BYTES;
    let at = reader.at;
    while (this.#left !== undefined && this.#left > 0 && bytes.length - at >= least) {
      const tag = reader.whole();
      const end = reader.delimitedEnd(at + this.#left);
      if (end > bytes.length) {
        if (end - at > ITEM_BYTES) throw new ProtocolViolation('An item of a list is too large');
        this.#enough = Math.max(PIECE_BYTES, end - at);
        break;
      }
      if (tag === ITEM_TAG) items.push(reader.message(this.#item.shape, end) as unknown as KubeObject);
      else if (tag === METADATA_TAG) this.#head = reader.message(headForm.shape, end);
      else reader.pass(end);
      this.#left -= end - at;
      at = end;
    }
    const rest = bytes.subarray(at);
    this.#parts = [rest];
    this.#bytes = rest.length;
    return items;
  }

  /** Goes to where the list begins within its envelope. */
  #open(reader: MessageReader, bytes: Buffer): void {
    checkMagic(bytes);
    reader.pass(MAGIC.length);
    for (let tag = reader.whole(); tag !== RAW_TAG; tag = reader.whole()) reader.skip(tag & 7, bytes.length);
    this.#left = reader.whole();
  }
}
