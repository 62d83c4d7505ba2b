import type { WordAnswers } from './word-answers.ts';
import { noWord, type Words } from './words.ts';

/** Columns of few words: a search that finds none of them need not look at the rows. */
const noted: readonly string[] = ['namespace', 'node', 'reason', 'failing'];

/** Which words stand in columns of few words, anywhere in the fleet; also some that stood there and are still known. */
export class ColumnWords {
  readonly #columns: ReadonlyMap<string, Set<number>> = new Map(noted.map((name) => [name, new Set()]));

  constructor(words: Words) {
    words.onForget((id) => {
      for (const held of this.#columns.values()) held.delete(id);
    });
  }

  /** The words of a column, to be added to; undefined of a column of many. */
  of(column: string): Set<number> | undefined {
    return this.#columns.get(column);
  }

  /** Whether a word of a column may pass. */
  mayPass(column: string, answers: WordAnswers): boolean {
    const held = this.#columns.get(column);
    if (held === undefined) return true;
    for (const word of held) if (word !== noWord && answers.of(word)) return true;
    return false;
  }
}
