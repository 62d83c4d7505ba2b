import { type Clock, systemClock, type Timer } from '../../src/base/clock.ts';

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock whose time of day and timers move only when told to; durations (`monotonic`) are the machine's. */
export class ManualClock implements Clock {
  #now: number;
  readonly #waiting = new Set<Waiting>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  readonly monotonic = systemClock.monotonic;
  readonly random = systemClock.random;
  readonly uuid = systemClock.uuid;
  readonly token = systemClock.token;

  now(): number {
    return this.#now;
  }

  /** Number of timers that wait. */
  get timers(): number {
    return this.#waiting.size;
  }

  after(delayMs: number, callback: () => void): Timer {
    const waiting = { at: this.#now + delayMs, callback };
    this.#waiting.add(waiting);
    return { cancel: () => this.#waiting.delete(waiting) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.after(delayMs, resolve);
      signal?.addEventListener('abort', () => {
        timer.cancel();
        reject(signal.reason as Error);
      });
    });
  }

  /** Moves the time, and runs what falls due in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter((waiting) => waiting.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#waiting.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = end;
  }

  /** Moves the time of day without running timers: as whoever asks before a timer fires sees it. */
  drift(ms: number): void {
    this.#now += ms;
  }
}
