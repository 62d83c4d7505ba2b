import type { CallboardError } from '../base/errors.ts';
import { graphError } from './errors.ts';
import { part } from './touch-log.ts';
import type { WatchBatch, WatchChange } from './view.ts';

/** How one entity stood to a watched set before and after a step. */
export interface MatchChange {
  readonly ref: string;
  readonly before: boolean;
  readonly after: boolean;
  /** Bits of `part`. */
  readonly parts: number;
}

/** What one step changed in a watched set. */
export interface Delta {
  readonly revision: number;
  readonly changes: readonly MatchChange[];
  readonly sources: boolean;
}

interface Pending {
  /** The reader has the entity, as far as it was told. */
  readonly isKnown: boolean;
  isMatched: boolean;
  parts: number;
}

/**
 * One reader of a watched set. Deltas are shared by all readers of the set and only folded together, a ref at a time, when
 * this reader asks or when it lags too far: a slow reader costs the others nothing, and holds a bounded number of refs.
 */
export class Watcher {
  readonly #maxPending: number;
  /** Parts whose changes are told. */
  readonly #parts: number;
  readonly #onClose: (watcher: Watcher) => void;
  #unread: Delta[] = [];
  #unreadChanges = 0;
  readonly #pending = new Map<string, Pending>();
  #sources = false;
  #isBookmarkDue = false;
  #revision: number;
  #delivered: number;
  #failure: CallboardError | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(
    revision: number,
    options: { readonly maxPending: number; readonly parts: number },
    onClose: (watcher: Watcher) => void,
  ) {
    this.#revision = revision;
    this.#delivered = revision;
    this.#maxPending = options.maxPending;
    this.#parts = options.parts;
    this.#onClose = onClose;
  }

  /** Takes in what a step changed. */
  note(delta: Delta): void {
    if (this.#isClosed) return;
    this.#revision = delta.revision;
    if (delta.changes.length === 0 && !delta.sources) return;
    this.#unread.push(delta);
    this.#unreadChanges += delta.changes.length;
    if (this.#pending.size + this.#unreadChanges > this.#maxPending) this.#fold();
    if (this.#pending.size > this.#maxPending) this.fail(graphError('WATCH_OVERFLOW', { max: this.#maxPending }));
    this.#wakeUp();
  }

  /** Notes that the set is at a revision without a change in it. */
  advance(revision: number): void {
    this.#revision = revision;
  }

  /** Sends a bookmark when the reader has not heard of the present revision. */
  bookmark(): void {
    if (this.#delivered === this.#revision) return;
    this.#isBookmarkDue = true;
    this.#wakeUp();
  }

  /** Ends the watch with an error; what waited is dropped. */
  fail(error: CallboardError): void {
    this.#failure ??= error;
    this.#unread = [];
    this.#pending.clear();
    this.close();
  }

  /** Ends the watch. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose(this);
    this.#wakeUp();
  }

  /** Waits for the next batch. @returns undefined at the end @throws WATCH_OVERFLOW, WATCH_EXPIRED, QUERY_TOO_EXPENSIVE */
  async next(): Promise<WatchBatch | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (this.#isClosed) return undefined;
      const batch = this.#take();
      if (batch) return batch;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(): WatchBatch | undefined {
    this.#fold();
    if (this.#pending.size === 0 && !this.#sources && !this.#isBookmarkDue) return undefined;
    const batch = {
      revision: this.#revision,
      changes: Array.from(this.#pending, ([ref, pending]) => watchChange(ref, pending)),
      sources: this.#sources,
    };
    this.#pending.clear();
    this.#sources = false;
    this.#isBookmarkDue = false;
    this.#delivered = batch.revision;
    return batch;
  }

  #fold(): void {
    for (const delta of this.#unread) {
      this.#sources ||= delta.sources;
      for (const change of delta.changes) this.#foldChange(change);
    }
    this.#unread = [];
    this.#unreadChanges = 0;
  }

  #foldChange({ ref, before, after, parts }: MatchChange): void {
    if (before && after && !(parts & this.#parts)) return;
    const pending = this.#pending.get(ref);
    if (pending === undefined) this.#pending.set(ref, { isKnown: before, isMatched: after, parts });
    else if (!after && !pending.isKnown) this.#pending.delete(ref);
    else {
      pending.isMatched = after;
      pending.parts |= parts;
    }
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

function watchChange(ref: string, pending: Pending): WatchChange {
  const parts: WatchChange['parts'][number][] = [];
  if (pending.parts & part.entity) parts.push('entity');
  if (pending.parts & part.relations) parts.push('relations');
  if (pending.parts & part.facts) parts.push('facts');
  return { type: pending.isMatched ? 'put' : 'delete', ref, parts };
}
