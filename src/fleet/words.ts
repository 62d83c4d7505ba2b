import { compareBytes, EncodedText, sameBytes } from './encoded-text.ts';
import { HashSlots } from './hash-slots.ts';
import type { Needle } from './needle.ts';
import { WordAnswers } from './word-answers.ts';
import { grown } from './number-array.ts';
import { markTrigrams } from './trigrams.ts';

/** Bytes of words are kept in pieces of this size, so that none is ever copied as a whole. */
const CHUNK_BYTES = 512 * 1024;
/** No word. */
export const noWord = 0;

/** Texts that were asked for lately are kept, one for each remainder of an id by this power of two: the same few are asked for all the time. */
const RECENT_TEXTS = 8192;
/** Longer ones are templates and the like, bytes. */
const LONGEST_RECENT = 256;

const noBytes = { bytes: new Uint8Array(0), start: 0, length: 0 };

interface Chunk {
  readonly bytes: Buffer;
  used: number;
  /** Bytes of words that are still there. */
  held: number;
}

/**
 * The texts that many records share, each held once as UTF-8 outside the heap. An id is valid as long as a record that
 * `sweep` sees holds it, and then given to another word. 0 is no word.
 */
export class Words {
  #chunks: Chunk[] = [];
  /** The chunk that takes words. */
  #open = -1;
  #chunkOf = new Uint32Array(1024);
  #starts = new Uint32Array(1024);
  #lengths = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  /** Whether a word was seen or made since marking began. */
  #marks = new Uint8Array(1024);
  #end = 1;
  #free: number[] = [];
  #bytes = 0;
  readonly #recentIds = new Uint32Array(RECENT_TEXTS);
  readonly #recentTexts: string[] = Array.from({ length: RECENT_TEXTS }, () => '');
  readonly #forgetListeners: ((id: number) => void)[] = [];
  readonly #slots = new HashSlots((id) => this.#hashes[id] ?? 0);
  readonly #encoded = new EncodedText();
  readonly #isEncoded = (id: number): boolean => {
    const { bytes, length } = this.#encoded;
    if (this.#lengths[id] !== length) return false;
    return sameBytes(this.#chunkAt(id), this.#starts[id] ?? 0, bytes, 0, length);
  };
  /** A word that somebody else holds, as `#encoded`. */
  #foreign: { readonly bytes: Uint8Array; readonly start: number; readonly length: number } = noBytes;
  readonly #isForeign = (id: number): boolean => {
    const { bytes, start, length } = this.#foreign;
    if (this.#lengths[id] !== length) return false;
    return sameBytes(this.#chunkAt(id), this.#starts[id] ?? 0, bytes, start, length);
  };

  /** Number of words. */
  get size(): number {
    return this.#end - 1 - this.#free.length;
  }

  /** Ids are below this. */
  get end(): number {
    return this.#end;
  }

  /** Bytes of all words, without tables. */
  get byteLength(): number {
    return this.#bytes;
  }

  /** The id of a word; one that is not known becomes so. */
  idOf(text: string): number {
    const { bytes, length, hash } = this.#encoded.set(text);
    return this.#idOfBytes(this.#slots.find(hash, this.#isEncoded), bytes, 0, length, hash);
  }

  /** As `idOf`, of UTF-8 whose hash is known already: that of `hashOf`. */
  idOfBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    this.#foreign = { bytes, start, length };
    const id = this.#idOfBytes(this.#slots.find(hash, this.#isForeign), bytes, start, length, hash);
    this.#foreign = noBytes;
    return id;
  }

  /** The hash of a word, as `EncodedText` makes it. */
  hashOf(id: number): number {
    return this.#hashes[id] ?? 0;
  }

  /** The id of a word that is known, or -1. */
  find(text: string): number {
    return this.#slots.find(this.#encoded.set(text).hash, this.#isEncoded);
  }

  /** The word of an id; empty for `noWord`. */
  text(id: number): string {
    if (id === noWord) return '';
    const place = id & (RECENT_TEXTS - 1);
    if (this.#recentIds[place] === id) return this.#recentTexts[place] ?? '';
    const start = this.#starts[id] ?? 0;
    const length = this.#lengths[id] ?? 0;
    const text = this.#chunkAt(id).toString('utf8', start, start + length);
    if (length > LONGEST_RECENT) return text;
    this.#recentIds[place] = id;
    this.#recentTexts[place] = text;
    return text;
  }

  /** The bytes of a word, until something is added or swept. */
  bytesOf(id: number): Buffer {
    const start = this.#starts[id] ?? 0;
    return this.#chunkAt(id).subarray(start, start + (this.#lengths[id] ?? 0));
  }

  /** Order of two words by code point; no word comes first. */
  compare(left: number, right: number): number {
    if (left === right) return 0;
    if (left === noWord || right === noWord) return left === noWord ? -1 : 1;
    return compareBytes(
      this.#chunkAt(left),
      this.#starts[left] ?? 0,
      this.#lengths[left] ?? 0,
      this.#chunkAt(right),
      this.#starts[right] ?? 0,
      this.#lengths[right] ?? 0,
    );
  }

  /** Which words hold a needle; each is looked at when it is asked about. */
  answersFor(needle: Needle): WordAnswers {
    return new WordAnswers(this.#end, (id) => {
      if (id === noWord) return false;
      return needle.findIn(this.#chunkAt(id), this.#starts[id] ?? 0, this.#lengths[id] ?? 0) >= 0;
    });
  }

  /** Marks the runs of three letters of a word, as `markTrigrams`. */
  markTrigrams(id: number, marks: Int32Array, at: number): void {
    markTrigrams(marks, at, this.#chunkAt(id), this.#starts[id] ?? 0, this.#lengths[id] ?? 0);
  }

  /** Tells the ids of all words that begin so. */
  forPrefix(prefix: string, tell: (id: number) => void): void {
    const { bytes, length } = this.#encoded.set(prefix);
    for (let id = 1; id < this.#end; id += 1) {
      if (this.#chunkOf[id] === 0 || (this.#lengths[id] ?? 0) < length) continue;
      if (sameBytes(this.#chunkAt(id), this.#starts[id] ?? 0, bytes, 0, length)) tell(id);
    }
  }

  /** From now on, until all ids are swept, words that are marked or asked for by text stay. */
  beginMarking(): void {
    this.#marks.fill(0);
  }

  mark(id: number): void {
    this.#marks[id] = 1;
  }

  /** Forgets every word that was not marked, of the ids from one up to another. */
  sweep(from: number, to: number): void {
    for (let id = from; id < Math.min(to, this.#end); id += 1) {
      if (this.#marks[id] !== 1 && this.#chunkOf[id] !== 0) this.#forget(id);
    }
  }

  /** Calls with every id that is no word any more: what was worked out of the word may be forgotten too. */
  onForget(listener: (id: number) => void): void {
    this.#forgetListeners.push(listener);
  }

  #forget(id: number): void {
    for (const listener of this.#forgetListeners) listener(id);
    const recent = id & (RECENT_TEXTS - 1);
    if (this.#recentIds[recent] === id) this.#recentIds[recent] = noWord;
    this.#slots.remove(id);
    const length = this.#lengths[id] ?? 0;
    const place = (this.#chunkOf[id] ?? 0) - 1;
    const chunk = this.#chunks[place];
    this.#chunkOf[id] = 0;
    this.#bytes -= length;
    this.#free.push(id);
    if (chunk === undefined) return;
    chunk.held -= length;
    if (place !== this.#open && chunk.held * 2 < chunk.bytes.length) this.#empty(place);
  }

  /** Moves the words of a chunk that is half garbage elsewhere. */
  #empty(place: number): void {
    const old = this.#chunks[place];
    if (old === undefined) return;
    for (let id = 1; id < this.#end && old.held > 0; id += 1) {
      if (this.#chunkOf[id] !== place + 1) continue;
      const start = this.#starts[id] ?? 0;
      const length = this.#lengths[id] ?? 0;
      old.held -= length;
      this.#store(id, old.bytes, start, length);
    }
    this.#chunks[place] = emptyChunk(0);
  }

  /** @param known the id, or -1 where the word is to become known */
  #idOfBytes(known: number, bytes: Uint8Array, start: number, length: number, hash: number): number {
    if (known >= 0) {
      this.#marks[known] = 1;
      return known;
    }
    const id = this.#free.pop() ?? this.#next();
    this.#lengths[id] = length;
    this.#hashes[id] = hash;
    this.#marks[id] = 1;
    this.#store(id, bytes, start, length);
    this.#slots.add(id, hash);
    this.#bytes += length;
    return id;
  }

  #next(): number {
    const id = this.#end;
    if (id === this.#starts.length) {
      const room = id + (id >>> 1);
      this.#chunkOf = grown(this.#chunkOf, room);
      this.#starts = grown(this.#starts, room);
      this.#lengths = grown(this.#lengths, room);
      this.#hashes = grown(this.#hashes, room);
      this.#marks = enlarged(this.#marks, this.#starts.length);
    }
    this.#end += 1;
    return id;
  }

  /** Puts the bytes of a word into a chunk with room. */
  #store(id: number, bytes: Uint8Array, start: number, length: number): void {
    const place = this.#withRoom(length);
    const chunk = this.#chunks[place];
    if (chunk === undefined) return;
    chunk.bytes.set(bytes.subarray(start, start + length), chunk.used);
    this.#chunkOf[id] = place + 1;
    this.#starts[id] = chunk.used;
    chunk.used += length;
    chunk.held += length;
  }

  /** The place of the open chunk, with room for so many bytes more. */
  #withRoom(length: number): number {
    const open = this.#chunks[this.#open];
    if (open !== undefined && open.used + length <= open.bytes.length) return this.#open;
    const chunk = emptyChunk(Math.max(CHUNK_BYTES, length));
    const vacant = this.#chunks.findIndex((one) => one.bytes.length === 0);
    this.#open = vacant >= 0 ? vacant : this.#chunks.push(chunk) - 1;
    this.#chunks[this.#open] = chunk;
    return this.#open;
  }

  #chunkAt(id: number): Buffer {
    const chunk = this.#chunks[(this.#chunkOf[id] ?? 0) - 1];
    if (chunk === undefined) throw new RangeError(`Word ${id} is not held`);
    return chunk.bytes;
  }
}

function emptyChunk(bytes: number): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(bytes), used: 0, held: 0 };
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
