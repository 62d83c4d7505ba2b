import type { WordAnswers } from './word-answers.ts';
import { noWord, type Words } from './words.ts';

/** Columns of few words: a search that finds none of them need not look at the rows. */
const few: readonly string[] = ['namespace', 'node', 'reason', 'failing'];

/** Words that stand in a column, anywhere in the fleet; also some that stood there and are still known. */
export class NotedWords {
  readonly ids = new Set<number>();

  add(id: number): void {
    if (id !== noWord) this.ids.add(id);
  }
}

/** Which words stand in the columns of few words. */
export class ColumnWords {
  readonly #columns = new Map(few.map((name) => [name, new NotedWords()]));

  constructor(words: Words) {
    words.onForget((id) => {
      for (const { ids } of this.#columns.values()) ids.delete(id);
    });
  }

  /** The words of a column, to be added to; undefined of one that is not noted. */
  of(column: string): NotedWords | undefined {
    return this.#columns.get(column);
  }

  /** The columns in which words pass, with those words. */
  passing(answers: WordAnswers): readonly (readonly [column: string, words: readonly number[]])[] {
    return Array.from(
      this.#columns,
      ([name, { ids }]) => [name, [...ids].filter((id) => answers.of(id))] as const,
    ).filter(([, passing]) => passing.length > 0);
  }
}
