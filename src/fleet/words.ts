import { compareBytes, EncodedText, sameBytes } from './encoded-text.ts';
import { HashSlots } from './hash-slots.ts';
import type { Needle } from './needle.ts';
import { knownNo, knownYes, WordAnswers } from './word-answers.ts';
import { grown } from './number-array.ts';
import { TrigramFilter } from './trigram-filter.ts';

/** Bytes of words are kept in pieces of this size, so that none is ever copied as a whole; what is searched in smaller ones. */
const CHUNK_BYTES = { mixed: 512 * 1024, folded: 16 * 1024 };
/** No word. */
export const noWord = 0;

/** Texts that were asked for lately are kept, one for each remainder of an id by this power of two: the same few are asked for all the time. */
const RECENT_TEXTS = 8192;
/** Longer ones are templates and the like, bytes. */
const LONGEST_RECENT = 256;

const noBytes = { bytes: new Uint8Array(0), start: 0, length: 0 };

interface Chunk {
  readonly bytes: Buffer;
  /** Of a chunk that holds words without capital letters only. */
  readonly filter: TrigramFilter | undefined;
  used: number;
  /** Bytes of words that are still there. */
  held: number;
  /** Where words begin, in order, and their ids; also of words that are gone. */
  readonly starts: number[];
  readonly ids: number[];
}

/** Needles of fewer bytes stand in so many words that each is looked at when it is asked about. */
const LEAST_NEEDLE = 3;

/**
 * The texts that many records share, each held once as UTF-8 outside the heap. An id is valid as long as a record that
 * `sweep` sees holds it, and then given to another word. 0 is no word.
 */
export class Words {
  #chunks: Chunk[] = [];
  /** The chunks that take words with capital letters, and words without. */
  readonly #open = { mixed: -1, folded: -1 };
  #chunkOf = new Uint32Array(1024);
  #starts = new Uint32Array(1024);
  #lengths = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  /** Whether a word was seen or made since marking began. */
  #marks = new Uint8Array(1024);
  /** `knownNo` for each word without capital letters. */
  #folded = new Uint8Array(1024);
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

  /** Whether a word is one without capital letters. */
  isFolded(id: number): boolean {
    return this.#folded[id] === knownNo;
  }

  /** Whether a word holds a needle. */
  findIn(id: number, needle: Needle): boolean {
    return needle.findIn(this.#chunkAt(id), this.#starts[id] ?? 0, this.#lengths[id] ?? 0) >= 0;
  }

  /**
   * Which words hold a needle. Words without capital letters stand together: they are looked through at once in native code; others
   * when they are asked about.
   *
   * @returns also those that were found at once; undefined: all are looked at when they are asked about
   */
  answersFor(needle: Needle): { readonly answers: WordAnswers; readonly found: readonly number[] | undefined } {
    const test = (id: number): boolean => id !== noWord && this.findIn(id, needle);
    if (needle.byteLength < LEAST_NEEDLE) {
      return { answers: new WordAnswers(this.#end, test), found: undefined };
    }
    const known = this.#folded.slice(0, this.#end);
    const found: number[] = [];
    for (const [place, chunk] of this.#chunks.entries()) {
      if (chunk.filter === undefined || !needle.mayBeIn(chunk.filter)) continue;
      let at = needle.indexIn(chunk.bytes, 0, chunk.used);
      while (at >= 0) {
        const index = lastUpTo(chunk.starts, at);
        const id = chunk.ids[index] ?? noWord;
        const start = chunk.starts[index] ?? 0;
        const isHeld = this.#chunkOf[id] === place + 1 && this.#starts[id] === start;
        if (isHeld && at + needle.byteLength <= start + (this.#lengths[id] ?? 0)) {
          known[id] = knownYes;
          found.push(id);
        }
        at = needle.indexIn(
          chunk.bytes,
          known[id] === knownYes ? (chunk.starts[index + 1] ?? chunk.used) : at + 1,
          chunk.used,
        );
      }
    }
    return { answers: new WordAnswers(known, test), found };
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
    this.#folded[id] = 0;
    this.#bytes -= length;
    this.#free.push(id);
    if (chunk === undefined) return;
    chunk.held -= length;
    if (place !== this.#open.mixed && place !== this.#open.folded && chunk.held * 2 < chunk.bytes.length)
      this.#empty(place);
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
    this.#chunks[place] = emptyChunk(0, false);
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
      this.#folded = enlarged(this.#folded, this.#starts.length);
    }
    this.#end += 1;
    return id;
  }

  /** Puts the bytes of a word into a chunk with room. */
  #store(id: number, bytes: Uint8Array, start: number, length: number): void {
    const isFolded = !hasCapital(bytes, start, length);
    const place = this.#withRoom(isFolded ? 'folded' : 'mixed', length);
    const chunk = this.#chunks[place];
    if (chunk === undefined) return;
    chunk.bytes.set(bytes.subarray(start, start + length), chunk.used);
    chunk.filter?.add(bytes, start, length);
    chunk.starts.push(chunk.used);
    chunk.ids.push(id);
    this.#folded[id] = isFolded ? knownNo : 0;
    this.#chunkOf[id] = place + 1;
    this.#starts[id] = chunk.used;
    chunk.used += length;
    chunk.held += length;
  }

  /** The place of an open chunk with room for so many bytes more. */
  #withRoom(letters: 'folded' | 'mixed', length: number): number {
    const open = this.#chunks[this.#open[letters]];
    if (open !== undefined && open.used + length <= open.bytes.length) return this.#open[letters];
    const chunk = emptyChunk(Math.max(CHUNK_BYTES[letters], length), letters === 'folded');
    const vacant = this.#chunks.findIndex((one) => one.bytes.length === 0);
    this.#open[letters] = vacant >= 0 ? vacant : this.#chunks.push(chunk) - 1;
    this.#chunks[this.#open[letters]] = chunk;
    return this.#open[letters];
  }

  #chunkAt(id: number): Buffer {
    const chunk = this.#chunks[(this.#chunkOf[id] ?? 0) - 1];
    if (chunk === undefined) throw new RangeError(`Word ${id} is not held`);
    return chunk.bytes;
  }
}

function emptyChunk(bytes: number, isFolded: boolean): Chunk {
  const filter = isFolded ? new TrigramFilter() : undefined;
  return { bytes: Buffer.allocUnsafeSlow(bytes), filter, used: 0, held: 0, starts: [], ids: [] };
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

function hasCapital(bytes: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 65 && byte <= 90) return true;
  }
  return false;
}

/** The index of the last number that is not above another one. */
function lastUpTo(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
