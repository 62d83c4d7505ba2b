import type { Clock } from '../base/clock.ts';

/** Remembers values that may be used once, until nobody could use them any more. Bounded: the oldest goes first. */
export class SpentValues {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #until = new Map<string, number>();

  /** @param limit most values that are remembered */
  constructor(clock: Clock, limit = 10_000) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /**
   * Uses a value.
   * @param until from then on it is refused for its age, ms since the epoch
   * @returns false where it was used before
   */
  spend(value: string, until: number): boolean {
    const now = this.#clock.now();
    for (const [old, end] of this.#until) {
      if (end > now && this.#until.size < this.#limit) break;
      this.#until.delete(old);
    }
    if (this.#until.has(value)) return false;
    this.#until.set(value, until);
    return true;
  }
}
