import type { TimelineWrite } from '../../store/timeline.ts';

/** Entries that may wait for the store. */
const MOST_WAITING = 20_000;

/** What happened and is not in the store yet: bounded, so that a store that is away delays nothing. */
export class TimelineOutbox {
  #waiting: TimelineWrite[] = [];
  #dropped = 0;
  #wake: (() => void) | undefined;

  /** Entries that were dropped since there were too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Puts entries at the end; where there is no room the oldest go. */
  put(writes: readonly TimelineWrite[]): void {
    for (const write of writes) this.#waiting.push(write);
    this.#cut();
    this.#wake?.();
  }

  /** Puts entries back that could not be written. */
  giveBack(writes: readonly TimelineWrite[]): void {
    this.#waiting = [...writes, ...this.#waiting];
    this.#cut();
  }

  /** The oldest entries, once there are any. Rejects with the signal's reason when aborted. */
  async take(most: number, signal: AbortSignal): Promise<readonly TimelineWrite[]> {
    while (this.#waiting.length === 0) {
      signal.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      this.#wake = wake;
      signal.addEventListener('abort', wake);
      await promise;
      signal.removeEventListener('abort', wake);
      this.#wake = undefined;
    }
    signal.throwIfAborted();
    return this.#waiting.splice(0, most);
  }

  #cut(): void {
    const excess = this.#waiting.length - MOST_WAITING;
    if (excess <= 0) return;
    this.#waiting.splice(0, excess);
    this.#dropped += excess;
  }
}
