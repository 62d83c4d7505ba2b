import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { trimHeap } from '../base/heap.ts';
import { readSectionFile, SectionFile, type SectionWriter, writeSectionFile } from '../base/section-file.ts';
import type { Store } from '../store/store.ts';
import type { Cache, Step } from './cache.ts';
import type { GraphLog } from './graph-log.ts';
import { CacheImage, type ImageOrigin } from './image.ts';
import { writeImage } from './image-writer.ts';
import { type Pace, Pacer } from './pacer.ts';

const NAME = 'watch-cache';
const UNFINISHED = '.unfinished';
/** Nothing may have changed for this long: an image is of one revision, and starts over with the next one. */
const QUIET_MS = 5_000;
/** Least time from one image to the next. */
const BETWEEN_MS = 300_000;
/** After a start from an image memory is given back once. */
const STARTED_MS = 15_000;
/** Longest that closing waits for an image. */
const CLOSING_MS = 3_000;
/** With fewer entities filling the cache from the store takes no longer. */
const LEAST_ENTITIES = 1_000;
/** An image is worth another one when this share of its entities changed, or so many revisions came. */
const CHANGED_SHARE = 50;
const MOST_REVISIONS = 1_000;

/** What the keeper needs. */
export interface ImageOptions {
  /** Where the image stands; made when missing. What is in it may be deleted at any time. */
  readonly folder: string;
  /** Names the program and what else decides how the cache is made. */
  readonly build: string;
  readonly leastEntities?: number | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: GraphLog;
}

/**
 * Keeps an image of the cache in a file, from which the next start fills it. The image is written when the cache has
 * been quiet for a while, and when the server ends; one that is missing, torn or of something else is as none.
 */
export class ImageKeeper {
  readonly #cache: Cache;
  readonly #options: ImageOptions;
  /** Revision of the image in the file; undefined: none of use. */
  #kept: number | undefined;
  #keptAt = -Infinity;
  #changed = 0;
  #changedAt = 0;
  #timer: Timer | undefined;
  #writing: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  /** The image that was just written, as it was read again. */
  #fresh: CacheImage | undefined;
  #isFilled = false;
  #isClosed = false;

  constructor(cache: Cache, options: ImageOptions) {
    this.#cache = cache;
    this.#options = options;
  }

  /** The image of the last run, where it is whole and of this program and store. Never rejects. */
  async load(): Promise<CacheImage | undefined> {
    const { store, build } = this.#options;
    try {
      const [file, epoch] = await Promise.all([readSectionFile(this.#path), store.epoch()]);
      if (file === undefined) return undefined;
      if (typeof file === 'string') return this.refuse(file);
      const header = file.header as ImageOrigin;
      if (header.build !== build) return this.refuse('it is of another build of the program');
      if (header.epoch !== epoch) return this.refuse('it is of another database');
      return new CacheImage(file);
    } catch (error) {
      return this.refuse(errorMessage(error));
    }
  }

  /** Says that the image is not used; the cache is filled from the store then. */
  refuse(reason: string): undefined {
    this.#options.log.info({ file: this.#path, reason }, 'the image of the watch cache is not used');
    return undefined;
  }

  /** The cache was filled, or made anew. @param image from what, if not from the store */
  filled(image: CacheImage | undefined): void {
    this.#writing?.abort.abort(new Error('the cache was made anew'));
    this.#isFilled = true;
    this.#fresh = undefined;
    this.#kept = image?.header.revision;
    if (image) this.#options.log.info({ revision: this.#kept }, 'the watch cache was filled from its image');
    this.#changed = 0;
    this.#changedAt = this.#options.clock.now();
    this.#schedule();
    // By then the collectors have said what they say after a start.
    if (image) this.#options.clock.after(STARTED_MS, () => trimHeap(this.#options.clock));
  }

  /** Lets the cache read from the image that was written last, where it is of its revision. Nothing may be staged. */
  adopt(): void {
    const image = this.#fresh;
    this.#fresh = undefined;
    if (image?.header.revision !== this.#cache.revision) return;
    this.#cache.adopt(image);
    trimHeap(this.#options.clock);
  }

  /** Takes note of a step of the cache. */
  note(step: Step): void {
    if (step.undo === undefined) return;
    this.#writing?.abort.abort(new Error('the cache went on'));
    this.#changed += step.touched.size;
    this.#changedAt = this.#options.clock.now();
    this.#schedule();
  }

  /** Ends what is under way, and writes the image of the end where that is worth it and quick. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    let isLate = false;
    const deadline = this.#options.clock.after(CLOSING_MS, () => {
      isLate = true;
      this.#writing?.abort.abort(new Error('no time left'));
    });
    await this.#writing?.done;
    if (!isLate && this.#isWorthIt()) await this.#write();
    deadline.cancel();
  }

  get #path(): string {
    return join(this.#options.folder, NAME);
  }

  #isWorthIt(): boolean {
    const entities = this.#cache.nodes.existing.size;
    if (!this.#isFilled || this.#cache.revision === 0 || entities < (this.#options.leastEntities ?? LEAST_ENTITIES))
      return false;
    if (this.#kept === undefined || this.#changed * CHANGED_SHARE > entities) return true;
    return this.#cache.revision - this.#kept > MOST_REVISIONS;
  }

  #schedule(): void {
    if (this.#isClosed || this.#timer !== undefined || this.#writing !== undefined || !this.#isWorthIt()) return;
    const { clock } = this.#options;
    const waitMs = Math.max(this.#changedAt + QUIET_MS, this.#keptAt + BETWEEN_MS) - clock.now();
    // Within bounds also where the time of day is put back.
    this.#timer = clock.after(Math.min(Math.max(waitMs, 1), BETWEEN_MS), () => {
      this.#timer = undefined;
      if (clock.now() - this.#changedAt < QUIET_MS) this.#schedule();
      else void this.#write().then(() => this.#schedule());
    });
  }

  /** Writes an image of the cache as it is. Never rejects. */
  async #write(): Promise<void> {
    const abort = new AbortController();
    const done = this.#tryWrite(abort.signal);
    this.#writing = { abort, done };
    await done;
    this.#writing = undefined;
  }

  async #tryWrite(signal: AbortSignal): Promise<void> {
    const { store, clock, log, build, folder } = this.#options;
    const { revision } = this.#cache;
    const started = clock.monotonic();
    try {
      const [own] = await store.readLog(revision - 1, 1);
      const origin = { build, epoch: await store.epoch() };
      if (own?.revision !== revision) throw new Error(`the store does not tell of revision ${revision}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await this.#dropUnfinished();
      const beside = `${this.#path}.${clock.token(4)}${UNFINISHED}`;
      await writeSectionFile(this.#path, beside, async (out) => {
        signal.throwIfAborted();
        const pace = paceOf(new Pacer(clock), out, signal);
        return writeImage({ cache: this.#cache, out, pace }, origin, own.at);
      });
      const file = await readSectionFile(this.#path);
      if (!(file instanceof SectionFile)) throw new Error(`what was written cannot be read: ${file}`);
      if (!this.#isClosed && revision === this.#cache.revision) this.#fresh = new CacheImage(file);
      this.#kept = revision;
      this.#changed = 0;
      this.#keptAt = clock.now();
      log.info({ revision, ms: Math.round(clock.monotonic() - started) }, 'an image of the watch cache was written');
    } catch (error) {
      if (signal.aborted) return;
      // Not soon again: what is wrong with it will hardly be right in a moment.
      this.#keptAt = clock.now();
      log.warn({ folder, error: errorMessage(error) }, 'the image of the watch cache cannot be written');
    }
  }

  /** What a process left that was killed while it wrote. */
  async #dropUnfinished(): Promise<void> {
    const { folder } = this.#options;
    for (const name of await readdir(folder)) if (name.endsWith(UNFINISHED)) await unlink(join(folder, name));
  }
}

/** Turns of the event loop, in which full chunks go to the file; ends when the signal is aborted. */
function paceOf(pacer: Pacer, out: SectionWriter, signal: AbortSignal): Pace {
  return {
    isDue: () => out.isFull || pacer.isDue(),
    async pause() {
      if (out.isFull) await out.flush();
      await pacer.pause();
      signal.throwIfAborted();
    },
  };
}
