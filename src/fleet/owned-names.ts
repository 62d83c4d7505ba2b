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
  readonly shape: number;
  readonly rows: Uint32Array;
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
    const known = this.#judged.get(shard);
    if (known?.shape === shard.shape) return known.rows;
    const rows = this.#judge(shard);
    this.#judged.set(shard, { shape: shard.shape, rows });
    return rows;
  }

  #judge(shard: Shard): Uint32Array {
    const { layout, names } = shard;
    const starts = shard.column(layout.name);
    const lengths = shard.column(layout.name + 1);
    const owners = shard.column(layout.byName.get('ownerName')?.at ?? 0);
    const others = new Uint32Array(shard.end);
    let count = 0;
    let last = noWord;
    let owner: Uint8Array = new Uint8Array(0);
    for (let row = 0; row < starts.length; row += 1) {
      const start = starts[row] ?? noText;
      if (start === noText) continue;
      const word = owners[row] ?? noWord;
      if (word !== noWord && word !== last) {
        last = word;
        owner = this.#words.bytesOf(word);
      }
      const isOwned = word !== noWord && isNamedAfter(names.bytes, start, lengths[row] ?? 0, owner);
      if (!isOwned) others[count++] = row;
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
