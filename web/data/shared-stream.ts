import { ClientError, type ClientEvent, type EventOptions } from '../../src/client.ts';
import { EventQueue } from './event-queue.ts';

type Status = 'connecting' | 'open' | 'lost';
type CatalogEvent = Extract<ClientEvent, { readonly data: unknown }>;

/** What the tabs of one browser tell each other. */
type Message =
  /** Who follows asks how things are; `isUrgent`: a lost connection is to be tried now. */
  | { readonly kind: 'hello'; readonly isUrgent: boolean }
  /** The leader's answer; also told by itself when something changes. `code`: why the connection is lost. */
  | { readonly kind: 'state'; readonly status: Status; readonly revision: number | undefined; readonly code: string }
  | { readonly kind: 'event'; readonly event: CatalogEvent }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string };

/** What a shared stream needs of the page and the browser. */
export interface StreamSurroundings {
  /** Opens a connection of one's own. */
  open(options: EventOptions): AsyncIterable<ClientEvent>;
  /** Who may share: one name for each principal; nothing while it is not known who asks. */
  group(): string | undefined;
  /** Absent where the browser has none, as on pages that came without TLS: each tab then has a connection. */
  readonly locks: LockManager | undefined;
  isVisible(): boolean;
  /** Tells when the tab comes into sight. @returns ends it */
  onVisible(listener: () => void): () => void;
}

/** How often a tab asks whether its leader is there and has told everything. */
const HELLO_MS = 10_000;

/** A leader answers from memory: one that does not was stopped by the browser, as hidden tabs may be. */
const ANSWER_MS = 3000;

/** Part of the name: tabs of different versions that speak otherwise do not meet. */
const PROTOCOL = 1;

/**
 * The event stream of a browser: the tab that holds a lock has the connection and tells the others; when it goes, the next one
 * goes on from the revision that it knows. To the page it is a stream as any other.
 *
 * @throws ClientError when the server refuses the stream
 */
export async function* sharedEvents(
  surroundings: StreamSurroundings,
  options: EventOptions,
): AsyncGenerator<ClientEvent, void, undefined> {
  const group = surroundings.group();
  if (group === undefined || surroundings.locks === undefined) {
    yield* surroundings.open(options);
    return;
  }
  const name = `callboard.events.${PROTOCOL} ${group}`;
  const member = new StreamMember(name, surroundings, surroundings.locks, options);
  try {
    member.start();
    yield* member.events;
  } finally {
    member.close();
  }
}

/** One tab's part in the stream: it follows until it is its turn to lead. */
class StreamMember {
  readonly events = new EventQueue<ClientEvent>();
  readonly #name: string;
  readonly #surroundings: StreamSurroundings;
  readonly #locks: LockManager;
  readonly #options: EventOptions;
  readonly #channel: BroadcastChannel;
  readonly #end = new AbortController();
  /** The wish to lead, and the lead itself. */
  #turn = new AbortController();
  /** Set while this tab leads: its connection. */
  #connection: AbortController | undefined;
  #status: Status = 'connecting';
  /** Why the connection is lost. */
  #code = '';
  /** Everything up to here was told to the page. */
  #revision: number | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, surroundings: StreamSurroundings, locks: LockManager, options: EventOptions) {
    this.#name = name;
    this.#surroundings = surroundings;
    this.#locks = locks;
    this.#options = options;
    this.#revision = options.after;
    this.#channel = new BroadcastChannel(name);
  }

  start(): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#hear(data));
    const timer = setInterval(() => this.#hello(false), HELLO_MS);
    const stopWatching = this.#surroundings.onVisible(() => this.#hello(false));
    const onEnd = (): void => {
      clearInterval(timer);
      clearTimeout(this.#deadline);
      stopWatching();
      this.#turn.abort();
      this.#channel.close();
      this.events.end();
    };
    this.#end.signal.addEventListener('abort', onEnd, { once: true });
    if (this.#options.signal.aborted) return this.close();
    this.#options.signal.addEventListener('abort', () => this.close(), { once: true });
    this.#wait(false);
    this.#hello(true);
  }

  close(): void {
    this.#end.abort();
  }

  /** Waits for the lead; `isTaking`: takes it from a tab that was stopped. */
  #wait(isTaking: boolean): void {
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const how: LockOptions = isTaking ? { steal: true } : { signal: turn.signal };
    this.#locks
      .request(this.#name, how, () => this.#lead(turn.signal))
      .catch((error: unknown) => {
        if (turn.signal.aborted) return;
        if (error instanceof DOMException && error.name === 'AbortError') {
          // Another tab took the lead.
          this.#wait(false);
        } else {
          // The browser forbids locks here: a connection of one's own.
          void this.#lead(turn.signal);
        }
      });
  }

  async #lead(turn: AbortSignal): Promise<void> {
    clearTimeout(this.#deadline);
    try {
      while (!turn.aborted) {
        this.#connection = new AbortController();
        const signal = AbortSignal.any([turn, this.#connection.signal]);
        for await (const event of this.#surroundings.open({ ...this.#options, after: this.#revision, signal })) {
          if (signal.aborted) break;
          this.#tell(event);
        }
      }
    } catch (thrown) {
      if (turn.aborted) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (error instanceof ClientError) {
        this.#post({ kind: 'refused', status: error.status, code: error.code, message: error.message });
      }
      this.events.end(error);
    } finally {
      this.#connection = undefined;
    }
  }

  /** As the leader: takes what the server says, and passes it on. */
  #tell(event: ClientEvent): void {
    switch (event.type) {
      case 'open':
        this.#settle('open', '');
        this.#postState();
        break;
      case 'lost':
        this.#settle('lost', event.error.code);
        this.#postState();
        break;
      default: {
        const isFirst = this.#revision === undefined;
        this.#take(event);
        if (isFirst) this.#postState();
        else this.#post({ kind: 'event', event });
      }
    }
  }

  /** Takes what another tab says. */
  #hear(message: Message): void {
    switch (message.kind) {
      case 'hello':
        if (!this.#connection) return;
        this.#postState();
        if (message.isUrgent && this.#status === 'lost') this.#connection.abort();
        break;
      case 'state':
        clearTimeout(this.#deadline);
        if (!this.#connection && message.status !== 'connecting') this.#follow(message);
        break;
      case 'event':
        // Before its place among the events is known, none of them is taken: one before it may be missing.
        if (!this.#connection && this.#status === 'open') this.#take(message.event);
        break;
      case 'refused':
        this.events.end(new ClientError(message.code, message.status, message.message));
        break;
    }
  }

  #follow({ status, code, revision }: Extract<Message, { readonly kind: 'state' }>): void {
    this.#settle(status === 'open' ? status : 'lost', code);
    if (status !== 'open' || revision === undefined || revision <= (this.#revision ?? -1)) return;
    // The leader is further on: it has told something that this tab did not hear.
    if (this.#revision === undefined) this.#take({ type: 'bookmark', data: { revision } });
    else this.#take({ type: 'relist', data: { revision, reason: 'expired' } });
  }

  /** Tells the page of a change; that another tab leads now is none. */
  #settle(status: 'open' | 'lost', code: string): void {
    const isNew = this.#status !== status;
    this.#status = status;
    this.#code = code;
    if (!isNew) return;
    if (status === 'open') this.events.push({ type: 'open' });
    else this.events.push({ type: 'lost', error: new ClientError(code, 0, 'The event stream is lost'), retryMs: 0 });
  }

  #take(event: CatalogEvent): void {
    const { revision } = event.data;
    this.#revision = event.type === 'relist' ? revision : Math.max(revision, this.#revision ?? 0);
    this.events.push(event);
  }

  #hello(isUrgent: boolean): void {
    if (this.#connection) return;
    this.#post({ kind: 'hello', isUrgent });
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      if (!this.#connection && this.#surroundings.isVisible()) this.#wait(true);
    }, ANSWER_MS);
  }

  #postState(): void {
    // Without a revision nobody can tell whether they missed something: the first event brings it.
    const status = this.#revision === undefined && this.#status === 'open' ? 'connecting' : this.#status;
    this.#post({ kind: 'state', status, revision: this.#revision, code: this.#code });
  }

  #post(message: Message): void {
    this.#channel.postMessage(message);
  }
}
