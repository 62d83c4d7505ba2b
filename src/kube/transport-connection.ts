import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { Backoff } from './backoff.ts';
import type { ClusterConnection } from './connection.ts';
import type { Proof } from './credential.ts';
import { Http1Link } from './http1-link.ts';
import { Http2Link } from './http2-link.ts';
import { faultOf, socketFault, type TransportFault, transportError } from './transport-fault.ts';
import type { Link, LinkEvents, WireBytes } from './transport-link.ts';
import { addressOf, CONNECT_MS, openSocket } from './transport-socket.ts';

type Certificate = Proof['certificate'];

/** At most so often it is told that the server lives, ms. */
const ALIVE_MS = 1_000;

interface Held {
  readonly link: Link;
  readonly certificate: Certificate;
}

/** Holds the connection to one API server: opens it when it is needed, one attempt at a time, with back-off between them. */
export class HeldConnection {
  readonly #connection: ClusterConnection;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #place: string;
  readonly #listeners = new Set<(at: number) => void>();
  /** All connections that are not closed yet: the one in use, and older ones that drain. */
  readonly #links = new Set<Link>();
  readonly #closing = new AbortController();
  #held: Held | undefined;
  #opening: { readonly certificate: Certificate; readonly done: Promise<Link> } | undefined;
  #speaksHttp1 = false;
  #fault: TransportFault | undefined;
  #pause: Promise<void> | undefined;
  #retrying: Promise<void> | undefined;
  #goneSent = 0;
  #goneReceived = 0;
  #toldAt = 0;

  constructor(connection: ClusterConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.#backoff = new Backoff(clock);
    this.#place = addressOf(connection).place;
  }

  /** The connection to put a request on. @throws KUBE_UNREACHABLE, at once while it waits to try again */
  async link(certificate: Certificate): Promise<Link> {
    this.#closing.signal.throwIfAborted();
    if (this.#held?.link.isOpen && isSame(this.#held.certificate, certificate)) return this.#held.link;
    if (this.#opening && isSame(this.#opening.certificate, certificate)) return this.#opening.done;
    if (this.#fault && this.#pause) throw transportError(this.#connection.name, this.#fault);
    return this.#open(certificate);
  }

  /** See `ClusterTransport.retry`. @param certificate what to show now */
  async retry(certificate: () => Promise<Certificate>, signal: AbortSignal): Promise<TransportFault | undefined> {
    this.#closing.signal.throwIfAborted();
    if (this.#fault === undefined) return undefined;
    this.#retrying ??= this.#tryAgain(certificate).finally(() => (this.#retrying = undefined));
    await untilAborted(this.#retrying, signal);
    return this.#fault;
  }

  onAlive(listener: (at: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get bytes(): WireBytes {
    let sent = this.#goneSent;
    let received = this.#goneReceived;
    for (const { bytes } of this.#links) {
      sent += bytes.sent;
      received += bytes.received;
    }
    return { sent, received };
  }

  close(): void {
    this.#closing.abort(
      transportError(this.#connection.name, { code: 'ConnectionLost', message: 'It was closed here' }),
    );
    this.#backoff.reset();
    for (const link of this.#links) this.#forget(link);
  }

  #open(certificate: Certificate): Promise<Link> {
    // What is under way on the old one goes on; the server knows that one by another certificate.
    this.#held?.link.drain();
    this.#held = undefined;
    const done = this.#connect(certificate).then(
      (link) => {
        this.#opening = undefined;
        if (this.#closing.signal.aborted) link.close();
        this.#closing.signal.throwIfAborted();
        this.#held = { link, certificate };
        this.#fault = undefined;
        this.#backoff.works();
        this.#alive();
        return link;
      },
      (thrown: unknown) => {
        this.#opening = undefined;
        this.#failed(faultOf(thrown) ?? socketFault(this.#place, thrown));
        throw thrown;
      },
    );
    this.#opening = { certificate, done };
    return done;
  }

  async #connect(certificate: Certificate): Promise<Link> {
    const { server } = this.#connection;
    const open = (protocols: readonly ('h2' | 'http/1.1')[]): Promise<Socket> =>
      openSocket({ connection: this.#connection, certificate, protocols, clock: this.#clock });
    const socket = await open(this.#speaksHttp1 ? ['http/1.1'] : ['h2', 'http/1.1']);
    const isHttp2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
    let link: Link | undefined;
    const events: LinkEvents = {
      alive: () => this.#alive(),
      lost: (thrown) => link && this.#lost(link, thrown),
    };
    if (isHttp2) link = await this.#http2(socket, events);
    else {
      this.#speaksHttp1 = true;
      link = new Http1Link(server, socket, () => open(['http/1.1']), this.#clock, events);
    }
    this.#links.add(link);
    return link;
  }

  async #http2(socket: Socket, events: LinkEvents): Promise<Link> {
    const limit = new AbortController();
    const timer = this.#clock.after(CONNECT_MS, () => limit.abort());
    try {
      return await Http2Link.open(this.#connection.server, socket, this.#clock, events, limit.signal);
    } catch (thrown) {
      const fault: TransportFault = limit.signal.aborted
        ? { code: 'Timeout', message: `${this.#place} did not begin to speak HTTP/2 within ${CONNECT_MS / 1000} s` }
        : socketFault(this.#place, thrown);
      throw transportError(this.#connection.name, fault, thrown);
    } finally {
      timer.cancel();
    }
  }

  #lost(link: Link, thrown: unknown): void {
    const isHeld = this.#held?.link === link;
    if (isHeld) this.#held = undefined;
    // The server is leaving in good order, or takes no more on this one: what is under way goes on.
    if (thrown === undefined) return link.drain();
    if (!link.isOpen) this.#forget(link);
    if (!isHeld || this.#closing.signal.aborted) return;
    const fault = faultOf(thrown) ?? socketFault(this.#place, thrown);
    // The first loss after a good time is followed by an attempt at once.
    if (this.#backoff.isCalm) void this.#backoff.failed();
    else this.#failed(fault);
  }

  #forget(link: Link): void {
    if (!this.#links.delete(link)) return;
    const { sent, received } = link.bytes;
    this.#goneSent += sent;
    this.#goneReceived += received;
    link.close();
  }

  #failed(fault: TransportFault): void {
    this.#fault = fault;
    this.#pause ??= this.#clock
      .sleep(this.#backoff.failed(), this.#closing.signal)
      .catch(() => undefined)
      .finally(() => (this.#pause = undefined));
  }

  async #tryAgain(certificate: () => Promise<Certificate>): Promise<void> {
    await this.#pause;
    try {
      await this.link(await certificate());
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault === undefined) throw thrown;
      if (this.#pause === undefined) this.#failed(fault);
    }
  }

  #alive(): void {
    const now = this.#clock.now();
    if (Math.abs(now - this.#toldAt) < ALIVE_MS) return;
    this.#toldAt = now;
    for (const listener of this.#listeners) listener(now);
  }
}

function isSame(left: Certificate, right: Certificate): boolean {
  return left?.certificate === right?.certificate && left?.key === right?.key;
}

/** Waits for a promise no longer than a signal allows. */
function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
