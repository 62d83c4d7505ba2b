import { Agent, type ClientRequest, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../base/clock.ts';
import type { Link, LinkAnswer, LinkEvents, LinkRequest, WireBytes } from './transport-link.ts';

/** Connections of HTTP/1.1 to one server; each carries one request at a time. */
const MOST_SOCKETS = 100;
/** Without a byte for so long the server is asked whether it lives, ms. */
const IDLE_MS = 30_000;
/** How long that answer may take, ms. */
const ANSWER_MS = 15_000;

/** A pool of connections for servers and proxies that speak HTTP/1.1 only. */
export class Http1Link implements Link {
  readonly #agent: Agent;
  readonly #host: string;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #sockets = new Set<Socket>();
  readonly #requests = new Set<ClientRequest>();
  #timer: Timer;
  #lastByteAt: number;
  #isOpen = true;
  #goneSent = 0;
  #goneReceived = 0;

  /**
   * @param first a connection that is open already
   * @param openNext opens another one
   */
  constructor(server: string, first: Socket, openNext: () => Promise<Socket>, clock: Clock, events: LinkEvents) {
    this.#host = new URL(server).host;
    this.#clock = clock;
    this.#events = events;
    this.#lastByteAt = clock.now();
    this.#timer = clock.after(IDLE_MS, () => this.#watchIdle());
    this.#agent = new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, maxFreeSockets: 4 });
    let spare: Socket | undefined = first;
    this.#keep(first);
    this.#agent.createConnection = (_options, callback) => {
      const ready = spare && !spare.destroyed ? Promise.resolve(spare) : openNext();
      spare = undefined;
      void this.#hand(ready, callback);
      return undefined;
    };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get bytes(): WireBytes {
    let sent = this.#goneSent;
    let received = this.#goneReceived;
    for (const socket of this.#sockets) {
      sent += socket.bytesWritten;
      received += socket.bytesRead;
    }
    return { sent, received };
  }

  send({ method, path, headers, body, signal }: LinkRequest): Promise<LinkAnswer> {
    return new Promise((resolve, reject) => {
      const all = { host: this.#host, ...headers, ...(body && { 'content-length': String(body.length) }) };
      const asked = all as unknown as NodeJS.Dict<string | string[]>;
      const request = httpRequest({ method, path, headers: asked, agent: this.#agent, signal, setHost: false });
      this.#requests.add(request);
      request.once('close', () => {
        this.#requests.delete(request);
        if (!this.#isOpen && this.#requests.size === 0) this.close();
      });
      request.on('error', reject);
      request.once('response', (answer) => {
        this.touch();
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: answer,
          isWhole: () => answer.complete,
          cancel: () => void request.destroy(),
        });
      });
      request.end(body);
    });
  }

  touch(): void {
    this.#lastByteAt = this.#clock.now();
    this.#events.alive();
  }

  drain(): void {
    this.#isOpen = false;
    this.#timer.cancel();
    if (this.#requests.size === 0) this.close();
  }

  close(): void {
    this.#isOpen = false;
    this.#timer.cancel();
    for (const request of this.#requests) request.destroy();
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #hand(
    opening: Promise<Socket>,
    callback: ((error: Error | null, socket: Duplex) => void) | undefined,
  ): Promise<void> {
    try {
      const socket = await opening;
      this.#keep(socket);
      callback?.(null, socket);
    } catch (thrown) {
      callback?.(thrown as Error, undefined as unknown as Duplex);
      this.#lost(thrown);
    }
  }

  #keep(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#goneSent += socket.bytesWritten;
      this.#goneReceived += socket.bytesRead;
    });
  }

  #watchIdle(): void {
    const idleMs = this.#clock.now() - this.#lastByteAt;
    if (idleMs < IDLE_MS) {
      this.#timer = this.#clock.after(Math.min(IDLE_MS - idleMs, IDLE_MS), () => this.#watchIdle());
      return;
    }
    const limit = new AbortController();
    this.#timer = this.#clock.after(ANSWER_MS, () => limit.abort());
    // Any answer will do, a refusal too.
    this.send({ method: 'GET', path: '/livez', headers: {}, signal: limit.signal }).then(
      ({ body }) => {
        body.resume();
        this.#timer.cancel();
        if (this.#isOpen) this.#timer = this.#clock.after(IDLE_MS, () => this.#watchIdle());
      },
      (thrown: unknown) => {
        this.close();
        this.#events.lost(thrown);
      },
    );
  }

  #lost(thrown: unknown): void {
    if (!this.#isOpen) return;
    this.drain();
    this.#events.lost(thrown);
  }
}
