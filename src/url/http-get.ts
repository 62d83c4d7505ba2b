import { Agent as HttpAgent, get as httpGet, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import type { Clock } from '../base/clock.ts';
import { readBody } from './body.ts';

// node:http rather than fetch: a limit for each phase, no headers, cookies, caches or redirects of its own, and nothing
// more to load than the server has loaded already.

/** Connections are kept for as long as one look at a source takes, in milliseconds. */
const IDLE_MS = 4_000;

/** Bounds of one request. */
export interface GetLimits {
  /** From the start until the headers are there, ms. */
  readonly headersMs: number;
  /** Most bytes of a body, before and after decoding. */
  readonly bodyBytes: number;
}

/** An answer with its body; only a 200 has one that was read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The server could not be reached, or did not answer in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Makes GET requests over connections of its own, which are given up when they are idle. */
export class HttpGetter {
  readonly #clock: Clock;
  readonly #limits: GetLimits;
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  constructor(clock: Clock, limits: GetLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * One request, without following redirects.
   * @param stop ends it; aborted here too when the headers are late
   * @throws NoAnswer; once there is an answer BodyRefused, errors of the connection, the reason of `stop`
   */
  async get(url: URL, headers: Readonly<Record<string, string>>, stop: AbortController): Promise<HttpAnswer> {
    const { headersMs } = this.#limits;
    const timer = this.#clock.after(headersMs, () =>
      stop.abort(new Error(`there is no answer after ${headersMs / 1000} seconds`)),
    );
    // Streams give their own error for an abort; the reason says more.
    const faultOf = (thrown: unknown): unknown => (stop.signal.aborted ? stop.signal.reason : thrown);
    let response: IncomingMessage;
    try {
      response = await this.#request(url, headers, stop.signal);
    } catch (thrown) {
      throw new NoAnswer(reasonOf(faultOf(thrown)), { cause: thrown });
    } finally {
      timer.cancel();
    }
    try {
      return await this.#finish(response, stop.signal);
    } catch (thrown) {
      throw faultOf(thrown);
    }
  }

  async #finish(response: IncomingMessage, signal: AbortSignal): Promise<HttpAnswer> {
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return { status, headers, body: await readBody(response, this.#limits.bodyBytes, signal) };
    // The connection goes with a body that nobody reads; an answer without one leaves it for the next request.
    if (headers['content-length'] === '0' || status === 304) response.resume();
    else response.destroy();
    return { status, headers, body: Buffer.alloc(0) };
  }

  #request(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = (isSecondTry: boolean): void => {
        const onResponse = (response: IncomingMessage): void => resolve(response);
        const request =
          url.protocol === 'https:'
            ? httpsGet(url, { headers, signal, agent: this.#https }, onResponse)
            : httpGet(url, { headers, signal, agent: this.#http }, onResponse);
        request.on('error', (fault: NodeJS.ErrnoException) => {
          // The server gave up a kept connection just as it was taken again: that says nothing about the server.
          const isStale = request.reusedSocket && fault.code === 'ECONNRESET' && !signal.aborted;
          if (isStale && !isSecondTry) send(true);
          else reject(fault);
        });
      };
      send(false);
    });
  }
}

/** Why a request failed. Node's messages name hosts, addresses and ports only. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return message === '' ? (code ?? 'unknown') : message;
}
