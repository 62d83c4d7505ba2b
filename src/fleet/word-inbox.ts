import type { Clock } from '../base/clock.ts';

/**
 * What other threads say, taken in one after the other, in turns: between two of them other messages of the thread are handled,
 * so that a question never waits for all that came before it. How much waits here is bounded by who sends it.
 */
export class WordInbox<Word> {
  readonly #take: (word: Word) => void;
  readonly #turnMs: number;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #words: Word[] = [];
  /** The next word. */
  #at = 0;
  #turn: NodeJS.Immediate | undefined;

  /** @param turnMs how long a turn takes, about */
  constructor(take: (word: Word) => void, turnMs: number, clock: Pick<Clock, 'monotonic'>) {
    this.#take = take;
    this.#turnMs = turnMs;
    this.#clock = clock;
  }

  push(word: Word): void {
    this.#words.push(word);
    this.#turn ??= setImmediate(() => this.#run());
  }

  /** Takes nothing in any more. */
  close(): void {
    clearImmediate(this.#turn);
    this.#words = [];
    this.#at = 0;
  }

  #run(): void {
    this.#turn = undefined;
    const end = this.#clock.monotonic() + this.#turnMs;
    do {
      const word = this.#words[this.#at];
      if (word === undefined) break;
      this.#at += 1;
      this.#take(word);
    } while (this.#clock.monotonic() < end);
    if (this.#at < this.#words.length) this.#turn = setImmediate(() => this.#run());
    // What was taken in is let go when it is at least half of all, so that nothing is moved more than once or twice.
    if (this.#at * 2 < this.#words.length) return;
    this.#words = this.#words.slice(this.#at);
    this.#at = 0;
  }
}
