import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';

/** How long work may hold the event loop before it lets others run, ms. */
const LONGEST_TURN_MS = 5;

/** Keeps long work from holding whoever else wants to run: `pause` when it is due. */
export interface Pace {
  isDue(): boolean;
  pause(): Promise<void>;
}

/** Keeps long work from holding the event loop: ask `isDue` often, and `pause` when it is. */
export class Pacer implements Pace {
  readonly #clock: Clock;
  #turnStart: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turnStart = clock.monotonic();
  }

  /** True when this turn has taken long enough. */
  isDue(): boolean {
    return this.#clock.monotonic() - this.#turnStart >= LONGEST_TURN_MS;
  }

  /** Lets the event loop go round once. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#turnStart = this.#clock.monotonic();
  }
}
