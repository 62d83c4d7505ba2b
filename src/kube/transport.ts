import type { Clock, Timer } from '../base/clock.ts';
import { callboardVersion } from '../base/version.ts';
import type { ClusterConnection, Impersonation } from './connection.ts';
import type { Credential, Proof } from './credential.ts';
import { Body } from './transport-body.ts';
import { HeldConnection } from './transport-connection.ts';
import { faultOf, socketFault, type TransportFault, transportError } from './transport-fault.ts';
import type { Link, LinkAnswer, WireBytes } from './transport-link.ts';
import { addressOf, isNear } from './transport-socket.ts';

/** One request to an API server. */
export interface KubeRequest {
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** From the root of the API server, e.g. `/api/v1/pods`, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | string | undefined;
  /** As whom, instead of whom the connection names. */
  readonly as?: Impersonation | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | string | undefined;
  /** Default `application/json`. */
  readonly accept?: string | undefined;
  /** How long the head of the answer may take, and with `request` its body too, ms; default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** How long the whole answer may take with `open`, ms; absent: without end. */
  readonly wholeMs?: number | undefined;
  /** How large the body may be after gunzip, bytes; default 64 MiB with `request`, without end with `open`. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Headers of an answer, by lower-case name; repeated ones joined by `, `. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** A whole answer. Any status is one: only what comes without an answer is thrown. */
export interface KubeAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Gunzipped. */
  readonly body: Buffer;
}

/** An answer whose body is read as it comes. */
export interface KubeStream {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Gunzipped; to be read once. Throws KUBE_UNREACHABLE when it breaks off or is too large. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Ends it; harmless when it has ended. */
  cancel(): void;
}

/** What went to and fro so far. */
export interface Traffic extends WireBytes {
  readonly requests: number;
}

/**
 * Speaks to the API server of one cluster, over one session of HTTP/2 that is opened when it is first needed, and opened anew
 * when it is lost. Credentials are asked for with each request; a 401 is answered once by new ones.
 *
 * @throws KUBE_UNREACHABLE or KUBE_CREDENTIAL_FAILED, of its methods; an abort throws the signal's reason
 */
export interface ClusterTransport {
  readonly cluster: string;
  request(ask: KubeRequest): Promise<KubeAnswer>;
  open(ask: KubeRequest): Promise<KubeStream>;
  /**
   * For who was refused a connection: waits until it is worth to ask again. While a connection cannot be made, one attempt
   * at a time is made, with back-off, whoever waits; requests fail at once meanwhile.
   *
   * @returns what came of the last attempt; undefined where nothing is known to be wrong
   */
  retry(signal: AbortSignal): Promise<TransportFault | undefined>;
  /** Tells whenever the server showed that it lives, at most once a second. `at`: ms since 1970. */
  onAlive(listener: (at: number) => void): () => void;
  readonly traffic: Traffic;
  close(): Promise<void>;
}

/** The beginning of a body that is short, such as a refusal: at most 64 KiB. The rest is not read. */
export async function readBeginning(stream: KubeStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream.chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= BEGINNING_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, BEGINNING_BYTES);
}

/** What a transport needs. */
export interface TransportParts {
  readonly clock: Clock;
}

/** Makes the transport of a cluster. Nothing is connected before the first request. */
export function openTransport(
  connection: ClusterConnection,
  credential: Credential,
  parts: TransportParts,
): ClusterTransport {
  return new KubeTransport(connection, credential, parts.clock);
}

const BEGINNING_BYTES = 64 * 1024;
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;

class KubeTransport implements ClusterTransport {
  readonly cluster: string;
  readonly #credential: Credential;
  readonly #clock: Clock;
  readonly #held: HeldConnection;
  readonly #base: string;
  readonly #place: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #impersonation: Impersonation | undefined;
  #requests = 0;

  constructor(connection: ClusterConnection, credential: Credential, clock: Clock) {
    this.cluster = connection.name;
    this.#credential = credential;
    this.#clock = clock;
    this.#held = new HeldConnection(connection, clock);
    this.#base = new URL(connection.server).pathname.replace(/\/+$/, '');
    this.#place = addressOf(connection).place;
    this.#headers = commonHeaders(connection);
    this.#impersonation = connection.impersonation;
  }

  get traffic(): Traffic {
    return { ...this.#held.bytes, requests: this.#requests };
  }

  async request(ask: KubeRequest): Promise<KubeAnswer> {
    const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = ask;
    const { status, headers, chunks } = await this.open({ ...ask, maxBytes, wholeMs: timeoutMs });
    const all: Buffer[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return { status, headers, body: Buffer.concat(all) };
  }

  async open(ask: KubeRequest): Promise<KubeStream> {
    const proof = await this.#credential.proof();
    const answer = await this.#ask(ask, proof);
    if (answer.status !== 401 || !this.#credential.refuse(proof)) return answer;
    answer.cancel();
    return this.#ask(ask, await this.#credential.proof());
  }

  retry(signal: AbortSignal): Promise<TransportFault | undefined> {
    return this.#held.retry(async () => (await this.#credential.proof()).certificate, signal);
  }

  onAlive(listener: (at: number) => void): () => void {
    return this.#held.onAlive(listener);
  }

  close(): Promise<void> {
    this.#held.close();
    return Promise.resolve();
  }

  /** Puts a request on the connection. A connection that broke off under a GET is no answer: it is asked once more. */
  async #ask(ask: KubeRequest, proof: Proof): Promise<KubeStream> {
    try {
      return await this.#attempt(ask, proof);
    } catch (thrown) {
      const isReading = (ask.method ?? 'GET') === 'GET';
      if (!isReading || faultOf(thrown)?.code !== 'ConnectionLost') throw thrown;
      return this.#attempt(ask, proof);
    }
  }

  async #attempt(ask: KubeRequest, proof: Proof): Promise<KubeStream> {
    const { signal, timeoutMs = TIMEOUT_MS, wholeMs } = ask;
    signal?.throwIfAborted();
    const controller = new AbortController();
    const limit = (ms: number): Timer => this.#clock.after(ms, () => controller.abort(this.#late(ms)));
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const whole = wholeMs === undefined ? undefined : limit(wholeMs);
    const head = limit(timeoutMs);
    const forget = (): void => {
      whole?.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    try {
      const link = await this.#held.link(proof.certificate);
      this.#requests += 1;
      const answer = await link.send({
        method: ask.method ?? 'GET',
        path: `${this.#base}${ask.path}${queryText(ask.query)}`,
        headers: this.#headersOf(ask, proof),
        ...(ask.body !== undefined && { body: typeof ask.body === 'string' ? Buffer.from(ask.body) : ask.body }),
        signal: controller.signal,
      });
      answer.body.once('close', forget);
      return this.#stream(answer, link, ask, controller);
    } catch (thrown) {
      forget();
      controller.signal.throwIfAborted();
      throw this.#error(thrown);
    } finally {
      head.cancel();
    }
  }

  #stream(answer: LinkAnswer, link: Link, ask: KubeRequest, { signal }: AbortController): KubeStream {
    const headers = plainHeaders(answer.headers);
    const chunks = new Body(answer.body, {
      isGzip: headers['content-encoding'] === 'gzip',
      maxBytes: ask.maxBytes ?? Infinity,
      fault: (kind, cause) => {
        if (signal.aborted) return signal.reason as Error;
        if (kind === 'broken') return this.#error(cause ?? new Error('it ended too early'));
        const message = `The answer to ${ask.path} is larger than ${ask.maxBytes} bytes`;
        return transportError(this.cluster, { code: 'TooLarge', message });
      },
      isWhole: answer.isWhole,
      onBytes: () => link.touch(),
      cancel: answer.cancel,
    });
    return { status: answer.status, headers, chunks, cancel: answer.cancel };
  }

  #headersOf(ask: KubeRequest, { authorization }: Proof): Record<string, string | readonly string[]> {
    return {
      ...this.#headers,
      accept: ask.accept ?? 'application/json',
      ...(ask.body !== undefined && { 'content-type': 'application/json' }),
      ...ask.headers,
      ...impersonationHeaders(ask.as ?? this.#impersonation),
      ...(authorization !== undefined && { authorization }),
    };
  }

  #late(timeoutMs: number): Error {
    const message = `${this.#place} did not answer within ${Math.round(timeoutMs / 1000)} s`;
    return transportError(this.cluster, { code: 'Timeout', message });
  }

  #error(thrown: unknown): Error {
    if (faultOf(thrown) !== undefined) return thrown as Error;
    return transportError(this.cluster, socketFault(this.#place, thrown), thrown);
  }
}

function commonHeaders(connection: ClusterConnection): Record<string, string> {
  // On this machine compressing costs more than the bytes do.
  const isPlain = connection.disableCompression || isNear(connection);
  return {
    'user-agent': `callboard/${callboardVersion()}`,
    'accept-encoding': isPlain ? 'identity' : 'gzip',
  };
}

function impersonationHeaders(impersonation: Impersonation | undefined): Record<string, string | readonly string[]> {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  const extras = Object.entries(extra).map(
    ([key, values]) => [`impersonate-extra-${headerName(key)}`, values] as const,
  );
  return {
    'impersonate-user': user,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...Object.fromEntries(extras),
  };
}

/** A key as a part of a header's name: what may not stand there is percent-encoded. */
function headerName(key: string): string {
  return encodeURIComponent(key)
    .replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))
    .toLowerCase();
}

function queryText(query: KubeRequest['query']): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

function plainHeaders(headers: LinkAnswer['headers']): AnswerHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':'))
      plain[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}
