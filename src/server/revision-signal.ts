import type { Clock } from '../base/clock.ts';
import { CallboardError } from '../base/errors.ts';
import type { GraphReader } from '../graph/view.ts';

/** Revisions that come faster are told of together, ms. */
const PAUSE_MS = 100;

/** How long one revision is waited for before the wait begins anew, ms. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * Tells when the catalog has changed: memberships and owners decide what somebody may see, also where the change itself is
 * hidden from them. One wait serves all listeners; without any there is none.
 */
export class RevisionSignal {
  readonly #graph: Pick<GraphReader, 'revision' | 'waitFor'>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #stop: AbortController | undefined;

  constructor(graph: Pick<GraphReader, 'revision' | 'waitFor'>, clock: Clock) {
    this.#graph = graph;
    this.#clock = clock;
  }

  /** Calls `listener` after new revisions. @returns ends it */
  onRevision(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#run(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.abort(new Error('Nobody listens'));
      this.#stop = undefined;
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    let told = this.#graph.revision;
    while (!signal.aborted) {
      try {
        await this.#graph.waitFor(told + 1, { timeoutMs: LONGEST_WAIT_MS, signal });
        told = this.#graph.revision;
        for (const listener of this.#listeners) listener();
        await this.#clock.sleep(PAUSE_MS, signal);
      } catch (error) {
        // Aborted, or the graph is closed; a day without a revision is no fault.
        if (!(error instanceof CallboardError) || error.code !== 'CACHE_BEHIND') return;
      }
    }
  }
}
