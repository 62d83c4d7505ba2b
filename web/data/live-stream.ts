import type { ChangeEvent } from '../../src/api/events.ts';
import type { ClientEvent, EventOptions } from '../../src/client.ts';

/** Changes up to and including `revision`. */
export type LiveBatch = ChangeEvent;

/**
 * How the stream is. `lost`: what is shown is as of `lastContactAt` (ms since the epoch; absent: never). `ended`: the
 * one who followed it is signed out. `refused`: the server does not tell this principal of changes.
 */
export interface LiveState {
  readonly status: 'connecting' | 'live' | 'lost' | 'ended' | 'refused';
  readonly lastContactAt: number | undefined;
}

/** Who is told of what the stream brings. */
export interface LiveReader {
  apply(batch: LiveBatch): void;
  /** Changes may have been missed, or questions failed meanwhile. */
  outdateAll(): void;
}

/** The server speaks every 15 s; silence for longer is a broken connection. */
const SILENCE_MS = 25_000;

/** The event stream as a page follows it: from a revision on, across lost connections. */
export class LiveStream {
  readonly #open: (options: EventOptions) => AsyncIterable<ClientEvent>;
  readonly #reader: LiveReader;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = { status: 'connecting', lastContactAt: undefined };
  #revision: number | undefined;
  /** The oldest answer that is shown; set once there is one, or a failure in its place. */
  #first: { readonly revision: number | undefined } | undefined;
  #isAllowed = false;
  #controller: AbortController | undefined;

  constructor(open: (options: EventOptions) => AsyncIterable<ClientEvent>, reader: LiveReader) {
    this.#open = open;
    this.#reader = reader;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): LiveState => this.#state;

  /**
   * Begins once there is an answer to go on from and it is allowed. `after` is the revision of an answer already shown: what
   * happened since is told. Without it (no answer has come) everything is asked again when the stream opens.
   */
  start(after: number | undefined): void {
    const before = this.#first?.revision;
    const isOlder = after === undefined || (before !== undefined && after < before);
    if (!this.#first || isOlder) this.#first = { revision: after };
    this.#begin();
  }

  /** It is known who asks, or that this is not to be known: with whom a stream may be shared stands in the answer. */
  allow(): void {
    this.#isAllowed = true;
    this.#begin();
  }

  #begin(): void {
    if (this.#controller || !this.#first || !this.#isAllowed) return;
    this.#revision = this.#first.revision;
    this.#follow();
  }

  /** The browser says that it has no network: whether the server is out of reach shows at once and not after a silence. */
  doubt(): void {
    if (this.#state.status !== 'live') return;
    this.#setState({ status: 'lost', lastContactAt: Date.now() });
    this.#follow();
  }

  /** Tries again now instead of at the end of the pause, or after an end, e.g. when the network is back. */
  retryNow(): void {
    if (this.#controller && !['connecting', 'live'].includes(this.#state.status)) this.#follow();
  }

  close(): void {
    this.#controller?.abort();
  }

  #follow(): void {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.#run(controller.signal).catch((error: unknown) => {
      if (controller.signal.aborted) return;
      const { lastContactAt } = this.#state;
      if (isRefusal(error)) {
        this.#setState({ status: error.status === 401 ? 'ended' : 'refused', lastContactAt });
        return;
      }
      // The server does not understand the question (it never does so to one that it answered before): shown as lost.
      this.#setState({ status: 'lost', lastContactAt });
      reportError(error);
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const options: EventOptions = { signal, silenceMs: SILENCE_MS, after: this.#revision };
    for await (const event of this.#open(options)) {
      if (signal.aborted) return;
      this.#take(event);
    }
  }

  #take(event: ClientEvent): void {
    switch (event.type) {
      case 'open':
        // After a loss the server may be another one, with a history of its own that has the same numbers.
        if (this.#revision === undefined || this.#state.status !== 'connecting') this.#reader.outdateAll();
        this.#setState({ status: 'live', lastContactAt: Date.now() });
        break;
      case 'change':
        this.#revision = event.data.revision;
        this.#reader.apply(event.data);
        break;
      case 'bookmark':
        this.#revision = event.data.revision;
        break;
      case 'relist':
        this.#revision = event.data.revision;
        this.#reader.outdateAll();
        break;
      case 'lost': {
        // Only the first loss tells when contact ended; the tries after it had none.
        if (this.#state.status === 'lost') break;
        const silentMs = event.error.code === 'SILENCE' ? SILENCE_MS : 0;
        const lastContactAt = this.#state.status === 'live' ? Date.now() - silentMs : undefined;
        this.#setState({ status: 'lost', lastContactAt });
        break;
      }
    }
  }

  #setState(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function isRefusal(error: unknown): error is { readonly status: 401 | 403 } {
  return error instanceof Error && 'status' in error && (error.status === 401 || error.status === 403);
}
