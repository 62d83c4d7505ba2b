/**
 * The typed client of Callboard's own API, for browsers and Node. Types come from the contracts; nothing of the schemas
 * is there at run time.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://localhost:7007' });
 * const page = await client.call('GET /api/v1/entities', { query: { where: 'kind == "API"', limit: 20 } });
 * @module
 */
import type { Static, TSchema } from 'typebox';
import { createEventParser } from './api/event-parser.ts';
import type { BookmarkEvent, ChangeEvent, RelistEvent } from './api/events.ts';
import type { ProblemDetails } from './api/problem-details.ts';
import type { ApiRoutes } from './api/routes.ts';

/** A route that the client can call, e.g. `GET /api/v1/entities`. */
export type ApiRouteKey = keyof ApiRoutes;

/** Optional members may be given as undefined, so that callers can pass on what they may not have. */
type Loose<Shape> = {
  [Key in keyof Shape]: Record<never, never> extends Pick<Shape, Key> ? Shape[Key] | undefined : Shape[Key];
};

type Part<Contract, Name extends string> =
  Contract extends Readonly<Record<Name, infer Schema extends TSchema>>
    ? Record<never, never> extends Static<Schema>
      ? { readonly [Key in Name]?: Loose<Static<Schema>> | undefined }
      : { readonly [Key in Name]: Loose<Static<Schema>> }
    : Record<never, never>;

type OptionsOf<Contract> = Part<Contract, 'params'> &
  Part<Contract, 'query'> &
  Part<Contract, 'body'> & { readonly signal?: AbortSignal | undefined };

/**
 * What a call takes: `params`, `query` and `body` as the contract says, and a signal to give up. It is worked out route by route: the
 * parts of all routes joined with one another would be more types than the compiler takes.
 */
export type CallOptions<Key extends ApiRouteKey> = Key extends unknown ? OptionsOf<ApiRoutes[Key]> : never;

/** What a route answers. */
export type Answer<Key extends ApiRouteKey> = ApiRoutes[Key] extends { readonly response: infer Schema extends TSchema }
  ? Static<Schema>
  : string;

type CallArguments<Key extends ApiRouteKey> =
  Record<never, never> extends CallOptions<Key> ? [options?: CallOptions<Key>] : [options: CallOptions<Key>];

/** A call that did not end well. `status` 0: no answer came. */
export class ClientError extends Error {
  /**
   * Stable machine word: the server's, or `NO_ANSWER`, `SILENCE` (the stream broke unseen), `SIGNED_OUT` (the stream ended
   * with the sign-in or token that opened it), `ANSWER_UNREADABLE`.
   */
  readonly code: string;
  readonly status: number;
  /** The server's own words, where it sent any. */
  readonly problem: ProblemDetails | undefined;

  constructor(code: string, status: number, message: string, problem?: ProblemDetails, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ClientError';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

/** What the event stream tells. `lost`: the connection broke and is tried again after `retryMs`. */
export type ClientEvent =
  | { readonly type: 'open' }
  | { readonly type: 'change'; readonly data: ChangeEvent }
  | { readonly type: 'bookmark'; readonly data: BookmarkEvent }
  | { readonly type: 'relist'; readonly data: RelistEvent }
  | { readonly type: 'lost'; readonly error: ClientError; readonly retryMs: number };

/** How to follow the event stream. */
export interface EventOptions {
  /** CEL condition. */
  readonly where?: string | undefined;
  /** Resume after this revision. */
  readonly after?: number | undefined;
  readonly signal: AbortSignal;
  /** First wait before a new try, doubled up to 30 s while the server stays away. Default 500. */
  readonly retryMs?: number | undefined;
  /** Silence after which the connection counts as broken. Default 45,000 (the server speaks every 15 s). */
  readonly silenceMs?: number | undefined;
}

/** Where and as whom to call. */
export interface ClientOptions {
  /** Origin of the server with an optional path; empty for the page's own origin. */
  readonly baseUrl: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** A client of one server. */
export interface Client {
  /**
   * Calls one route.
   * @throws ClientError
   */
  call<Key extends ApiRouteKey>(route: Key, ...options: CallArguments<Key>): Promise<Answer<Key>>;
  /**
   * Calls a route that answers a text, and gives it piece by piece as it comes.
   * @throws ClientError
   */
  text<Key extends ApiRouteKey>(route: Key, ...options: CallArguments<Key>): AsyncGenerator<string, void, undefined>;
  /**
   * Follows the event stream, across lost connections, from where it stopped; ends when the signal aborts.
   * @throws ClientError when the server refuses the question (4xx), and when the sign-in or token ends meanwhile
   */
  events(options: EventOptions): AsyncGenerator<ClientEvent, void, undefined>;
}

const MAX_RETRY_MS = 30_000;

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const headers: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };

  async function request(url: string, init: CallInit): Promise<Response> {
    let response: Response;
    try {
      response = await send(base + url, { ...init, headers: { ...headers, ...init.headers } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ClientError('NO_ANSWER', 0, `No answer from ${base || 'the server'}`, undefined, error);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  const callRoute = (route: string, call: AnyCall, accept: string): Promise<Response> =>
    request(...requestOf(route, call, accept));

  async function* connection(follow: EventOptions, state: StreamState): AsyncGenerator<ClientEvent, void, undefined> {
    const silence = new AbortController();
    const watchdog = new Watchdog(follow.silenceMs ?? 45_000, silence);
    try {
      const response = await request(eventUrl(follow, state), {
        headers: {
          accept: 'text/event-stream',
          ...(state.lastId === undefined ? {} : { 'last-event-id': state.lastId }),
        },
        signal: AbortSignal.any([follow.signal, silence.signal]),
      });
      yield { type: 'open' };
      state.failures = 0;
      const parser = createEventParser(state.lastId);
      const decoder = new TextDecoder();
      for await (const chunk of chunksOf(response)) {
        watchdog.heard();
        const { events, retryMs } = parser.push(decoder.decode(chunk, { stream: true }));
        state.retryMs = retryMs ?? state.retryMs;
        for (const { event, data, id } of events) {
          state.lastId = id;
          if (event === 'ended') throw new ClientError('SIGNED_OUT', 401, 'The sign-in or token has ended');
          if (event === 'change' || event === 'bookmark' || event === 'relist')
            yield { type: event, data: JSON.parse(data) } as ClientEvent;
        }
      }
    } finally {
      watchdog.stop();
      silence.abort();
    }
  }

  return {
    call: async (route, ...[given]) =>
      (await answerOf(await callRoute(route, given ?? {}, 'application/json'))) as Answer<typeof route>,

    async *text(route, ...[given]) {
      yield* textOf(await callRoute(route, given ?? {}, '*/*'));
    },

    async *events(follow) {
      const state: StreamState = { lastId: undefined, retryMs: follow.retryMs ?? 500, failures: 0 };
      while (!follow.signal.aborted) {
        let error: ClientError;
        try {
          yield* connection(follow, state);
          error = new ClientError('NO_ANSWER', 0, 'The event stream ended');
        } catch (thrown) {
          if (follow.signal.aborted) return;
          error = streamError(thrown);
          if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
        }
        if (follow.signal.aborted) return;
        const retryMs =
          Math.min(MAX_RETRY_MS, state.retryMs * 2 ** Math.min(state.failures++, 10)) * (0.5 + Math.random() / 2);
        yield { type: 'lost', error, retryMs };
        await pause(retryMs, follow.signal);
      }
    },
  };
}

/** A call without its types. */
interface AnyCall {
  readonly params?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

interface CallInit extends RequestInit {
  headers: Readonly<Record<string, string>>;
}

interface StreamState {
  lastId: string | undefined;
  retryMs: number;
  failures: number;
}

/** Ends a connection on which nothing was heard for too long. */
class Watchdog {
  readonly #silenceMs: number;
  readonly #controller: AbortController;
  #timer: ReturnType<typeof setTimeout>;

  constructor(silenceMs: number, controller: AbortController) {
    this.#silenceMs = silenceMs;
    this.#controller = controller;
    this.#timer = this.#start();
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(
      () => this.#controller.abort(new ClientError('SILENCE', 0, 'Nothing was heard on the event stream')),
      this.#silenceMs,
    );
  }
}

function streamError(thrown: unknown): ClientError {
  return thrown instanceof ClientError
    ? thrown
    : new ClientError('NO_ANSWER', 0, 'The event stream broke', undefined, thrown);
}

async function answerOf(response: Response): Promise<unknown> {
  return response.status === 204 ? '' : readJson(response);
}

async function* textOf(response: Response): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of chunksOf(response)) yield decoder.decode(chunk, { stream: true });
}

function requestOf(route: string, call: AnyCall, accept: string): [url: string, init: CallInit] {
  const [method, path] = splitKey(route);
  const hasBody = call.body !== undefined;
  const init = {
    method,
    headers: { accept, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  };
  return [fillPath(path, call.params) + queryString(call.query), init];
}

/** The chunks of a body; read by hand since not every browser can iterate over a stream. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.releaseLock();
  }
}

function eventUrl(follow: EventOptions, state: StreamState): string {
  const after = state.lastId === undefined ? follow.after : undefined;
  return `/api/v1/events${queryString({ where: follow.where, after })}`;
}

function splitKey(route: string): readonly [method: string, path: string] {
  const space = route.indexOf(' ');
  return [route.slice(0, space), route.slice(space + 1)];
}

function fillPath(path: string, params: object = {}): string {
  const values = new Map<string, unknown>(Object.entries(params));
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function queryString(query: object = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) search.append(name, String(item));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new ClientError('ANSWER_UNREADABLE', response.status, 'The answer is not JSON', undefined, error);
  }
}

/** The error of an answer: the server's problem where it sent one, else its status. */
async function errorOf(response: Response): Promise<ClientError> {
  const fallback = new ClientError(
    'ANSWER_UNREADABLE',
    response.status,
    `${response.status} ${response.statusText}`.trim(),
  );
  if (!response.headers.get('content-type')?.includes('json')) {
    await response.body?.cancel();
    return fallback;
  }
  const problem = (await readJson(response).catch(() => undefined)) as Partial<ProblemDetails> | undefined;
  if (typeof problem?.code !== 'string' || typeof problem.detail !== 'string') return fallback;
  return new ClientError(problem.code, response.status, problem.detail, problem as ProblemDetails);
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
