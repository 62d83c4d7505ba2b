import type { Failure } from '../ui/notice.tsx';
import { describeFailure } from './failure.ts';
import type { LiveBatch, LiveReader } from './live-stream.ts';
import { PaintGate } from './paint-gate.ts';

/** A server's answer as a page shows it. `data` stays while a newer answer is on its way, or fails to come. */
export interface Resource<T> {
  readonly data: T | undefined;
  /** Set while the last request failed; `data` then is of `loadedAt`. */
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
  /** When `data` came, ms since the epoch. */
  readonly loadedAt: number | undefined;
}

/** How an answer is got and what outdates it. */
export interface ResourceRequest<T> {
  /** Identity of the question; equal keys share one answer. */
  readonly key: string;
  /** `minRevision`: the answer must show this revision. */
  readonly load: (signal: AbortSignal, minRevision: number | undefined) => Promise<T>;
  /** True for a batch of changes after which the answer may differ. */
  readonly isAffected: (batch: LiveBatch) => boolean;
}

interface Entry {
  resource: Resource<unknown>;
  request: ResourceRequest<unknown>;
  readonly listeners: Set<() => void>;
  /** Set while a request runs. */
  running: AbortController | undefined;
  /** True while a request runs because of the stream: nobody waits for it. */
  isQuiet: boolean;
  /** Set while a repeat is planned. */
  timer: ReturnType<typeof setTimeout> | undefined;
  isOutdated: boolean;
  startedAt: number;
}

const EMPTY: Resource<never> = { data: undefined, failure: undefined, isLoading: true, loadedAt: undefined };

/** Answers kept for going back without waiting. */
const MAX_ENTRIES = 60;

/** Changes within this time are answered by one request, so a storm of them paints at most twice a second. */
const REPEAT_MS = 500;

/**
 * Answers of the server by question: shared between the parts of a page, kept current by the live stream, kept for a
 * while when nobody looks, so that going back shows the old answer at once and the new one when it comes.
 */
export class ResourceCache implements LiveReader {
  readonly #entries = new Map<string, Entry>();
  readonly #onSettled: (revision: number | undefined) => void;
  readonly #gate = new PaintGate();
  readonly #waitListeners = new Set<() => void>();
  #isAwaited = false;
  #revision: number | undefined;

  /** @param onSettled told of every answer's revision, and of failures without one */
  constructor(onSettled: (revision: number | undefined) => void) {
    this.#onSettled = onSettled;
  }

  /** The present answer; the same object until it changes. */
  read<T>(key: string): Resource<T> {
    return (this.#entries.get(key)?.resource ?? EMPTY) as Resource<T>;
  }

  /** Tells when `isAwaited` changes. */
  readonly onAwaited = (listener: () => void): (() => void) => {
    this.#waitListeners.add(listener);
    return () => this.#waitListeners.delete(listener);
  };

  /** True while an answer is on its way that somebody asked for; what the stream outdated is asked again without a word. */
  readonly isAwaited = (): boolean => this.#isAwaited;

  /** Starts looking: asks when there is no current answer, and tells `listener` of every newer one. */
  watch<T>(request: ResourceRequest<T>, listener: () => void): () => void {
    const entry = this.#entry(request as ResourceRequest<unknown>);
    entry.listeners.add(listener);
    const isMissing = entry.resource.data === undefined && entry.resource.failure === undefined;
    if ((isMissing || entry.isOutdated || entry.resource.failure) && !entry.running) this.#start(entry, false);
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0) this.#rest(entry);
    };
  }

  /** Asks again now. */
  repeat(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#start(entry, false);
  }

  /**
   * Takes `data` for the answer to a question that is held: what an act here made of it. An answer that is on its way is
   * of before that, and dropped.
   */
  put<T>(key: string, data: T): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.running?.abort();
    entry.running = undefined;
    this.#set(entry, { data, failure: undefined, isLoading: false, loadedAt: Date.now() });
  }

  /** Takes note of changes: what is looked at is asked again, the rest when it is looked at next. */
  apply(batch: LiveBatch): void {
    this.#revision = batch.revision;
    for (const entry of this.#entries.values()) if (entry.request.isAffected(batch)) this.#outdate(entry);
  }

  /** The answer to one question may be another now, as something else than the catalog's stream says. */
  outdate(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#outdate(entry);
  }

  /** Everything may have changed: the stream was away, or began without a revision. */
  outdateAll(): void {
    this.#revision = undefined;
    for (const entry of this.#entries.values()) this.#outdate(entry);
  }

  #entry(request: ResourceRequest<unknown>): Entry {
    const known = this.#entries.get(request.key);
    // Re-inserted as the newest, so that the oldest come first when room is needed.
    if (known) this.#entries.delete(request.key);
    const entry = known ?? {
      resource: EMPTY,
      request,
      listeners: new Set(),
      running: undefined,
      isQuiet: false,
      timer: undefined,
      isOutdated: false,
      startedAt: 0,
    };
    entry.request = request;
    this.#entries.set(request.key, entry);
    this.#makeRoom();
    return entry;
  }

  #makeRoom(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= MAX_ENTRIES) return;
      if (entry.listeners.size === 0) this.#entries.delete(key);
    }
  }

  #outdate(entry: Entry): void {
    entry.isOutdated = true;
    // A running request is let finish: aborting it for each change would starve a slow connection in a storm.
    if (entry.listeners.size === 0 || entry.timer !== undefined || entry.running) return;
    const waitMs = Math.max(0, entry.startedAt + REPEAT_MS - Date.now());
    entry.timer = setTimeout(() => this.#start(entry, true), waitMs);
  }

  #rest(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (!entry.running) return;
    entry.running.abort();
    entry.running = undefined;
    entry.isOutdated = true;
    this.#countAwaited();
  }

  #start(entry: Entry, isQuiet: boolean): void {
    entry.running?.abort();
    clearTimeout(entry.timer);
    const controller = new AbortController();
    Object.assign(entry, { running: controller, isQuiet, timer: undefined, isOutdated: false, startedAt: Date.now() });
    this.#gate.drop(entry);
    if (!isQuiet) this.#set(entry, { ...entry.resource, isLoading: true });
    this.#countAwaited();
    const settle = (resource: Resource<unknown>): void => {
      if (entry.running !== controller) return;
      entry.running = undefined;
      if (isQuiet) this.#gate.show(entry, () => this.#set(entry, resource));
      else this.#set(entry, resource);
      this.#countAwaited();
      if (entry.isOutdated) this.#outdate(entry);
    };
    entry.request.load(controller.signal, this.#revision).then(
      (data) => {
        settle({ data, failure: undefined, isLoading: false, loadedAt: Date.now() });
        const revision = revisionOf(data);
        if (revision !== undefined) this.#onSettled(revision);
      },
      (thrown: unknown) => {
        if (controller.signal.aborted) return;
        settle({ ...entry.resource, failure: describeFailure(thrown), isLoading: false });
        this.#onSettled(undefined);
      },
    );
  }

  #countAwaited(): void {
    const isAwaited = [...this.#entries.values()].some((entry) => entry.running && !entry.isQuiet);
    if (isAwaited === this.#isAwaited) return;
    this.#isAwaited = isAwaited;
    for (const listener of this.#waitListeners) listener();
  }

  #set(entry: Entry, resource: Resource<unknown>): void {
    entry.resource = resource;
    for (const listener of entry.listeners) listener();
  }
}

function revisionOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('revision' in data)) return undefined;
  return typeof data.revision === 'number' ? data.revision : undefined;
}
