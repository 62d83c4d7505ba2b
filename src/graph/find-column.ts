import { forEachId, type IdSet } from '../base/postings.ts';
import { isGap, startsWord, typoLength } from '../model/folded-text.ts';

/** Stands between two texts. */
const SEPARATOR = '\u0000';

/** The beginnings of words that begin with the same two letters. */
interface Bucket {
  /** Where in the text. */
  readonly places: number[];
  /** Which of the texts that is. */
  readonly entries: number[];
}

/** Is told of a text that has what was looked for. */
export type EntryVisit = (entry: number) => void;

/**
 * Many short texts in one folded string, each with the entities that have it, and where their words begin. Texts are added,
 * then `finish` is called, then they are searched; nothing is taken out.
 */
export class FindColumn {
  readonly #ids: IdSet[] = [];
  readonly #starts: number[] = [];
  readonly #buckets = new Map<number, Bucket>();
  readonly #keepsWords: boolean;
  #pieces: string[] = [];
  #length = 0;
  #text = '';

  /** @param keepsWords true: `words` and `typos` are asked; else the beginnings of words are looked up in the text */
  constructor(keepsWords: boolean) {
    this.#keepsWords = keepsWords;
  }

  /** Adds a text with the entities that have it. @returns its number */
  add(text: string, folded: string, ids: IdSet): number {
    const entry = this.#starts.length;
    this.#starts.push(this.#length);
    this.#ids.push(ids);
    if (this.#keepsWords) this.#addWords(text, folded, entry);
    this.#pieces.push(folded);
    this.#length += folded.length + SEPARATOR.length;
    return entry;
  }

  /** No more texts come. */
  finish(): void {
    this.#text = this.#pieces.join(SEPARATOR);
    this.#pieces = [];
  }

  /** Calls `visit` for each entity that has a text. */
  forEachHolder(entry: number, visit: (id: number) => void): void {
    forEachId(this.#ids[entry] ?? [], visit);
  }

  /** Length of a text. */
  lengthOf(entry: number): number {
    return (this.#starts[entry + 1] ?? this.#length) - (this.#starts[entry] ?? 0) - SEPARATOR.length;
  }

  /** True where a text begins with a phrase. */
  begins(entry: number, phrase: string): boolean {
    return this.#text.startsWith(phrase, this.#starts[entry]);
  }

  /** Visits the texts in which a word begins with `part`, some more than once. */
  words(part: string, visit: EntryVisit): void {
    for (const { places, entries } of this.#bucketsOf(part)) {
      for (let index = 0; index < places.length; index += 1) {
        // What the key says need not be compared.
        if (part.length <= 2 || this.#text.startsWith(part, places[index])) visit(entries[index] ?? 0);
      }
    }
  }

  /** Visits the texts in which a word begins with `part` but for one typing error, some more than once. */
  typos(part: string, visit: EntryVisit): void {
    for (const [key, { places, entries }] of this.#buckets) {
      if (!isNearKey(key, part)) continue;
      for (let index = 0; index < places.length; index += 1) {
        if (typoLength(this.#text, places[index] ?? 0, part) !== -1) visit(entries[index] ?? 0);
      }
    }
  }

  /**
   * Visits each text that contains `part` once.
   * @param atGap true: only where it stands after what is no letter or digit
   */
  parts(part: string, atGap: boolean, visit: EntryVisit): void {
    for (let at = this.#text.indexOf(part); at !== -1;) {
      if (atGap && !isGap(this.#text, at - 1)) {
        at = this.#text.indexOf(part, at + 1);
        continue;
      }
      const entry = this.#entryAt(at);
      visit(entry);
      const next = this.#starts[entry + 1];
      at = next === undefined ? -1 : this.#text.indexOf(part, next);
    }
  }

  #bucketsOf(part: string): readonly Bucket[] {
    if (part.length > 1) return [this.#buckets.get(keyAt(part, 0))].filter((bucket) => bucket !== undefined);
    const first = part.charCodeAt(0);
    return Array.from(this.#buckets).flatMap(([key, bucket]) => (key >>> 16 === first ? bucket : []));
  }

  #addWords(text: string, folded: string, entry: number): void {
    for (let at = 0; at < folded.length; at += 1) {
      if (!startsWord(text, folded, at)) continue;
      const key = keyAt(folded, at);
      let bucket = this.#buckets.get(key);
      if (bucket === undefined) {
        bucket = { places: [], entries: [] };
        this.#buckets.set(key, bucket);
      }
      bucket.places.push(this.#length + at);
      bucket.entries.push(entry);
    }
  }

  /** Which text stands at a place. */
  #entryAt(place: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The first two letters in one number; a word of one letter has a gap as its second. */
function keyAt(folded: string, at: number): number {
  const second = isGap(folded, at + 1) ? 0 : folded.charCodeAt(at + 1);
  return folded.charCodeAt(at) * 65_536 + second;
}

/** True where words with that key may be meant by `part`: one error leaves enough of the first letters in place. */
function isNearKey(key: number, part: string): boolean {
  const [first, second] = [key >>> 16, key & 65_535];
  const [one, two, three] = [part.charCodeAt(0), part.charCodeAt(1), part.charCodeAt(2)];
  // Either letter wrong or missing in what was typed; or swapped, or the first one too many.
  return first === one || second === two || second === one || (first === two && second === three);
}
