import { SharedLock } from './shared-lock.ts';

/** A place among those that may work at a time. */
export interface Slot {
  /** Lets the next one in; calling it again does nothing. */
  readonly release: () => void;
}

/** Lets a number of workers work at a time; the others wait in the order in which they came. */
export class Slots {
  readonly #lock: SharedLock;

  /** @param count how many may work at a time */
  constructor(count: number) {
    this.#lock = new SharedLock(count);
  }

  /** Waits for a place. Rejects with the signal's reason when it aborts before. */
  take(signal: AbortSignal): Promise<Slot> {
    return this.#lock.together(signal);
  }
}
