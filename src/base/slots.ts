/** A place among those that may work at a time. */
export interface Slot {
  /** Lets the next one in; calling it again does nothing. */
  release(): void;
}

interface Waiting {
  readonly grant: () => void;
}

/** Lets a number of workers work at a time; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<Waiting>();

  /** @param count how many may work at a time */
  constructor(count: number) {
    this.#free = count;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Waits for a place. Rejects with the signal's reason when it aborts before. */
  async take(signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    let isHeld = true;
    return {
      release: () => {
        if (isHeld) this.#pass();
        isHeld = false;
      },
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        grant: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** A place that is given back goes to the first that waits. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.grant();
  }
}
