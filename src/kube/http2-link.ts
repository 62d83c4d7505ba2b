import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { Slots } from '../base/slots.ts';
import type { Link, LinkAnswer, LinkEvents, LinkRequest, WireBytes } from './transport-link.ts';

/** Requests under way on one connection; API servers allow 100 unless told otherwise. */
const MOST_STREAMS = 100;
/** Bytes that may be under way on one stream and on the connection: lists come in large pieces, watches share it. */
const STREAM_WINDOW = 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;
const FRAME_BYTES = 256 * 1024;
/** Memory of a session, MB: what has come and was not yet read counts. */
const SESSION_MEMORY = 64;
/** Without a byte for so long the server is pinged, ms; as Go's clients do. */
const IDLE_MS = 30_000;
/** A ping that is not answered for so long: the connection is dead, ms. */
const PING_MS = 15_000;

/** One session of HTTP/2. */
export class Http2Link implements Link {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #slots: Slots;
  #timer: Timer;
  #lastByteAt: number;
  #isClosed = false;

  private constructor(session: ClientHttp2Session, socket: Socket, clock: Clock, events: LinkEvents) {
    this.#session = session;
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
    this.#slots = new Slots(
      Math.max(1, Math.min(MOST_STREAMS, session.remoteSettings.maxConcurrentStreams ?? MOST_STREAMS)),
    );
    this.#lastByteAt = clock.now();
    this.#timer = clock.after(IDLE_MS, () => this.#watchIdle());
    session.on('error', (thrown) => this.#lost(thrown));
    session.on('goaway', () => events.lost());
    session.on('close', () => this.#lost(new Error('closed by the server')));
  }

  /** Begins a session on a socket. Rejects when the server does not speak HTTP/2 on it, or not before `signal`. */
  static open(
    server: string,
    socket: Socket,
    clock: Clock,
    events: LinkEvents,
    signal: AbortSignal,
  ): Promise<Http2Link> {
    return new Promise((resolve, reject) => {
      const session = connect(new URL(server).origin, {
        createConnection: () => socket,
        maxSessionMemory: SESSION_MEMORY,
        settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxFrameSize: FRAME_BYTES },
      });
      const onClose = (): void => reject(new Error('closed before it was ready'));
      const onAbort = (): void => {
        session.destroy();
        reject(signal.reason as Error);
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      session.once('error', reject);
      session.once('close', onClose);
      session.once('remoteSettings', () => {
        signal.removeEventListener('abort', onAbort);
        session.setLocalWindowSize(SESSION_WINDOW);
        // The process may end while a watch is open.
        session.unref();
        const link = new Http2Link(session, socket, clock, events);
        session.off('error', reject);
        session.off('close', onClose);
        resolve(link);
      });
    });
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.#session.closed && !this.#session.destroyed;
  }

  get bytes(): WireBytes {
    return { sent: this.#socket.bytesWritten, received: this.#socket.bytesRead };
  }

  async send({ method, path, headers, body, signal }: LinkRequest): Promise<LinkAnswer> {
    const slot = await this.#slots.take(signal);
    let stream: ClientHttp2Stream;
    try {
      const asked = { ':method': method, ':path': path, ...headers } as OutgoingHttpHeaders;
      stream = this.#session.request(asked, { endStream: body === undefined });
    } catch (thrown) {
      slot.release();
      throw thrown;
    }
    stream.once('close', () => {
      slot.release();
      // It takes no more requests: what is under way goes on, others need another connection.
      if (isRefused(stream)) this.#events.lost();
    });
    if (body !== undefined) stream.end(body);
    return answerOf(stream, signal, () => this.touch());
  }

  touch(): void {
    this.#lastByteAt = this.#clock.now();
    this.#events.alive();
  }

  drain(): void {
    if (!this.#session.closed) this.#session.close();
  }

  close(): void {
    this.#end(new Error('closed here'));
  }

  /** Streams end with an error: one that ended without would look whole. */
  #end(thrown: Error): void {
    this.#isClosed = true;
    this.#timer.cancel();
    this.#session.destroy(thrown);
  }

  #watchIdle(): void {
    const idleMs = this.#clock.now() - this.#lastByteAt;
    if (idleMs < IDLE_MS) {
      // A clock that was set back must not silence it for longer.
      this.#timer = this.#clock.after(Math.min(IDLE_MS - idleMs, IDLE_MS), () => this.#watchIdle());
      return;
    }
    this.#timer = this.#clock.after(PING_MS, () => this.#lost(new PingUnanswered()));
    const isSent = this.#session.ping((thrown) => {
      if (thrown || this.#isClosed) return;
      this.#timer.cancel();
      this.touch();
      this.#timer = this.#clock.after(IDLE_MS, () => this.#watchIdle());
    });
    if (!isSent) this.#lost(new PingUnanswered());
  }

  #lost(thrown: Error): void {
    if (this.#isClosed) return;
    this.#end(thrown);
    this.#events.lost(thrown);
  }
}

/** True where the server turned a request away unread: it has too many, or too much of us in its memory. */
function isRefused({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode === constants.NGHTTP2_REFUSED_STREAM || rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM;
}

/** The server did not answer a ping in time. */
class PingUnanswered extends Error {
  readonly code = 'ETIMEDOUT';
  constructor() {
    super('a ping was not answered');
  }
}

function answerOf(stream: ClientHttp2Stream, signal: AbortSignal, alive: () => void): Promise<LinkAnswer> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => stream.close(constants.NGHTTP2_CANCEL);
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stream.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('ended before it was answered'));
    });
    stream.on('error', reject);
    stream.once('response', (headers) => {
      alive();
      resolve({
        status: headers[':status'] ?? 0,
        headers,
        body: stream,
        isWhole: () => stream.rstCode === constants.NGHTTP2_NO_ERROR,
        cancel,
      });
    });
  });
}
