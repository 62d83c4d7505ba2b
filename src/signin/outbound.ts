import type { Clock } from '../base/clock.ts';
import { signInError } from './errors.ts';

/** Longest answer of a provider that is read, bytes. */
const ANSWER_BYTES = 1_048_576;

/** How long a provider may take for one answer, ms. */
const ANSWER_MS = 10_000;

/** What of a request `Outbound` sends; redirects are never followed. */
export interface OutboundRequest {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: RequestInit['body'];
}

/**
 * Asks a provider: bounded in time and size, without following redirects.
 * @throws SIGN_IN_PROVIDER_AWAY where no answer came, or the provider says that it cannot answer; Error for a URL that is
 * not asked, or an answer that is too long
 */
export type Outbound = (url: string, request?: OutboundRequest) => Promise<Response>;

/** What the way to a provider is made of. */
export interface OutboundOptions {
  /** The URL that the configuration names. */
  readonly home: string;
  /** Name of the provider, for people. */
  readonly title: string;
  readonly clock: Clock;
}

/**
 * Makes the way to one provider.
 *
 * A provider’s metadata names further URLs. They are held to what the configured one is: https, unless that one is plain http
 * itself and they are of the same origin; and no bare address or local name but its own. So metadata cannot turn this
 * server against its own network.
 */
export function createOutbound({ home, title, clock }: OutboundOptions): Outbound {
  return async (url, request = {}) => {
    assertReachable(url, home);
    const abort = new AbortController();
    const timer = clock.after(ANSWER_MS, () => abort.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    try {
      const response = await send(url, request, abort.signal);
      if (response.status >= 500) throw new Error(`it answered with status ${response.status}`);
      return await read(response);
    } catch (error) {
      throw error instanceof AnswerTooLong ? error : signInError('SIGN_IN_PROVIDER_AWAY', { provider: title }, error);
    } finally {
      timer.cancel();
    }
  };
}

function send(url: string, request: OutboundRequest, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', headers = {}, body = null } = request;
  return fetch(url, { method, headers, body, redirect: 'manual', signal });
}

/**
 * Refuses a URL that a provider’s metadata should not lead to.
 *
 * @param home the URL that the configuration names
 * @throws Error that names the URL’s origin
 */
export function assertReachable(url: string, home: string): void {
  const target = URL.parse(url);
  const own = new URL(home);
  if (target !== null && target.origin === own.origin) return;
  const isWeb = target !== null && target.protocol === 'https:' && target.username === '';
  if (isWeb && (target.hostname === own.hostname || !isLocalName(target.hostname))) return;
  throw new Error(
    `${target?.origin ?? 'what is no URL'} is not asked: ${own.origin} may name only https URLs of public names`,
  );
}

/** True for addresses and for names that mean this machine or its network. */
function isLocalName(host: string): boolean {
  return (
    host.startsWith('[') ||
    /^[\d.]+$/.test(host) ||
    !host.includes('.') ||
    /\.(localhost|local|internal|home\.arpa)\.?$/.test(host)
  );
}

/** Not the network’s fault: asking again would not help. */
class AnswerTooLong extends Error {}

/** The whole answer, so that its size is known before anything reads it. */
async function read(response: Response): Promise<Response> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > ANSWER_BYTES) throw new AnswerTooLong(`the answer is longer than ${ANSWER_BYTES} bytes`);
    parts.push(bytes);
  }
  const body = parts.length === 0 ? null : Buffer.concat(parts);
  return new Response(body, { status: response.status, headers: response.headers });
}
