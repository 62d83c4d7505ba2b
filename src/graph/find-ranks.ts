import type { Bitset } from '../base/bitset.ts';
import { forEachId } from '../base/postings.ts';
import { type FindQuestion, findRank, SHORTEST_PART } from '../model/find-match.ts';
import type { FindColumn } from './find-column.ts';
import type { FindTexts } from './find-index.ts';

/** Texts looked at for one question before weaker matches are left out. */
const MOST_VISITS = 1_000_000;
/** Words of texts that are held against the question's for typing errors, all its words together. */
const MOST_TYPO_LOOKS = 600_000;

/**
 * How well entities answer a question, worked out kind of match by kind of match, the best first: each `look` goes one kind
 * further down.
 */
export class FindRanks {
  readonly #texts: FindTexts;
  readonly #question: FindQuestion;
  readonly #scope: Bitset;
  /** By word, then by entity: the best rank so far. */
  readonly #ranks: readonly Uint8Array[];
  /** The entities that have the first word. */
  readonly #candidates: number[] = [];
  #visits = 0;
  #typoLooks = 0;
  #isCut = false;

  /** @param scope the entities that count; all are among the collected ones, unchanged */
  constructor(texts: FindTexts, question: FindQuestion, scope: Bitset) {
    this.#texts = texts;
    this.#question = question;
    this.#scope = scope;
    this.#ranks = question.words.map(() => new Uint8Array(texts.names.length));
  }

  /** True when so much was looked at that no weaker matches should be. */
  get isSpent(): boolean {
    return this.#visits > MOST_VISITS;
  }

  /** True when typing errors were not looked for in every word. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Looks for the matches of one rank. */
  look(rank: number): void {
    for (const [at, word] of this.#question.words.entries()) {
      const ranks = this.#ranks[at];
      if (ranks) this.#lookFor(word, rank, { ranks, isFirst: at === 0 });
    }
  }

  /** Calls `visit` for each entity that has all words, with the rank of the worst, or that of its whole name. */
  forEach(visit: (id: number, rank: number) => void): void {
    const { calling, names } = this.#texts;
    for (const id of this.#candidates) {
      let rank: number = findRank.word;
      for (const ranks of this.#ranks) rank = Math.min(rank, ranks[id] ?? 0);
      if (rank === 0) continue;
      if (rank === findRank.word && calling.begins(names[id] ?? 0, this.#question.phrase)) {
        rank = this.nameLength(id) === this.#question.phrase.length ? findRank.exact : findRank.prefix;
      }
      visit(id, rank);
    }
  }

  /** Length of an entity's name. */
  nameLength(id: number): number {
    return this.#texts.calling.lengthOf(this.#texts.names[id] ?? 0);
  }

  #lookFor(word: string, rank: number, into: WordRanks): void {
    const { calling, about } = this.#texts;
    if (rank === findRank.word) this.#mark(calling, calling.words(word), rank, into);
    if (rank === findRank.typo) {
      const typos = calling.typos(word, MOST_TYPO_LOOKS - this.#typoLooks);
      this.#isCut ||= typos === undefined;
      this.#typoLooks += typos?.looks ?? 0;
      this.#mark(calling, typos?.entries ?? [], rank, into);
    }
    if (word.length < SHORTEST_PART) return;
    if (rank === findRank.part) this.#mark(calling, calling.parts(word, false), rank, into);
    if (rank === findRank.text) this.#mark(about, about.parts(word, true), rank, into);
  }

  #mark(column: FindColumn, entries: readonly number[], rank: number, { ranks, isFirst }: WordRanks): void {
    const mark = (id: number): void => {
      if (!this.#scope.has(id) || (ranks[id] ?? 0) >= rank) return;
      if (isFirst && ranks[id] === 0) this.#candidates.push(id);
      ranks[id] = rank;
    };
    this.#visits += entries.length;
    for (const entry of entries) {
      const ids = column.holdersOf(entry);
      // Most texts are of one entity.
      if (typeof ids === 'number') mark(ids);
      else forEachId(ids, mark);
    }
  }
}

interface WordRanks {
  readonly ranks: Uint8Array;
  readonly isFirst: boolean;
}
