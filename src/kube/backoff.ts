import type { Clock, Timer } from '../base/clock.ts';

/** After so long without a failure the next one is a first again, ms. */
const HEALTHY_MS = 30_000;

/**
 * How long to wait between attempts: twice as long each time, with jitter. Times are client-go's but for two: the longest wait is half
 * as long, so that what is well again is seen within half a minute; and failures are forgotten after half a minute, not after two,
 * in which one short restart after some trouble would show as stale.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #firstMs: number;
  readonly #capMs: number;
  #failures = 0;
  #healthy: Timer | undefined;

  /** @param firstMs shortest wait; @param capMs longest one, before jitter doubles it at most */
  constructor(clock: Clock, firstMs = 800, capMs = 15_000) {
    this.#clock = clock;
    this.#firstMs = firstMs;
    this.#capMs = capMs;
  }

  /** True while nothing failed lately. */
  get isCalm(): boolean {
    return this.#failures === 0;
  }

  /** An attempt failed. @returns how long to wait before the next, ms */
  failed(): number {
    this.#healthy?.cancel();
    this.#healthy = undefined;
    const base = Math.min(this.#firstMs * 2 ** this.#failures, this.#capMs);
    this.#failures += 1;
    return base * (1 + this.#clock.random());
  }

  /** It works again; forgets the failures when it still does in half a minute. */
  works(): void {
    if (this.#failures === 0) return;
    this.#healthy ??= this.#clock.after(HEALTHY_MS, () => {
      this.#failures = 0;
      this.#healthy = undefined;
    });
  }

  /** Forgets the failures at once. */
  reset(): void {
    this.#healthy?.cancel();
    this.#healthy = undefined;
    this.#failures = 0;
  }
}
