import { mixed } from './encoded-text.ts';
import { HashSlots } from './hash-slots.ts';
import { grown } from './number-array.ts';
import { WordAnswers } from './word-answers.ts';
import type { Words } from './words.ts';

/**
 * Sets of lines `key=value`, as labels are: many objects share a set, and many sets share a pair. A set is the ids of its
 * pairs among the words, so that a selector or a search looks at each pair once and at each set once. 0 is no set.
 */
export class PairSets {
  readonly #words: Words;
  /** Per set: where its pairs begin in `#pairs`, how many they are, and its hash. */
  #starts = new Uint32Array(1024);
  #lengths = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  #marks = new Uint8Array(1024);
  #pairs = new Uint32Array(4096);
  /** Per place in `#pairs`: the set that it is of, 0 of what is forgotten; and the place before it with the same pair, plus one. */
  #owners = new Uint32Array(4096);
  #before = new Uint32Array(4096);
  /** By id of word: the last place in `#pairs` where it stands, plus one. */
  #last = new Uint32Array(1024);
  /** The pairs that have such a place. */
  readonly #distinct = new Set<number>();
  #used = 0;
  #garbage = 0;
  #forgotten = 0;
  #end = 1;
  #free: number[] = [];
  readonly #slots = new HashSlots((id) => this.#hashes[id] ?? 0);
  readonly #forgetListeners: ((id: number) => void)[] = [];
  readonly #staged: number[] = [];
  readonly #isStaged = (id: number): boolean => {
    const start = this.#starts[id] ?? 0;
    if (this.#lengths[id] !== this.#staged.length) return false;
    return this.#staged.every((pair, at) => this.#pairs[start + at] === pair);
  };

  constructor(words: Words) {
    this.#words = words;
    // Of a word that is forgotten all sets are.
    words.onForget((id) => {
      if (!this.#distinct.delete(id)) return;
      this.#last[id] = 0;
    });
  }

  /** Number of sets. */
  get size(): number {
    return this.#end - 1 - this.#free.length;
  }

  /** How many sets were forgotten so far: with each an id may come to mean another set. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Ids are below this. */
  get end(): number {
    return this.#end;
  }

  /** The id of a set; one that is not known becomes so. */
  idOf(lines: string): number {
    this.#staged.length = 0;
    for (let start = 0; start <= lines.length;) {
      const found = lines.indexOf('\n', start);
      const end = found < 0 ? lines.length : found;
      this.#staged.push(this.#words.idOf(lines.slice(start, end)));
      start = end + 1;
    }
    return this.#idOfStaged();
  }

  /** As `idOf`, of pairs that are known as words. */
  idOfWords(pairs: Iterable<number>): number {
    this.#staged.length = 0;
    for (const pair of pairs) this.#staged.push(pair);
    return this.#idOfStaged();
  }

  /** The pairs of a set, as ids of words; until something is added or swept. */
  pairsOf(id: number): Uint32Array {
    const start = this.#starts[id] ?? 0;
    return this.#pairs.subarray(start, start + (this.#lengths[id] ?? 0));
  }

  /** The lines of a set; empty for 0. */
  text(id: number): string {
    return Array.from(this.pairsOf(id), (pair) => this.#words.text(pair)).join('\n');
  }

  /** Whether one of the pairs of a set is among these, a byte each by id of word. */
  hasOne(id: number, among: Uint8Array): boolean {
    const start = this.#starts[id] ?? 0;
    const end = start + (this.#lengths[id] ?? 0);
    for (let at = start; at < end; at += 1) if (among[this.#pairs[at] ?? 0] === 1) return true;
    return false;
  }

  /** Which sets have a pair that passes; each is looked at when it is asked about. */
  answersFor(pairs: WordAnswers): WordAnswers {
    return new WordAnswers(this.#end, (id) => this.pairsOf(id).some((pair) => pairs.of(pair)));
  }

  /** Tells the ids of the sets that have a pair, each once. */
  tellSets(pair: number, tell: (set: number) => void): void {
    for (let place = this.#last[pair] ?? 0; place !== 0; place = this.#before[place - 1] ?? 0) {
      const set = this.#owners[place - 1] ?? 0;
      if (set !== 0) tell(set);
    }
  }

  /** From now on, until all ids are swept, sets that are marked or asked for by text stay. Words must be marking too. */
  beginMarking(): void {
    this.#marks.fill(0);
  }

  mark(id: number): void {
    this.#marks[id] = 1;
  }

  /** Forgets every set that was not marked, of the ids from one up to another, and marks the words of the others. */
  sweep(from: number, to: number): void {
    for (let id = from; id < Math.min(to, this.#end); id += 1) {
      if (this.#hashes[id] === 0) continue;
      if (this.#marks[id] === 1) for (const pair of this.pairsOf(id)) this.#words.mark(pair);
      else this.#forget(id);
    }
    if (this.#garbage > 4096 && this.#garbage * 2 > this.#used) this.#compact();
  }

  /** Calls with every id that is no set any more. */
  onForget(listener: (id: number) => void): void {
    this.#forgetListeners.push(listener);
  }

  #forget(id: number): void {
    for (const listener of this.#forgetListeners) listener(id);
    this.#slots.remove(id);
    this.#forgotten += 1;
    const start = this.#starts[id] ?? 0;
    const length = this.#lengths[id] ?? 0;
    this.#owners.fill(0, start, start + length);
    this.#garbage += length;
    this.#lengths[id] = 0;
    this.#hashes[id] = 0;
    this.#free.push(id);
  }

  #compact(): void {
    const old = this.#pairs;
    const room = Math.max(4096, this.#used - this.#garbage);
    this.#pairs = new Uint32Array(room);
    this.#owners = new Uint32Array(room);
    this.#before = new Uint32Array(room);
    this.#last.fill(0);
    this.#distinct.clear();
    this.#used = 0;
    this.#garbage = 0;
    for (let id = 1; id < this.#end; id += 1) {
      const start = this.#starts[id] ?? 0;
      this.#place(id, old.subarray(start, start + (this.#lengths[id] ?? 0)));
    }
  }

  /** Puts the pairs of a set behind all others. */
  #place(id: number, pairs: ArrayLike<number>): void {
    this.#starts[id] = this.#used;
    for (let at = 0; at < pairs.length; at += 1) {
      const pair = pairs[at] ?? 0;
      if (pair >= this.#last.length) this.#last = grown(this.#last, pair + 1 + (pair >>> 1));
      this.#pairs[this.#used] = pair;
      this.#owners[this.#used] = id;
      this.#before[this.#used] = this.#last[pair] ?? 0;
      if (this.#last[pair] === 0) this.#distinct.add(pair);
      this.#used += 1;
      this.#last[pair] = this.#used;
    }
  }

  #idOfStaged(): number {
    let hash = 0;
    for (const pair of this.#staged) hash = mixed(Math.imul(hash, 31) + pair);
    // 0 is the hash of what is not held.
    hash = hash === 0 ? 1 : hash;
    const known = this.#slots.find(hash, this.#isStaged);
    if (known >= 0) {
      this.#marks[known] = 1;
      return known;
    }
    const id = this.#free.pop() ?? this.#next();
    const { length } = this.#staged;
    if (this.#used + length > this.#pairs.length) {
      this.#pairs = grown(this.#pairs, this.#used + length);
      this.#owners = grown(this.#owners, this.#used + length);
      this.#before = grown(this.#before, this.#used + length);
    }
    this.#place(id, this.#staged);
    this.#lengths[id] = length;
    this.#hashes[id] = hash;
    this.#marks[id] = 1;
    this.#slots.add(id, hash);
    return id;
  }

  #next(): number {
    const id = this.#end;
    if (id === this.#starts.length) {
      const room = id + (id >>> 1);
      this.#starts = grown(this.#starts, room);
      this.#lengths = grown(this.#lengths, room);
      this.#hashes = grown(this.#hashes, room);
      const marks = new Uint8Array(this.#starts.length);
      marks.set(this.#marks);
      this.#marks = marks;
    }
    this.#end += 1;
    return id;
  }
}
