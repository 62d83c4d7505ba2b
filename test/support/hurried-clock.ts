import { type Clock, systemClock, type Timer } from '../../src/base/clock.ts';

/** A clock on which time passes faster: a test of what waits for minutes ends in seconds. */
export class HurriedClock implements Clock {
  readonly #times: number;
  readonly #started = systemClock.now();

  /** @param times how much faster */
  constructor(times: number) {
    this.#times = times;
  }

  readonly random = systemClock.random;
  readonly uuid = systemClock.uuid;
  readonly token = systemClock.token;

  now(): number {
    return this.#started + (systemClock.now() - this.#started) * this.#times;
  }

  monotonic(): number {
    return systemClock.monotonic() * this.#times;
  }

  after(delayMs: number, callback: () => void): Timer {
    return systemClock.after(delayMs / this.#times, callback);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs / this.#times, signal);
  }
}
