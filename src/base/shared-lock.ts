/** A lock that is held, alone or with others. */
export interface LockHold {
  /** Goes on with others, without letting anybody be alone in between. */
  readonly share: () => void;
  /** Calling it again does nothing. */
  readonly release: () => void;
}

interface Waiting {
  readonly isAlone: boolean;
  readonly grant: () => void;
}

/**
 * A lock that many may hold together, or one alone. It is given in the order in which it was asked for, so that those
 * who want to be alone do not wait for ever.
 */
export class SharedLock {
  #together = 0;
  #isTaken = false;
  readonly #most: number;
  #waiting: Waiting[] = [];

  /** @param most how many may hold it together */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** Waits until nobody else holds the lock. Rejects with the signal's reason when it aborts before. */
  async alone(signal: AbortSignal): Promise<LockHold> {
    await this.#enter(true, signal);
    return this.#hold('alone');
  }

  /** Waits until nobody holds the lock alone and there is room. Rejects with the signal's reason when it aborts before. */
  async together(signal: AbortSignal): Promise<LockHold> {
    await this.#enter(false, signal);
    return this.#hold('together');
  }

  #hold(mode: 'alone' | 'together'): LockHold {
    let held: 'alone' | 'together' | 'no' = mode;
    return {
      share: () => {
        if (held !== 'alone') return;
        held = 'together';
        this.#isTaken = false;
        this.#together += 1;
        this.#advance();
      },
      release: () => {
        if (held === 'alone') this.#isTaken = false;
        if (held === 'together') this.#together -= 1;
        held = 'no';
        this.#advance();
      },
    };
  }

  #enter(isAlone: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason as Error);
        this.#advance();
      };
      const waiting: Waiting = {
        isAlone,
        grant: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      this.#advance();
    });
  }

  #advance(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isTaken || this.#together >= (next.isAlone ? 1 : this.#most)) return;
      if (next.isAlone) this.#isTaken = true;
      else this.#together += 1;
      this.#waiting.shift();
      next.grant();
    }
  }
}
