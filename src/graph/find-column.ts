import { type IdSet, NO_IDS } from '../base/postings.ts';
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

  /** The entities that have a text. */
  holdersOf(entry: number): IdSet {
    return this.#ids[entry] ?? NO_IDS;
  }

  /** Length of a text. */
  lengthOf(entry: number): number {
    return (this.#starts[entry + 1] ?? this.#length) - (this.#starts[entry] ?? 0) - SEPARATOR.length;
  }

  /** True where a text begins with a phrase. */
  begins(entry: number, phrase: string): boolean {
    return this.#text.startsWith(phrase, this.#starts[entry]);
  }

  /** The texts in which a word begins with `part`, some more than once. */
  words(part: string): readonly number[] {
    const buckets = this.#bucketsOf(part);
    // What the key says need not be compared.
    if (part.length <= 2)
      return buckets.length === 1 ? (buckets[0]?.entries ?? []) : buckets.flatMap(({ entries }) => entries);
    return entriesWhere(buckets, (place) => this.#text.startsWith(part, place));
  }

  /**
   * The texts in which a word begins with `part` but for one typing error, some more than once.
   * @param most words that may be looked at for it
   * @returns nothing where they would be more
   */
  typos(part: string, most: number): { readonly entries: readonly number[]; readonly looks: number } | undefined {
    const near = Array.from(this.#buckets).flatMap(([key, bucket]) => (isNearKey(key, part) ? bucket : []));
    const looks = near.reduce((sum, { places }) => sum + places.length, 0);
    if (looks > most) return undefined;
    return { entries: entriesWhere(near, (place) => typoLength(this.#text, place, part) !== -1), looks };
  }

  /**
   * The texts that contain `part`, each once.
   * @param atGap true: only where it stands after what is no letter or digit
   */
  parts(part: string, atGap: boolean): readonly number[] {
    const found: number[] = [];
    let entry = 0;
    for (let at = this.#text.indexOf(part); at !== -1;) {
      let next = at + 1;
      if (!atGap || isGap(this.#text, at - 1)) {
        while ((this.#starts[entry + 1] ?? Infinity) <= at) entry += 1;
        found.push(entry);
        next = this.#starts[entry + 1] ?? this.#length;
      }
      at = this.#text.indexOf(part, next);
    }
    return found;
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
}

function entriesWhere(buckets: readonly Bucket[], holds: (place: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (const { places, entries } of buckets) {
    for (let index = 0; index < places.length; index += 1) {
      if (holds(places[index] ?? 0)) found.push(entries[index] ?? 0);
    }
  }
  return found;
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
