import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { callboardVersion } from '../base/version.ts';
import type { AllowedHost } from '../config/config.ts';
import type { SecretText } from '../config/secret-text.ts';
import { isOnList, refusalOf, shownUrl, tokenFor } from './allow-list.ts';
import { acceptedCodings } from './body.ts';
import { HostSlots } from './host-slots.ts';
import { HttpGetter, NoAnswer, reasonOf, type HttpAnswer } from './http-get.ts';

/** Bounds of reading one URL. */
export interface UrlLimits {
  /** From the start of a request until its headers are there, ms. */
  readonly headersMs: number;
  /** All of it, redirects included, ms. */
  readonly totalMs: number;
  /** Most bytes of a body, before and after decoding. */
  readonly bodyBytes: number;
  readonly redirects: number;
  /** Reads at a time, over all hosts; the others wait, which costs them no time. */
  readonly requests: number;
  /** The same of one host, so that a slow one leaves room for the others. */
  readonly requestsPerHost: number;
}

/** The bounds where none are given. */
export const defaultUrlLimits: UrlLimits = {
  headersMs: 10_000,
  totalMs: 30_000,
  bodyBytes: 8 * 1024 * 1024,
  redirects: 5,
  requests: 64,
  requestsPerHost: 8,
};

/** A server that asks for patience gets no more than this, ms. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** A date has whole seconds: what was changed so shortly before it was sent may have been changed again, ms. */
const YOUNG_MS = 2_000;

/** What tells whether what a URL holds is still the same. */
export interface UrlVersion {
  /** Where it was read in the end, after redirects. */
  readonly url: string;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** What came of reading a URL. Messages show no user, password or query. */
export type UrlResult =
  | { readonly status: 'read'; readonly bytes: Buffer; readonly version: UrlVersion; readonly contentType: string }
  /** It is what `known` says. */
  | { readonly status: 'unchanged' }
  /** The server says that there is nothing. */
  | { readonly status: 'missing'; readonly message: string }
  /** It is not read: the configuration does not allow it, or it is no http(s) URL. The message says what would help. */
  | { readonly status: 'refused'; readonly message: string }
  | {
      readonly status: 'failed';
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
      /** True where the server could not be reached or did not answer at all. */
      readonly isSilent?: boolean | undefined;
    };

/** How one URL is read. */
export interface UrlReadOptions {
  /** What was read before: it is asked whether that has changed. */
  readonly known?: UrlVersion | undefined;
  readonly signal: AbortSignal;
}

/** Reads http(s) URLs that the configuration allows. */
export interface UrlReader {
  /** Everything that can go wrong is a result. @throws the signal's reason */
  read(url: string, options: UrlReadOptions): Promise<UrlResult>;
  /** True when reading the URL itself is allowed; a redirect may still lead where it is not. */
  isAllowed(url: string): boolean;
}

/** What a reader is made of. */
export interface UrlReaderOptions {
  readonly allow: readonly AllowedHost[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<UrlLimits> | undefined;
  /** Reads the tokens of `allow`; absent: none is sent. */
  readonly textOf?: ((credential: SecretText) => string) | undefined;
}

/** Makes a reader. Nothing has to be closed: idle connections end by themselves and keep no process alive. */
export function createUrlReader(options: UrlReaderOptions): UrlReader {
  return new HttpUrlReader(options, { ...defaultUrlLimits, ...options.limits });
}

class HttpUrlReader implements UrlReader {
  readonly #allow: readonly AllowedHost[];
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #limits: UrlLimits;
  readonly #textOf: UrlReaderOptions['textOf'];
  readonly #getter: HttpGetter;
  readonly #slots: HostSlots;
  readonly #agentName = `callboard/${callboardVersion()}`;

  constructor({ allow, clock, log, textOf }: UrlReaderOptions, limits: UrlLimits) {
    this.#textOf = textOf;
    this.#allow = allow;
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#getter = new HttpGetter(clock, limits);
    this.#slots = new HostSlots(limits.requests, limits.requestsPerHost);
  }

  isAllowed(url: string): boolean {
    const parsed = URL.parse(url);
    return parsed !== null && isOnList(parsed, this.#allow);
  }

  async read(url: string, { known, signal }: UrlReadOptions): Promise<UrlResult> {
    const parsed = URL.parse(url);
    if (parsed === null) return { status: 'refused', message: 'This is no URL' };
    const slot = await this.#slots.take(parsed.host, signal);
    const startedAt = this.#clock.monotonic();
    // One controller a read: AbortSignal.any keeps every signal that it made for as long as the caller's lives.
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort);
    const { totalMs } = this.#limits;
    const timer = this.#clock.after(totalMs, () =>
      stop.abort(new Error(`it takes more than ${totalMs / 1000} seconds`)),
    );
    try {
      signal.throwIfAborted();
      const result = await this.#follow(parsed, known, stop);
      const elapsedMs = Math.round(this.#clock.monotonic() - startedAt);
      this.#log.debug({ url: shownUrl(parsed), status: result.status, elapsedMs }, 'URL read');
      return result;
    } catch (thrown) {
      signal.throwIfAborted();
      return { ...failed(parsed, reasonOf(thrown)), ...(thrown instanceof NoAnswer && { isSilent: true }) };
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      slot.release();
    }
  }

  async #follow(start: URL, known: UrlVersion | undefined, stop: AbortController): Promise<UrlResult> {
    let url = start;
    for (let hops = 0; hops <= this.#limits.redirects; hops += 1) {
      const refusal = refusalOf(url, this.#allow);
      if (refusal !== undefined) return { status: 'refused', message: viaRedirect(start, url) + refusal };
      const answer = await this.#getter.get(url, this.#headers(url, known), stop);
      const next = redirectOf(url, answer);
      if (next === undefined) return this.#judge(start, url, answer, known);
      if (next === null) return failed(start, 'it redirects to nowhere');
      if (url.protocol === 'https:' && next.protocol === 'http:') {
        return failed(start, 'it redirects from https to http');
      }
      url = next;
    }
    return failed(start, `it redirects more than ${this.#limits.redirects} times`);
  }

  #headers(url: URL, known: UrlVersion | undefined): Readonly<Record<string, string>> {
    const isKnown = known?.url === url.href;
    const token = this.#tokenFor(url);
    return {
      'user-agent': this.#agentName,
      accept: '*/*',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'accept-encoding': acceptedCodings,
      ...(isKnown && known.etag !== undefined && { 'if-none-match': known.etag }),
      ...(isKnown && known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
    };
  }

  /** Each hop of a redirect is looked at by itself: a token goes nowhere but where its entry says. */
  #tokenFor(url: URL): string | undefined {
    const token = this.#textOf === undefined ? undefined : tokenFor(url, this.#allow);
    return token === undefined ? undefined : this.#textOf?.(token);
  }

  #judge(start: URL, url: URL, { status, headers, body }: HttpAnswer, known: UrlVersion | undefined): UrlResult {
    if (status === 200) {
      const version = { url: url.href, ...validatorsOf(headers) };
      return { status: 'read', bytes: body, version, contentType: headers['content-type'] ?? '' };
    }
    const answers = `it answers ${status}`;
    if (status === 304 && known?.url === url.href) return { status: 'unchanged' };
    if (status === 404 || status === 410) {
      return { status: 'missing', message: `There is nothing at ${shownUrl(start)}: ${answers}` };
    }
    const retryAfterMs = this.#retryAfterMs(headers['retry-after']);
    const isDenied = status === 401 || status === 403;
    const hint =
      this.#textOf !== undefined && tokenFor(url, this.#allow) !== undefined
        ? 'the token of its entry in reading.allow does not open it'
        : 'no credentials are sent, so the URL must be readable without, or its entry in reading.allow needs a token';
    const reason = isDenied ? `${answers}; ${hint}` : answers;
    return { ...failed(start, reason), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  /** `Retry-After` is a number of seconds or a date. */
  #retryAfterMs(written: string | undefined): number | undefined {
    if (written === undefined) return undefined;
    const waitMs = /^\d{1,9}$/.test(written) ? Number(written) * 1000 : Date.parse(written) - this.#clock.now();
    return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
  }
}

function failed(start: URL, reason: string): UrlResult & { readonly status: 'failed' } {
  return { status: 'failed', message: `${shownUrl(start)} cannot be read: ${reason}` };
}

function viaRedirect(start: URL, url: URL): string {
  return url === start ? '' : `${shownUrl(start)} redirects. `;
}

/** Where an answer redirects to; `null`: to what is no URL; `undefined`: it does not. */
function redirectOf(url: URL, { status, headers }: HttpAnswer): URL | null | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  return headers.location === undefined ? null : URL.parse(headers.location, url.href);
}

function validatorsOf({
  etag,
  date,
  'last-modified': lastModified,
}: HttpAnswer['headers']): Pick<UrlVersion, 'etag' | 'lastModified'> {
  if (etag !== undefined) return { etag };
  const ageMs = Date.parse(date ?? '') - Date.parse(lastModified ?? '');
  return lastModified !== undefined && ageMs >= YOUNG_MS ? { lastModified } : {};
}
