import { accessError } from './errors.ts';

/** What of a request says where it came from; header values as they were sent. */
export interface RequestOrigin {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers set and pages cannot. */
  readonly fetchSite: string | undefined;
}

/** Checks one request. @throws HOST_REFUSED, CROSS_SITE_REFUSED */
export type OriginCheck = (request: RequestOrigin) => void;

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for methods that change nothing. */
export function isReading(method: string): boolean {
  return readingMethods.has(method);
}

/** True for a host that only this machine reaches: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/**
 * Makes the check against pages of other sites.
 *
 * On loopback the `Host` header must name this machine or the base URL: a foreign name that resolves to 127.0.0.1 (DNS
 * rebinding) would otherwise let any web page read the catalog. On every address a request that may write and comes
 * from a page of another origin is refused.
 *
 * @param options where the server listens, its public URL, and other origins whose pages may write
 */
export function createOriginCheck(options: {
  readonly host: string;
  readonly baseUrl: string;
  readonly origins?: readonly string[] | undefined;
}): OriginCheck {
  const base = new URL(options.baseUrl);
  const origins = new Set([base.origin, ...(options.origins ?? [])]);
  const names = new Set(['localhost', '127.0.0.1', '[::1]', base.hostname, bracketed(options.host)]);
  const hostMatters = isLoopback(options.host);
  return (request) => {
    if (hostMatters && !names.has(hostName(request.host))) {
      throw accessError('HOST_REFUSED', { host: shown(request.host), allowed: [...names].join(', ') });
    }
    if (!isReading(request.method)) assertSameSite(request, origins);
  };
}

function assertSameSite(request: RequestOrigin, origins: ReadonlySet<string>): void {
  const { origin, fetchSite } = request;
  const foreignSite = fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
  const foreignOrigin = origin !== undefined && !origins.has(origin) && !isOwnOrigin(origin, request.host);
  if (!foreignOrigin && !(foreignSite && origin === undefined)) return;
  throw accessError('CROSS_SITE_REFUSED', { origin: shown(origin ?? 'unnamed') });
}

/** A page that this server sent has an origin whose host and port are those of the request. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

/** The host of a `Host` header, lower case, without the port; IPv6 in brackets. */
function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d*$/, '');
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** A header value in a message: bounded, printable. */
function shown(value: string | undefined): string {
  return (value ?? 'nothing').slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
