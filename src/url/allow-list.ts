import { posix } from 'node:path';
import type { AllowedHost } from '../config/config.ts';
import type { SecretText } from '../config/secret-text.ts';

/** Longest URL that is shown in a message, in characters. */
const MAX_SHOWN = 500;

/** A URL as messages may show it: without user, password, query and fragment, where secrets stand. */
export function shownUrl(url: URL | string): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  if (parsed === null) return 'a URL that cannot be parsed';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`.slice(0, MAX_SHOWN);
}

/** True when a URL is http(s), holds no credentials, and its host and path are on the list. */
export function isOnList(url: URL, allow: readonly AllowedHost[]): boolean {
  return faultOf(url) === undefined && allow.some((entry) => isHost(url, entry.host) && isPath(url, entry.paths));
}

/** Names of this machine: what is sent there is seen by nobody on the way. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The token of the first entry that allows a URL and has one; none for a URL that others could read on the way. */
export function tokenFor(url: URL, allow: readonly AllowedHost[]): SecretText | undefined {
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname)) return undefined;
  return allow.find((entry) => entry.token !== undefined && isOnList(url, [entry]))?.token;
}

/**
 * Why a URL is not read, with what would change that; undefined for one that is.
 */
export function refusalOf(url: URL, allow: readonly AllowedHost[]): string | undefined {
  const fault = faultOf(url);
  if (fault !== undefined) return `${shownUrl(url)} is not read: ${fault}`;
  if (isOnList(url, allow)) return undefined;
  const hostIsListed = allow.some((entry) => isHost(url, entry.host));
  const missing = hostIsListed ? `the path to paths of ${url.host}` : `- host: ${url.host}`;
  return `Reading ${shownUrl(url)} is not allowed; add ${missing} in reading.allow of the configuration (backend.reading.allow of app-config.yaml)`;
}

function faultOf(url: URL): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return 'only http and https are';
  return url.username === '' && url.password === '' ? undefined : 'it holds a user name or password';
}

function isHost(url: URL, host: string): boolean {
  return host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : url.host === host;
}

/** A server may take `%2F` for a slash, so what the path comes to with and without that must both be inside. */
function isPath({ pathname }: URL, paths: readonly string[] | undefined): boolean {
  if (paths === undefined) return true;
  const decoded = decodedPath(pathname);
  return decoded !== undefined && paths.some((path) => pathname.startsWith(path) && decoded.startsWith(path));
}

function decodedPath(pathname: string): string | undefined {
  try {
    return posix.normalize(decodeURIComponent(pathname).replaceAll('\\', '/'));
  } catch (thrown) {
    // Half an escape: nobody can say where such a path leads.
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}
