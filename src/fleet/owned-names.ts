import { noText } from './columns.ts';
import { sameBytes } from './encoded-text.ts';
import type { Shard } from './shard.ts';
import { noWord, type Words } from './words.ts';

const DASH = 45;
/** By byte: whether it may stand in a tail. Generated tails have no vowels, lest they be words, and nothing in them is a dash. */
const mayBeInTail = Uint8Array.from({ length: 128 }, (_, byte) =>
  /[bcdfghjklmnpqrstvwxz0-9]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

interface Judged {
  shape: number;
  /** How often the names had been moved when the rows were judged. */
  moves: number;
  /** By row: where its name begins, and the word of its owner's name, when it was judged. */
  starts: Uint32Array<ArrayBuffer>;
  owners: Uint32Array<ArrayBuffer>;
  /** By row: 1 where it is not named after its owner. */
  isOther: Uint8Array<ArrayBuffer>;
  rows: Uint32Array;
}

/**
 * Tells which records are named after what owns them: its name, a dash, and a tail without vowels, as pods of ReplicaSets,
 * StatefulSets and Jobs are, and ReplicaSets themselves. Whatever is in such a name is in the name of the owner, if it cannot be in the tail;
 * and owners are far fewer.
 */
export class OwnedNames {
  readonly #words: Words;
  readonly #judged = new WeakMap<Shard, Judged>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** Whether a text may reach into a tail: what follows its last dash could stand there. */
  static reachesTails(text: string): boolean {
    const end = Buffer.from(text.slice(text.lastIndexOf('-') + 1));
    return end.every((byte) => mayBeInTail[byte] === 1);
  }

  /** The rows that are not named so; kept for as long as nothing comes, goes or changes owners in the shard. */
  othersIn(shard: Shard): Uint32Array {
    const { shape, capacity, names } = shard;
    let known = this.#judged.get(shard);
    if (known?.shape === shape) return known.rows;
    if (known === undefined || known.moves !== names.moves || known.starts.length < shard.end) {
      const owners = new Uint32Array(capacity);
      const starts = new Uint32Array(capacity).fill(noText);
      known = { shape, moves: names.moves, starts, owners, isOther: new Uint8Array(capacity), rows: owners };
      this.#judged.set(shard, known);
    }
    known.rows = this.#judge(shard, known);
    known.shape = shape;
    return known.rows;
  }

  /** Judges the rows that have another name, or another owner, than before. @returns those that are not named after their owner */
  #judge({ layout, names, slots, capacity, end }: Shard, { starts, owners, isOther }: Judged): Uint32Array {
    const name = layout.name * capacity;
    const ownerName = (layout.byName.get('ownerName')?.at ?? 0) * capacity;
    const others = new Uint32Array(end);
    let count = 0;
    let last = noWord;
    let owner: Uint8Array = new Uint8Array(0);
    for (let row = 0; row < end; row += 1) {
      const start = slots[name + row] ?? noText;
      const word = slots[ownerName + row] ?? noWord;
      if (starts[row] !== start || owners[row] !== word) {
        starts[row] = start;
        owners[row] = word;
        if (word !== noWord && word !== last) {
          last = word;
          owner = this.#words.bytesOf(word);
        }
        const length = slots[name + capacity + row] ?? 0;
        const isOwned = start === noText || (word !== noWord && isNamedAfter(names.bytes, start, length, owner));
        isOther[row] = isOwned ? 0 : 1;
      }
      if (isOther[row] === 1) others[count++] = row;
    }
    return others.slice(0, count);
  }
}

function isNamedAfter(bytes: Uint8Array, start: number, length: number, owner: Uint8Array): boolean {
  const dash = start + owner.length;
  const end = start + length;
  if (dash >= end || bytes[dash] !== DASH || !sameBytes(bytes, start, owner, 0, owner.length)) return false;
  for (let at = dash + 1; at < end; at += 1) if (mayBeInTail[bytes[at] ?? 0] !== 1) return false;
  return true;
}
