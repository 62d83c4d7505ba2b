import type { AccessState } from '../../access/access-state.ts';
import { GUEST } from '../../access/authenticator.ts';
import type { Principal } from '../../access/principal.ts';
import type { Session } from '../../access/session-value.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { TokenVerifier } from '../../access/token-verifier.ts';
import { sameJson } from '../../base/canonical-json.ts';
import type { IdentityClaims, IdentityTokens } from './identity-tokens.ts';

/** People whose last session is remembered. */
const KEPT_PEOPLE = 5000;

/** What the verifier stands on. */
export interface IdentityVerifierOptions {
  readonly tokens: IdentityTokens;
  readonly sessions: Pick<Sessions, 'get' | 'list'>;
  readonly state: Pick<AccessState, 'catchUp'>;
  /** True where whoever is not signed in is the guest. */
  readonly guests: boolean;
  /** Ids of the proxies in front that say who asks. */
  readonly proxies: ReadonlySet<string>;
  /** The error for a token that does not hold. */
  invalid(reason: string): Error;
}

/** Knows identity tokens: a person's lasts as long as the session that it was made for. */
export class IdentityVerifier implements TokenVerifier {
  readonly kind = 'identity';
  readonly #options: IdentityVerifierOptions;
  /** Session by which a person’s limited tokens held last: browsers send them with many requests. */
  readonly #lastOpen = new Map<string, string>();

  constructor(options: IdentityVerifierOptions) {
    this.#options = options;
  }

  /** See `TokenVerifier`. */
  verify(token: string): undefined | Promise<Principal> {
    switch (this.#options.tokens.kindOf(token)) {
      case undefined:
        return undefined;
      case 'limited':
        throw this.#options.invalid('it is a limited token, which this route does not take');
      case 'user':
        return this.#verifyUser(token);
    }
  }

  /** A principal holds as long as its session, with the groups that it named. */
  isValid({ credential, groups }: Principal): boolean {
    if (credential?.kind !== 'identity') return false;
    const session = this.#options.sessions.get(credential.id);
    if (session === undefined) return this.#options.proxies.has(credential.id);
    return sameJson(session.groups ?? [], groups ?? []);
  }

  /**
   * Who sent a limited token. It names no session: it holds while any is open that its person had when it was made.
   * @returns undefined where it is no limited token
   * @throws TOKEN_INVALID where it does not hold
   */
  async limited(token: string): Promise<Principal | undefined> {
    const { tokens, proxies } = this.#options;
    if (tokens.kindOf(token) !== 'limited') return undefined;
    const claims = await tokens.verify(token, 'limited');
    if (claims === undefined) throw this.#options.invalid('it has run out, or it was not made here');
    if (this.#isGuest(claims)) return GUEST;
    const session = this.#openSession(claims);
    if (session !== undefined) return bearerOf(claims, session.id, session.groups);
    // Whom a proxy signs in has no session, and the token does not say whether it is one of them.
    const [proxy] = proxies;
    if (proxy === undefined) throw this.#options.invalid('its session has ended');
    return bearerOf(claims, proxy, undefined);
  }

  /** A session that the person had when a limited token was made. */
  #openSession({ ref, issuedAt }: IdentityClaims): Session | undefined {
    const { sessions } = this.#options;
    // Tokens have whole seconds.
    const fits = (session: Session): boolean => session.principal === ref && session.createdAt < issuedAt + 1000;
    const last = sessions.get(this.#lastOpen.get(ref) ?? '');
    if (last !== undefined && fits(last)) return last;
    const found = [...sessions.list()].find(fits);
    if (this.#lastOpen.size >= KEPT_PEOPLE) this.#lastOpen.clear();
    if (found !== undefined) this.#lastOpen.set(ref, found.id);
    return found;
  }

  async #verifyUser(token: string): Promise<Principal> {
    const claims = await this.#options.tokens.verify(token, 'user');
    if (claims === undefined) throw this.#options.invalid('it has run out, or it was not made here');
    const { ref, proxy } = claims;
    if (proxy !== undefined && this.#options.proxies.has(proxy.provider)) {
      return bearerOf(claims, proxy.provider, proxy.groups);
    }
    if (claims.session === undefined) {
      if (this.#isGuest(claims)) return GUEST;
      throw this.#options.invalid('guests are not let in here');
    }
    const session = await this.#sessionOf(claims.session);
    if (session?.principal !== ref) throw this.#options.invalid('its session has ended');
    return bearerOf(claims, session.id, session.groups);
  }

  /** Another server may just have begun it. */
  async #sessionOf(id: string): Promise<Session | undefined> {
    const { sessions, state } = this.#options;
    const session = sessions.get(id);
    if (session !== undefined) return session;
    await state.catchUp();
    return sessions.get(id);
  }

  #isGuest({ ref }: IdentityClaims): boolean {
    return this.#options.guests && ref === GUEST.ref;
  }
}

function bearerOf({ ref, expiresAt }: IdentityClaims, id: string, groups: readonly string[] | undefined): Principal {
  return {
    kind: 'user',
    ref,
    credential: { kind: 'identity', id },
    expiresAt,
    ...(groups !== undefined && groups.length > 0 && { groups }),
  };
}
