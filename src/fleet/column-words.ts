import type { WordAnswers } from './word-answers.ts';
import { noWord, type Words } from './words.ts';

/** Columns of few words: a search that finds none of them need not look at the rows. */
const whole: readonly string[] = ['namespace', 'node', 'reason', 'failing'];
/** Columns of many, of which only words with capital letters are noted: those are few, and are not found with all others at once. */
const capitals: readonly string[] = ['images'];

/** Words that stand in a column, anywhere in the fleet; also some that stood there and are still known. */
export class NotedWords {
  readonly ids = new Set<number>();
  readonly #words: Words;
  readonly #isWhole: boolean;

  constructor(words: Words, isWhole: boolean) {
    this.#words = words;
    this.#isWhole = isWhole;
  }

  add(id: number): void {
    if (id !== noWord && (this.#isWhole || !this.#words.isFolded(id))) this.ids.add(id);
  }
}

/** Which words stand in the columns that searches look through. */
export class ColumnWords {
  readonly #columns: ReadonlyMap<string, NotedWords>;

  constructor(words: Words) {
    this.#columns = new Map([
      ...whole.map((name) => [name, new NotedWords(words, true)] as const),
      ...capitals.map((name) => [name, new NotedWords(words, false)] as const),
    ]);
    words.onForget((id) => {
      for (const { ids } of this.#columns.values()) ids.delete(id);
    });
  }

  /** The words of a column, to be added to; undefined of one that is not noted. */
  of(column: string): NotedWords | undefined {
    return this.#columns.get(column);
  }

  /** The noted words of a column that pass. */
  passing(column: string, answers: WordAnswers): readonly number[] {
    return [...(this.#columns.get(column)?.ids ?? [])].filter((id) => answers.of(id));
  }

  /** Whether all words of a column are noted. */
  isWhole(column: string): boolean {
    return whole.includes(column);
  }
}
