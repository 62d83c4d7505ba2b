import type { Clock } from '../base/clock.ts';
import type { Slots } from '../base/slots.ts';
import { isExpired, isVersionTooLarge } from './api-status.ts';
import { Backoff } from './backoff.ts';
import { listPages } from './list-pages.ts';
import type { MessageForm } from './protobuf-shape.ts';
import type { ReadingState, ReflectionSink, ResourcePath } from './reflection.ts';
import { ProtocolViolation, Refused } from './reflector-failure.ts';
import type { ServerTraits } from './reflector-traits.ts';
import type { ClusterTransport } from './transport.ts';
import { faultOf, type TransportFault } from './transport-fault.ts';
import { watchFormat } from './watch-format.ts';
import { type WatchedBatch, readWatch } from './watch-changes.ts';
import { openWatch, StreamedListFailed, takeStreamedList } from './watch-request.ts';

/** A watch that ends sooner without having told anything is a failure, ms. */
const SHORT_WATCH_MS = 1_000;
/** A watch lasts between once and twice this, seconds; so they do not end together. */
const WATCH_S = 300;
/** How much later than it should a watch may end, ms. */
const OVERTIME_MS = 30_000;
/** How long opening a watch may take before what is held is no longer called as of now, ms. */
const LATE_MS = 2_000;
/**
 * A watch that told nothing so many times that somebody looked, each after this, ms, is opened anew: bookmarks come every minute, and
 * pings prove the connection only.
 */
const SILENT = { everyMs: 50_000, looks: 3 };
/** Who is refused asks again after this, then ever more seldom, ms. */
const DENIED_MS = { first: 5_000, cap: 300_000 };
/** After so many failures to go on from a version, the list is read again. */
const MOST_ATTEMPTS = 3;

/** What is read, and where it goes. */
export interface ReflectOptions {
  readonly transport: ClusterTransport;
  readonly resource: ResourcePath;
  /** Only these objects, e.g. `type=Warning`. */
  readonly fieldSelector?: string | undefined;
  /** As PartialObjectMetadata: nothing else leaves the cluster. */
  readonly metadataOnly?: boolean | undefined;
  /** What is read of an object that comes as protocol buffers; absent: JSON is asked for. */
  readonly protobuf?: MessageForm | undefined;
  /** resourceVersion of what the sink holds already: it is gone on from there without a list. */
  readonly from?: string | undefined;
  readonly sink: ReflectionSink;
  readonly clock: Clock;
  /** Limits the lists that are read at a time. */
  readonly slots: Slots;
  /** What the server can do; shared by all readings of a cluster. Absent: lists come in pages. */
  readonly server?: ServerTraits | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Objects a page of a list; default 500. */
  readonly pageSize?: number | undefined;
}

/**
 * Reads a resource and follows it, through whatever happens: lists once, watches from there on, goes on from where it was
 * after a break, and lists again only where the server has forgotten what came since. Returns when the signal aborts, or after
 * it told `absent`. Rejects only with what the sink throws.
 */
export async function reflect(options: ReflectOptions): Promise<void> {
  await new Reflector(options, undefined).run();
}

/** The same for a resource whose changes are many and small: lists it every `pollMs`. */
export async function poll(options: ReflectOptions & { readonly pollMs: number }): Promise<void> {
  await new Reflector(options, options.pollMs).run();
}

/** A watch that ended at once. */
class ShortWatch extends Error {}

class Reflector {
  readonly #options: ReflectOptions;
  readonly #pollMs: number | undefined;
  readonly #backoff: Backoff;
  readonly #denied: Backoff;
  #version: string | undefined;
  #mustList: boolean;
  /** The server cannot answer from memory: what is newest is asked for. */
  #isForgotten = false;
  /** Failures since the version last moved. */
  #attempts = 0;
  #told: ReadingState | undefined;

  constructor(options: ReflectOptions, pollMs: number | undefined) {
    this.#options = options;
    this.#pollMs = pollMs;
    this.#backoff = new Backoff(options.clock);
    this.#denied = new Backoff(options.clock, DENIED_MS.first, DENIED_MS.cap);
    this.#version = options.from;
    this.#mustList = options.from === undefined;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        if (this.#mustList && !this.#streamsList) await this.#list();
        await (this.#pollMs === undefined ? this.#watch() : this.#rest(this.#pollMs));
      } catch (thrown) {
        if (signal.aborted) return;
        try {
          if ((await this.#recover(thrown)) === 'absent') return;
        } catch (again) {
          if (signal.aborted) return;
          throw again;
        }
      }
    }
  }

  /** True where a list comes as the beginning of a watch. */
  get #streamsList(): boolean {
    return this.#pollMs === undefined && this.#options.server?.streamsLists === true;
  }

  /** What a list must not be older than. */
  get #listVersion(): string {
    return this.#isForgotten ? '' : (this.#version ?? '');
  }

  async #list(): Promise<void> {
    const { transport, sink, slots, pageSize, signal } = this.#options;
    if (this.#pollMs === undefined || this.#told?.outcome !== 'ok') this.#begin();
    const { release } = await slots.take(signal);
    try {
      sink.listing();
      const listed = { transport, reading: this.#options, resourceVersion: this.#listVersion, pageSize, signal };
      await this.#listed(await listPages(listed, (objects) => sink.page(objects)));
    } finally {
      release();
    }
  }

  async #listed(version: string): Promise<void> {
    await this.#options.sink.listed(version);
    this.#moved(version);
    this.#mustList = false;
    this.#isForgotten = false;
  }

  /** Waits for the next list of a resource that is not watched. */
  async #rest(pollMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    this.#works();
    // Spread, so that clusters are not all asked in the same moment.
    await clock.sleep(pollMs * (0.9 + 0.2 * clock.random()), signal);
    this.#mustList = true;
  }

  /** Watches from the version that is held; with a list before it, where that is due. */
  async #watch(): Promise<void> {
    const { clock, slots, signal } = this.#options;
    const isList = this.#mustList;
    if (isList) this.#begin();
    const slot = isList ? await slots.take(signal) : undefined;
    const seconds = Math.round(WATCH_S * (1 + clock.random()));
    try {
      const resourceVersion = isList ? this.#listVersion : (this.#version ?? '');
      const late = clock.after(LATE_MS, () => this.#tellInterrupted());
      const opened = openWatch(this.#options, { resourceVersion, seconds, isList });
      const stream = await opened.finally(() => late.cancel());
      const end = clock.after(seconds * 1000 + OVERTIME_MS, stream.cancel);
      try {
        const batches = readWatch(stream.chunks, watchFormat(this.#options, stream));
        if (isList) await this.#listed(await takeStreamedList(batches, this.#options, stream.cancel));
        slot?.release();
        await this.#follow(batches, stream.cancel);
      } finally {
        end.cancel();
        stream.cancel();
      }
    } finally {
      slot?.release();
    }
  }

  async #follow(batches: AsyncIterable<WatchedBatch>, cancel: () => void): Promise<void> {
    const { clock, sink } = this.#options;
    const openedAt = clock.now();
    let isTold = false;
    let isSilent = false;
    let looks = 0;
    // A timer for each message would be one more thing to collect for each.
    const look = (): void => {
      looks += 1;
      if (looks < SILENT.looks) {
        silence = clock.after(SILENT.everyMs, look);
        return;
      }
      isSilent = true;
      cancel();
    };
    let silence = clock.after(SILENT.everyMs, look);
    this.#works();
    try {
      for await (const { changes, resourceVersion } of batches) {
        isTold = true;
        looks = 0;
        // Within one watch versions grow; a bookmark of the past would have what followed it told again.
        if (changes.length === 0 && isOlder(resourceVersion, this.#version)) continue;
        await sink.changed(changes, resourceVersion);
        this.#moved(resourceVersion);
      }
    } catch (thrown) {
      if (!isSilent) throw thrown;
    } finally {
      silence.cancel();
    }
    if (!isTold && clock.now() - openedAt < SHORT_WATCH_MS) throw new ShortWatch();
  }

  #works(): void {
    this.#backoff.works();
    this.#denied.reset();
    this.#tell({ outcome: 'ok' });
  }

  #moved(version: string): void {
    if (version !== this.#version) this.#attempts = 0;
    this.#version = version;
  }

  /** A list begins. Who was refused is not let in before it is there. */
  #begin(): void {
    if (this.#told?.outcome !== 'denied') this.#tell({ outcome: 'reading' });
  }

  #tell(state: ReadingState): void {
    const { outcome, code, message } = this.#told ?? {};
    if (outcome === state.outcome && code === state.code && message === state.message) return;
    this.#told = state;
    this.#options.sink.state(state);
  }

  /** Decides what follows a failure, and waits until then. Throws what is no failure of a cluster. */
  async #recover(thrown: unknown): Promise<'again' | 'absent'> {
    if (this.#losesStreams(thrown)) return 'again';
    if (thrown instanceof Refused) return this.#recoverRefused(thrown);
    const fault = faultOf(thrown);
    if (fault !== undefined) await this.#recoverFault(fault);
    else if (thrown instanceof ProtocolViolation) {
      this.#tell({ outcome: 'unreachable', code: 'ProtocolError', message: thrown.message });
      this.#countAttempt();
      await this.#wait(this.#backoff.failed());
    } else if (thrown instanceof ShortWatch) {
      const message = 'The server ends watches as soon as they begin';
      if (!this.#backoff.isCalm) this.#tell({ outcome: 'reading', code: 'Interrupted', message });
      await this.#wait(this.#backoff.failed());
    } else throw thrown;
    return 'again';
  }

  /** A server that cannot stream lists, or does it wrongly, is asked for pages from now on. */
  #losesStreams(thrown: unknown): boolean {
    const { server } = this.#options;
    if (server === undefined || !this.#mustList || !this.#streamsList) return false;
    const isRefused = thrown instanceof Refused && (thrown.status.code === 422 || thrown.status.code === 400);
    if (!isRefused && !(thrown instanceof StreamedListFailed) && !(thrown instanceof ProtocolViolation)) return false;
    server.streamsLists = false;
    return true;
  }

  async #recoverRefused({ status }: Refused): Promise<'again' | 'absent'> {
    const { code, message, retryAfterMs = 0 } = status;
    if (isExpired(status) || isVersionTooLarge(status)) {
      // Once at once; a server that says so again and again is asked ever more seldom.
      const isFirst = this.#backoff.isCalm;
      this.#isForgotten = this.#mustList || isVersionTooLarge(status);
      this.#mustList = true;
      const waitMs = this.#backoff.failed();
      if (!isFirst) await this.#wait(waitMs);
    } else if (code === 404) {
      this.#tell({ outcome: 'absent', code: 'NotFound', message });
      return 'absent';
    } else if (code === 401 || code === 403) {
      this.#tell({ outcome: 'denied', code: code === 401 ? 'Unauthorized' : 'Forbidden', message });
      await this.#wait(this.#denied.failed());
    } else if (code === 429) {
      this.#tell({ outcome: 'reading', code: 'Throttled', message });
      await this.#wait(Math.max(retryAfterMs, this.#backoff.failed()));
    } else {
      this.#tell({ outcome: 'unreachable', code: 'ServerError', message });
      this.#countAttempt();
      await this.#wait(Math.max(retryAfterMs, this.#backoff.failed()));
    }
    return 'again';
  }

  async #recoverFault({ code, message }: TransportFault): Promise<void> {
    const { transport, signal } = this.#options;
    const isFirst = this.#backoff.isCalm;
    const outcome = code === 'CredentialFailed' || code === 'Unauthorized' ? 'denied' : 'unreachable';
    // A connection that breaks off and is there again in a moment is nothing to tell of.
    if (code !== 'ConnectionLost' || !isFirst) this.#tell({ outcome, code, message });
    // What cannot be had at once is asked for in pages.
    if (this.#mustList && (code === 'TooLarge' || code === 'Timeout')) this.#isForgotten = true;
    const waitMs = code === 'TooLarge' ? this.#denied.failed() : this.#backoff.failed();
    let wasDown = false;
    for (let fault = await transport.retry(signal); fault !== undefined; fault = await transport.retry(signal)) {
      wasDown = true;
      this.#tell({ outcome, code: fault.code, message: fault.message });
    }
    const isPlainLoss = isFirst && code === 'ConnectionLost';
    if (!wasDown && !isPlainLoss) await this.#wait(waitMs);
  }

  #countAttempt(): void {
    this.#attempts += 1;
    if (this.#attempts < MOST_ATTEMPTS || this.#mustList) return;
    this.#attempts = 0;
    this.#mustList = true;
    this.#isForgotten = true;
  }

  /** What is held is not followed just now. */
  #tellInterrupted(): void {
    if (this.#told?.outcome !== 'ok') return;
    this.#tell({ outcome: 'reading', code: 'Interrupted', message: 'Its watch ended and is being opened again' });
  }

  #wait(ms: number): Promise<void> {
    this.#tellInterrupted();
    return this.#options.clock.sleep(ms, this.#options.signal);
  }
}

/** True where a version is surely older: both are numbers, as all API servers of Kubernetes write them. */
function isOlder(version: string, than: string | undefined): boolean {
  if (than === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}
