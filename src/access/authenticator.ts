import { hash } from 'node:crypto';
import { parseCookie } from 'cookie';
import type { Clock } from '../base/clock.ts';
import { accessError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import type { AskingRequest, LimitedVerifier, ProxyVerifier, TokenVerifier } from './token-verifier.ts';
import type { Tokens } from './tokens.ts';

/** Who asks when nobody is signed in and guests are let in. */
export const GUEST: Principal = { kind: 'guest', ref: 'user:default/guest' };

/** Who asks when nobody is signed in. */
export const ANONYMOUS: Principal = { kind: 'anonymous', ref: 'anonymous' };

/** Who asks with the cookie of a session that has ended: nobody, and the browser is told to forget the cookie. */
export const SIGNED_OUT: Principal = { kind: 'anonymous', ref: 'anonymous' };

/** Who asks with the session of one who is no longer in the catalog: nobody, as long as that is so. */
export const GONE: Principal = { kind: 'anonymous', ref: 'anonymous' };

/** Answers of verifiers that are kept, and for how long at most, ms. */
const KEPT_ANSWERS = 5000;
const KEPT_MS = 5 * 60_000;

/** Longest bearer token that is looked at, characters. */
const LONGEST_TOKEN = 16_384;

const bearerForm = /^Bearer +(\S+) *$/i;

/** What the permission layer knows callers by. */
export interface AuthenticatorOptions {
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  /** Asked in order for tokens that are not Callboard's own. */
  readonly verifiers: readonly TokenVerifier[];
  readonly proxy?: ProxyVerifier | undefined;
  readonly limited?: LimitedVerifier | undefined;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
  /** Whether the catalog has a user, by canonical ref; whom it does not have is let in no more. Absent: it is not asked. */
  isKnown?(ref: string): boolean;
  readonly clock: Clock;
  /** Path or URL of the page where one signs in, and of the one where tokens are made; for messages. */
  readonly signIn: string;
  readonly tokensPage: string;
}

/** Tells who sent a request: by a bearer token, else the proxy in front, else a session's cookie, else nobody. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #unsigned: Principal;
  /** Answers of verifiers by the hash of the token. */
  readonly #answers = new Map<string, { readonly principal: Principal; readonly until: number }>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#unsigned = options.guests ? GUEST : ANONYMOUS;
  }

  /**
   * Who sent a request. A bearer token that does not hold never makes a guest of its sender.
   * @param takesLimited true where a limited token will do
   * @throws TOKEN_INVALID, also where its person is no longer in the catalog; STORE_* where the records cannot be caught up with
   */
  principalOf(request: AskingRequest, takesLimited = false): Principal | Promise<Principal> {
    const limited = takesLimited ? this.#byLimited(request) : undefined;
    if (limited !== undefined)
      return limited.then((found) => (found === undefined ? this.principalOf(request) : this.#known(found)));
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      const bearer = this.#byToken(authorization, request);
      return bearer instanceof Promise ? bearer.then((found) => this.#known(found)) : this.#known(bearer);
    }
    const { proxy } = this.#options;
    if (proxy === undefined) return cookie === undefined ? this.#unsigned : this.#byCookie(cookie);
    const named = proxy.identify(request);
    if (named instanceof Promise)
      return named.then((found) => (found === undefined ? this.#byCookie(cookie) : this.#present(found)));
    return named === undefined ? this.#byCookie(cookie) : this.#present(named);
  }

  /** Who the same proof stands for now; the same object where nothing changed, `undefined` where it no longer holds. */
  currentOf(principal: Principal): Principal | undefined {
    const { credential, expiresAt } = principal;
    if (this.#isGone(principal)) return undefined;
    const { sessions, tokens, verifiers, proxy, guests, clock } = this.#options;
    if (credential === undefined) return principal === GUEST && !guests ? undefined : principal;
    if (expiresAt !== undefined && expiresAt <= clock.now()) return undefined;
    switch (credential.kind) {
      case 'none':
        return principal;
      case 'session':
        return sessions.principalOf(credential.id);
      case 'token':
        return tokens.principalOf(credential.id);
      default: {
        const vouchers = proxy === undefined ? verifiers : [...verifiers, proxy];
        const voucher = vouchers.find(({ kind }) => kind === credential.kind);
        return voucher?.isValid?.(principal) === false ? undefined : principal;
      }
    }
  }

  #byCookie(header: string | undefined): Principal | Promise<Principal> {
    const { sessions } = this.#options;
    const value = sessions.cookie.read(header);
    if (value === undefined) return this.#unsigned;
    const found = sessions.open(value);
    const present = (principal: Principal | undefined): Principal =>
      principal === undefined ? SIGNED_OUT : this.#present(principal);
    return found instanceof Promise ? found.then(present) : present(found);
  }

  #isGone({ kind, ref }: Principal): boolean {
    return kind === 'user' && this.#options.isKnown?.(ref) === false;
  }

  #present(principal: Principal): Principal {
    return this.#isGone(principal) ? GONE : principal;
  }

  /** @throws TOKEN_INVALID for one whose person is gone */
  #known(principal: Principal): Principal {
    if (this.#isGone(principal)) throw this.#invalid(`${principal.ref} is no longer in the catalog`);
    return principal;
  }

  #byLimited({ headers }: AskingRequest): Promise<Principal | undefined> | undefined {
    const { limited } = this.#options;
    if (limited === undefined) return undefined;
    const { authorization, cookie = '' } = headers;
    const token =
      authorization === undefined ? parseCookie(cookie)[limited.cookie] : bearerForm.exec(authorization)?.[1];
    return token === undefined ? undefined : limited.limited(token);
  }

  #byToken(authorization: string, request: AskingRequest): Principal | Promise<Principal> {
    if (authorization.length > LONGEST_TOKEN) throw this.#invalid('it is too long');
    const token = bearerForm.exec(authorization)?.[1];
    if (token === undefined) throw this.#invalid('the header is not "Authorization: Bearer <token>"');
    const found = this.#options.tokens.open(token, request.ip ?? request.socket.remoteAddress);
    if (found === undefined) return this.#byVerifier(token, request);
    return found instanceof Promise ? found.then((principal) => principal ?? this.#unknown()) : found;
  }

  #byVerifier(token: string, request: AskingRequest): Principal | Promise<Principal> {
    const key = hash('sha256', token, 'base64url');
    const kept = this.#answers.get(key);
    if (kept !== undefined) {
      if (kept.until > this.#options.clock.now() && this.currentOf(kept.principal) !== undefined) return kept.principal;
      this.#answers.delete(key);
    }
    for (const [at, verifier] of this.#options.verifiers.entries()) {
      const found = verifier.verify(token, request);
      if (found instanceof Promise) return this.#awaited(found, at, key, token, request);
      if (found !== undefined) return this.#keep(key, found);
    }
    return this.#unknown();
  }

  async #awaited(
    first: Promise<Principal | undefined>,
    at: number,
    key: string,
    token: string,
    request: AskingRequest,
  ): Promise<Principal> {
    let found = await first;
    for (const verifier of this.#options.verifiers.slice(at + 1)) found ??= await verifier.verify(token, request);
    return found === undefined ? this.#unknown() : this.#keep(key, found);
  }

  #keep(key: string, principal: Principal): Principal {
    const oldest = this.#answers.size >= KEPT_ANSWERS ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
    const until = Math.min(this.#options.clock.now() + KEPT_MS, principal.expiresAt ?? Infinity);
    this.#answers.set(key, { principal, until });
    return principal;
  }

  /** @throws TOKEN_INVALID always */
  #unknown(): never {
    throw this.#invalid('no such token is known, or it has ended');
  }

  #invalid(reason: string): Error {
    const { signIn, tokensPage } = this.#options;
    return accessError('TOKEN_INVALID', { reason, signIn, tokens: tokensPage });
  }
}
