import type { Clock } from '../base/clock.ts';
import type { Hash64 } from '../base/digest.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { type Change, factKey, leaseKey, type Transaction } from '../model/change.ts';
import type { KindTable } from '../model/relations.ts';
import { storeError } from '../store/errors.ts';
import type { SnapshotPage, Store } from '../store/store.ts';
import type { Cache, Step } from './cache.ts';
import type { GraphLog } from './graph-log.ts';
import type { CacheImage } from './image.ts';
import type { ImageKeeper } from './image-keeper.ts';
import { Pacer } from './pacer.ts';
import { replacementOf } from './replacement.ts';
import { type Stage, stageChanges } from './staging.ts';

/** Changes read from the log at once, about. */
const LOG_PAGE = 2_000;
/** Waits after a failed read: doubling from the first to the longest, ms. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** Revisions that are caught up on from an image; with more a snapshot is quicker. */
const LONGEST_CATCH_UP = 5_000;

/** What the feed needs. */
export interface FeedOptions {
  readonly store: Store;
  readonly kinds: KindTable;
  readonly clock: Clock;
  readonly log: GraphLog;
  readonly pollMs: number;
  /** Where the cache is filled from its image, if there is one of use. */
  readonly images: ImageKeeper | undefined;
  /** Called after each applied transaction. */
  readonly onStep: (step: Step) => void;
  /** Called when the cache was made anew, since what happened between is not known. */
  readonly onReload: () => void;
}

/** How current the cache is. */
export interface FeedState {
  /** When the log was last read to its end, ms since the epoch. */
  readonly lastReadAt: number;
  /** Why the last read failed; undefined while reading works. */
  readonly error: string | undefined;
  readonly reloads: number;
}

/**
 * Keeps the cache up to date from the change log: a snapshot at the start, then every transaction in order. It is
 * woken by the store's hints and looks by itself every `pollMs`. Where the log does not lead on from here (compacted,
 * a gap, an older database restored) the cache is made anew from a snapshot. While the store cannot be read, the cache stays as
 * it is, and `state` tells since when.
 */
export class ChangeFeed {
  readonly #options: FeedOptions;
  readonly #cache: Cache;
  readonly #stop = new AbortController();
  #unsubscribe: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isHinted = false;
  #mustReload = false;
  #failures = 0;
  #state: FeedState;

  constructor(cache: Cache, options: FeedOptions) {
    this.#cache = cache;
    this.#options = options;
    this.#state = { lastReadAt: options.clock.now(), error: undefined, reloads: 0 };
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Fills the cache, then follows the log until `close`. Rejects where the store cannot be read. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#options.store.onHint(() => this.#hint());
    const { images } = this.#options;
    const image = await images?.load();
    const log = image && (await this.#logOf(image));
    if (image && log) await this.#fillFromImage(image, log);
    else await this.#fill();
    this.#noteRead();
    this.#options.onReload();
    this.#running = this.#follow();
  }

  /** Makes the cache anew from a snapshot as soon as possible: it was found to differ from the store. */
  reload(): void {
    this.#mustReload = true;
    this.#hint();
  }

  async close(): Promise<void> {
    this.#unsubscribe?.();
    this.#stop.abort(new Error('closed'));
    this.#wake?.();
    await this.#running;
  }

  async #fill(): Promise<void> {
    const pacer = new Pacer(this.#options.clock);
    for await (const page of this.#options.store.snapshot()) {
      await this.#fillWith(page.revision, changesOf(page), pacer);
    }
    this.#options.images?.filled(undefined);
  }

  /** Fills the cache as it was when the image was made, and goes on by the log to the present. */
  async #fillFromImage(image: CacheImage, log: readonly Transaction[]): Promise<void> {
    const pacer = new Pacer(this.#options.clock);
    this.#cache.load(image);
    await this.#fillWith(image.header.revision, image.records(), pacer, image.digests());
    this.#options.images?.filled(image);
    for (const transaction of log) await this.#apply(transaction, pacer);
    for (let isBehind = log.length > 0; isBehind;) isBehind = await this.#readOn();
  }

  async #fillWith(
    revision: number,
    changes: readonly Change[],
    pacer: Pacer,
    digests?: readonly Hash64[],
  ): Promise<void> {
    const staged = await stageChanges(this.#stage(), changes, pacer, digests);
    this.#cache.apply(revision, staged, { now: this.#options.clock.now(), undo: false, first: true });
  }

  /**
   * What the log says since an image was made; `undefined` where it does not lead on from there: compacted, far behind,
   * or of another history, as of an older copy of the database.
   */
  async #logOf(image: CacheImage): Promise<readonly Transaction[] | undefined> {
    const { images, store } = this.#options;
    const { revision, committedAt } = image.header;
    if ((await store.revision()) - revision > LONGEST_CATCH_UP) return images?.refuse('it is too old');
    try {
      const [own, ...since] = await store.readLog(revision - 1, LOG_PAGE);
      if (own?.revision === revision && own.at === committedAt) return since;
      return images?.refuse('it is of another history of the database');
    } catch (error) {
      if (isOfTheLog(error)) return images?.refuse(error.message);
      throw error;
    }
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let isBehind = false;
      try {
        if (this.#mustReload) await this.#reload();
        // Here nothing is staged.
        this.#options.images?.adopt();
        isBehind = await this.#readOn();
        this.#failures = 0;
        this.#noteRead();
      } catch (error) {
        this.#noteFailure(error);
      }
      if (!isBehind) await this.#pause();
    }
  }

  /** Applies what the log has. @returns true when there may be more */
  async #readOn(): Promise<boolean> {
    const transactions = await this.#options.store.readLog(this.#cache.revision, LOG_PAGE);
    const pacer = new Pacer(this.#options.clock);
    for (const transaction of transactions) {
      const expected = this.#cache.revision + 1;
      if (transaction.revision !== expected) {
        throw storeError('LOG_GAP', { expected: String(expected), found: String(transaction.revision) });
      }
      await this.#apply(transaction, pacer);
    }
    return transactions.length > 0;
  }

  async #apply(transaction: Transaction, pacer: Pacer): Promise<void> {
    const staged = await stageChanges(this.#stage(), transaction.changes, pacer);
    const step = this.#cache.apply(transaction.revision, staged, { now: this.#options.clock.now(), undo: true });
    this.#options.onStep(step);
    if (pacer.isDue()) await pacer.pause();
  }

  /** Replaces the content of the cache by a snapshot, at once: readers see the old state or the new one. */
  async #reload(): Promise<void> {
    const { store, clock, log } = this.#options;
    const pacer = new Pacer(clock);
    const pages: SnapshotPage[] = [];
    for await (const page of store.snapshot()) pages.push(page);
    const revision = pages.at(-1)?.revision ?? (await store.revision());
    const changes = await replacementOf(this.#cache, pages.flatMap(changesOf), pacer);
    const staged = await stageChanges(this.#stage(), changes, pacer);
    this.#cache.apply(revision, staged, { now: clock.now(), undo: false });
    this.#options.images?.filled(undefined);
    this.#mustReload = false;
    this.#state = { ...this.#state, reloads: this.#state.reloads + 1 };
    log.warn({ revision, changes: changes.length }, 'the cache was made anew from a snapshot');
    this.#options.onReload();
  }

  #stage(): Stage {
    return {
      cache: this.#cache,
      kinds: this.#options.kinds,
      unreadable: (stored, cause) =>
        this.#options.log.error(
          { ref: stored.ref, error: errorMessage(cause) },
          'an entity cannot be read from the store',
        ),
    };
  }

  #noteRead(): void {
    this.#state = { ...this.#state, lastReadAt: this.#options.clock.now(), error: undefined };
  }

  #noteFailure(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    if (isOfTheLog(error)) {
      this.#options.log.warn({ code: error.code, reason: error.message }, 'the change log does not lead on');
      this.#mustReload = true;
      // The first time at once; where a snapshot does not help, with the waits of any failure.
      if (this.#failures === 0) this.#isHinted = true;
    } else if (this.#state.error === undefined) {
      this.#options.log.error({ error: errorMessage(error) }, 'the change log cannot be read');
    }
    this.#failures += 1;
    this.#state = { ...this.#state, error: errorMessage(error) };
  }

  #hint(): void {
    this.#isHinted = true;
    this.#wake?.();
  }

  /** Waits for a hint or the time to look. After failures hints do not shorten the wait. */
  async #pause(): Promise<void> {
    if (this.#isHinted && this.#failures <= 1) {
      this.#isHinted = false;
      return;
    }
    const { clock, pollMs } = this.#options;
    const delayMs = this.#failures === 0 ? pollMs : this.#retryMs();
    await new Promise<void>((resolve) => {
      const timer = clock.after(delayMs, resolve);
      this.#wake = () => {
        if (this.#failures > 0 && !this.#stop.signal.aborted) return;
        timer.cancel();
        resolve();
      };
      if (this.#stop.signal.aborted) this.#wake();
    });
    this.#wake = undefined;
    this.#isHinted = false;
  }

  #retryMs(): number {
    const doubled = Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 16), LONGEST_RETRY_MS);
    return doubled * (0.5 + this.#options.clock.random() / 2);
  }
}

/** True where the log does not lead on. */
function isOfTheLog(error: unknown): error is CallboardError {
  return error instanceof CallboardError && (error.code === 'REVISION_EXPIRED' || error.code === 'LOG_GAP');
}

/** The records of a snapshot page as changes. */
export function changesOf(page: SnapshotPage): Change[] {
  return [
    ...page.leases.map((value): Change => ({ type: 'lease', key: leaseKey(value), value })),
    ...page.entities.map((value): Change => ({ type: 'entity', key: value.ref, value })),
    ...page.facts.map((value): Change => ({ type: 'fact', key: factKey(value), value })),
    ...page.problems.map((value): Change => ({ type: 'problem', key: value.id, value })),
    ...page.locations.map((value): Change => ({ type: 'location', key: value.ref, value })),
  ];
}
