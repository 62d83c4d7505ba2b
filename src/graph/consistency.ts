import type { Clock, Timer } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { ChangeType } from '../model/change.ts';
import type { Store } from '../store/store.ts';
import type { Cache } from './cache.ts';
import type { GraphLog } from './graph-log.ts';

/** Digests of the last revisions: the store may answer at one that the cache has already left. */
const REMEMBERED_REVISIONS = 256;

/** What a check found. */
export type CheckResult =
  | { readonly outcome: 'equal'; readonly revision: number }
  | { readonly outcome: 'different'; readonly revision: number; readonly types: readonly ChangeType[] }
  /** Nothing could be compared: the store did not answer, or the two were not at one revision in time. */
  | { readonly outcome: 'inconclusive'; readonly reason: string };

/** What the check needs. */
export interface CheckOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: GraphLog;
  /** 0: only when asked. */
  readonly everyMs: number;
  readonly waitFor: (revision: number) => Promise<void>;
  readonly onDifference: () => void;
}

/**
 * Holds the cache against the store: digests of all records by type, at one revision. A difference is a fault of ours, so it is
 * logged as an error, and the cache is made anew.
 */
export class ConsistencyCheck {
  readonly #cache: Cache;
  readonly #options: CheckOptions;
  readonly #digests = new Map<number, Readonly<Record<ChangeType, string>>>();
  #timer: Timer | undefined;
  #isClosed = false;
  #checks = 0;
  #failed = 0;

  constructor(cache: Cache, options: CheckOptions) {
    this.#cache = cache;
    this.#options = options;
  }

  /** Comparisons made. */
  get checks(): number {
    return this.#checks;
  }

  /** Comparisons that found a difference. */
  get failed(): number {
    return this.#failed;
  }

  start(): void {
    const { clock, everyMs } = this.#options;
    if (everyMs > 0 && !this.#isClosed)
      this.#timer = clock.after(everyMs, () => void this.run().then(() => this.start()));
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** Remembers the digests of the revision that the cache is at. */
  noteRevision(): void {
    const { revision } = this.#cache;
    // After a return to an older database what is remembered of later revisions is of another history.
    for (const known of this.#digests.keys()) if (known >= revision) this.#digests.delete(known);
    this.#digests.set(revision, this.#cache.digests());
    for (const oldest of this.#digests.keys()) {
      if (this.#digests.size <= REMEMBERED_REVISIONS) break;
      this.#digests.delete(oldest);
    }
  }

  /** Compares now. Never rejects. */
  async run(): Promise<CheckResult> {
    try {
      const { revision, digests } = await this.#options.store.digest();
      await this.#options.waitFor(revision);
      return this.#compare(revision, digests);
    } catch (error) {
      const reason = error instanceof CallboardError ? error.code : errorMessage(error);
      if (!this.#isClosed) this.#options.log.warn({ reason }, 'the cache could not be compared with the store');
      return { outcome: 'inconclusive', reason };
    }
  }

  #compare(revision: number, digests: Readonly<Record<ChangeType, string>>): CheckResult {
    const own = this.#digests.get(revision);
    if (own === undefined) return { outcome: 'inconclusive', reason: `revision ${revision} is no longer remembered` };
    this.#checks += 1;
    const types = (Object.keys(own) as ChangeType[]).filter((type) => own[type] !== digests[type]);
    if (types.length === 0) return { outcome: 'equal', revision };
    this.#failed += 1;
    this.#options.log.error({ revision, types }, 'the cache differs from the store');
    this.#options.onDifference();
    return { outcome: 'different', revision, types };
  }
}
