import type { Clock, Timer } from '../base/clock.ts';
import type { Cache } from './cache.ts';
import { graphError } from './errors.ts';

/** How long a reader waits for its own write to arrive where it does not say, ms. */
const DEFAULT_TIMEOUT_MS = 5_000;

interface Waiter {
  readonly revision: number;
  readonly timer: Timer;
  readonly settle: (error?: unknown) => void;
}

/** Those who wait until the cache has applied a revision. */
export class RevisionWaiters {
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();

  constructor(cache: Cache, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
  }

  /** Resolves when the cache has applied `revision`. @throws CACHE_BEHIND, GRAPH_CLOSED, the signal's reason */
  waitFor(revision: number, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    if (this.#cache.revision >= revision) return Promise.resolve();
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => waiter.settle(signal?.reason);
      const waiter: Waiter = {
        revision,
        timer: this.#clock.after(timeoutMs, () =>
          waiter.settle(graphError('CACHE_BEHIND', { at: this.#cache.revision, wanted: revision })),
        ),
        settle: (error) => {
          waiter.timer.cancel();
          signal?.removeEventListener('abort', onAbort);
          this.#waiting.delete(waiter);
          if (error === undefined) resolve();
          else reject(error as Error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Lets those go whose revision is there. */
  release(): void {
    for (const waiter of this.#waiting) if (waiter.revision <= this.#cache.revision) waiter.settle();
  }

  close(): void {
    for (const waiter of this.#waiting) waiter.settle(graphError('GRAPH_CLOSED'));
  }
}
