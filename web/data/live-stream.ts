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

/** The one event stream of the page: follows the catalog from a revision on, across lost connections. */
export class LiveStream {
  readonly #open: (options: EventOptions) => AsyncIterable<ClientEvent>;
  readonly #reader: LiveReader;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = { status: 'connecting', lastContactAt: undefined };
  #revision: number | undefined;
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
   * Begins once; later calls do nothing. `after` is the revision of an answer already shown: what happened since is told.
   * Without it (no answer has come) everything is asked again when the stream opens.
   */
  start(after: number | undefined): void {
    if (this.#controller) return;
    this.#revision = after;
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
