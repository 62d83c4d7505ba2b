import { parseWithoutManagedFields } from './managed-fields.ts';
import type { KubeObject } from './reflection.ts';
import { ProtocolViolation } from './reflector-failure.ts';
import { mapOf } from './reflector-path.ts';

const ITEMS = Buffer.from('"items":[');
const BETWEEN = Buffer.from('},');
const BRACE = 123;
const END_LIST = 93;
const COLON = 58;

/** So many bytes are parsed together: few enough to let other work in between, enough to be cheap. */
const PIECE_BYTES = 1024 * 1024;
/** Where the items begin is looked for in so many bytes. */
const HEAD_BYTES = 64 * 1024;
/** The first key of an item is not longer. */
const KEY_BYTES = 64;
/** What cannot be cut into pieces may be so large, bytes. */
const WHOLE_BYTES = 64 * 1024 * 1024;
/** Places that are tried in one piece. */
const MOST_TRIES = 8;

/** What a list says besides its items. */
export interface ListHead {
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last one. */
  readonly next: string | undefined;
}

/** Reads the body of a list while it comes. */
export interface ListReader {
  /** The items that are complete with a chunk. @throws ProtocolViolation */
  take(chunk: Buffer): readonly KubeObject[];
  /** The items that are left, and what the list says of itself. @throws ProtocolViolation where it is not whole */
  end(): ListHead & { readonly items: readonly KubeObject[] };
}

/**
 * Reads the JSON of a list while it comes, in pieces of whole items, so that neither the bytes nor the objects of a large list
 * are ever held together.
 *
 * All items of a list begin with the same key; a piece ends where `},{` and that key stand. Where that was within an item,
 * the piece is no valid JSON, since something in it was not closed: then another place is tried. A list in any other layout
 * is parsed whole at its end.
 */
export class ListBody implements ListReader {
  #parts: Buffer[] = [];
  #bytes = 0;
  /** What stands before the first item; undefined while it has not come, or is laid out in another way. */
  #head: Buffer | undefined;
  #between: Buffer = BETWEEN;
  #isWhole = false;
  /** From so many bytes on a piece is looked for: twice as many after each time that none was found. */
  #enough = PIECE_BYTES;

  take(chunk: Buffer): readonly KubeObject[] {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > WHOLE_BYTES)
      throw new ProtocolViolation('A list is too large, and not laid out as servers do it');
    if (this.#isWhole || this.#bytes < this.#enough) return [];
    if (this.#head === undefined && !this.#readHead()) return [];
    const items = this.#piece();
    this.#enough = items === undefined ? 2 * this.#bytes : PIECE_BYTES;
    return items ?? [];
  }

  end(): ListHead & { readonly items: readonly KubeObject[] } {
    if (this.#head === undefined && (this.#isWhole || !this.#readHead())) return this.#readWhole();
    const rest = this.#joined();
    const end = rest.lastIndexOf(END_LIST);
    const head = this.#head ?? Buffer.alloc(0);
    if (end === -1) throw new ProtocolViolation('A list ended too early');
    const list = mapOf(parsed(Buffer.concat([head, rest.subarray(end)])));
    return { ...headOf(list), items: itemsOf(rest.subarray(0, end)) };
  }

  #joined(): Buffer {
    const [only] = this.#parts;
    const all = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts, this.#bytes);
    this.#keep(all);
    return all;
  }

  #keep(rest: Buffer): void {
    this.#parts = [rest];
    this.#bytes = rest.length;
  }

  /** Finds where the items begin, and with which key each of them does. */
  #readHead(): boolean {
    const all = this.#joined();
    const at = all.subarray(0, HEAD_BYTES).indexOf(ITEMS);
    const from = at + ITEMS.length;
    const key = all.subarray(from, from + KEY_BYTES);
    const colon = key.indexOf(COLON);
    this.#isWhole = at === -1 || key[0] !== BRACE || colon === -1;
    if (this.#isWhole) return false;
    this.#head = all.subarray(0, from);
    this.#between = Buffer.concat([BETWEEN, key.subarray(0, colon + 1)]);
    this.#keep(all.subarray(from));
    return true;
  }

  /** The items up to the last place where one ends; undefined where there is none yet. */
  #piece(): readonly KubeObject[] | undefined {
    const all = this.#joined();
    let at = all.lastIndexOf(this.#between);
    for (let tries = 0; at > 0 && tries < MOST_TRIES; tries += 1) {
      const values = valuesOf(all.subarray(0, at + 1));
      if (values) {
        this.#keep(all.subarray(at + BETWEEN.length));
        return values;
      }
      at = all.lastIndexOf(this.#between, at - 1);
    }
    return undefined;
  }

  #readWhole(): ListHead & { readonly items: readonly KubeObject[] } {
    const list = mapOf(parsed(this.#joined()));
    // Servers write null for a list of nothing.
    const items = list['items'] ?? [];
    if (!Array.isArray(items)) throw new ProtocolViolation('The items of a list are no list');
    return { ...headOf(list), items: items as KubeObject[] };
  }
}

function headOf(list: Readonly<Record<string, unknown>>): ListHead {
  const { resourceVersion, continue: next } = mapOf(list['metadata']);
  if (typeof resourceVersion !== 'string' || resourceVersion === '')
    throw new ProtocolViolation('A list has no resourceVersion');
  return { resourceVersion, next: typeof next === 'string' && next !== '' ? next : undefined };
}

/** The items that stand between commas. @throws ProtocolViolation */
function itemsOf(bytes: Buffer): readonly KubeObject[] {
  const values = valuesOf(bytes);
  if (values === undefined) throw new ProtocolViolation('The items of a list are not JSON');
  return values;
}

/** Values between commas; undefined where that is no JSON. */
function valuesOf(bytes: Buffer): readonly KubeObject[] | undefined {
  try {
    return parseWithoutManagedFields(bytes, '[', ']') as readonly KubeObject[];
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return parseWithoutManagedFields(bytes);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new ProtocolViolation(`A list is not JSON: ${thrown.message.slice(0, 200)}`);
  }
}
