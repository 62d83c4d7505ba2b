import type { Clock } from '../base/clock.ts';

/** How long changes wait for others before they are sent, ms. */
const GATHER_MS = 50;

/**
 * One timer for all writers of a thread: a busy fleet has a change somewhere all the time, and seldom two of one kind of one cluster, so
 * that a timer for each would be one for each change.
 */
export class Gathering {
  readonly #clock: Pick<Clock, 'after'>;
  #waiting: (() => void)[] = [];

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** Calls back in a moment, together with all others who wait then. */
  soon(callback: () => void): void {
    if (this.#waiting.push(callback) > 1) return;
    this.#clock.after(GATHER_MS, () => {
      const due = this.#waiting;
      this.#waiting = [];
      for (const each of due) each();
    });
  }
}
