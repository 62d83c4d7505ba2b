import type { IncomingHttpHeaders } from 'node:http';
import type { Credential, Principal } from './principal.ts';

/** What of a request says who sent it; Node's `IncomingMessage` is one, and Fastify's request. */
export interface AskingRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent; those of `raw` for a request of Fastify. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly raw?: { readonly rawHeaders: readonly string[] } | undefined;
  /** Address that it came from, past the proxies whose word is believed; where it is absent, the peer’s. */
  readonly ip?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Whoever vouches for principals that the permission layer keeps no record of. */
interface Voucher {
  /** Kind of the credentials of its principals. */
  readonly kind: Credential['kind'];
  /**
   * Whether a principal that it named before still holds, beside its `expiresAt`. Asked at each use and whenever
   * something about access changed. Absent: until it expires.
   */
  isValid?(principal: Principal): boolean;
}

/** Knows bearer tokens that are not Callboard's own. */
export interface TokenVerifier extends Voucher {
  /**
   * Who sent the token; `undefined`: the token is none of its own, and the next verifier is asked. Answers are kept for
   * some minutes, while they hold. Called with at most 16 KiB.
   * @throws TOKEN_INVALID for one of its own that does not hold
   */
  verify(token: string, request: AskingRequest): Principal | undefined | Promise<Principal | undefined>;
}

/** Knows whom a trusted proxy in front of this server names. */
export interface ProxyVerifier extends Voucher {
  /**
   * Who the proxy says it is; `undefined`: it says nothing. Called for each request without a bearer token, so that
   * answers are to be kept, and the same answer is to be the same object.
   * @throws TOKEN_INVALID where what the proxy sent does not hold
   */
  identify(request: AskingRequest): Principal | undefined | Promise<Principal | undefined>;
}

/** Knows limited tokens: they open a few routes that change nothing, also as a cookie. */
export interface LimitedVerifier {
  /** Name of the cookie. */
  readonly cookie: string;
  /**
   * Who sent the token; `undefined`: it is no limited token. Answers are not kept: they hold on those routes alone.
   * @throws TOKEN_INVALID for one that does not hold
   */
  limited(token: string): Promise<Principal | undefined>;
}
