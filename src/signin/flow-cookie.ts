import { createHash } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import { signInError } from './errors.ts';
import { SpentValues } from './spent-values.ts';
import type { Vault } from './vault.ts';

/** How long somebody may take at the provider, ms. */
export const FLOW_MS = 10 * 60_000;

/** Sign-ins that one browser may have begun at once, in several tabs. */
const FLOWS_EACH = 5;

const LABEL = 'sign-in-flow';

/** What one sign-in remembers between its two halves. Encrypted in a cookie, so that no server needs to keep it. */
export const Flow = Type.Object({
  provider: Type.String(),
  state: Type.String(),
  nonce: Type.String(),
  /** PKCE verifier. */
  verifier: Type.String(),
  /** `popup`: begun by a client of Backstage, which waits for a message of the window. */
  form: Type.Union([Type.Literal('redirect'), Type.Literal('popup')]),
  /** Local path to come back to. */
  redirectPath: Type.String(),
  /** Origin of the page that opened the window. */
  origin: Type.Optional(Type.String()),
  /** ms since the epoch. */
  startedAt: Type.Integer(),
});
export type Flow = Static<typeof Flow>;

/** What flow cookies are made of. */
export interface FlowCookiesOptions {
  readonly baseUrl: string;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** The cookies of sign-ins under way: one for each, named by its state, encrypted, used once. */
export class FlowCookies {
  readonly #options: FlowCookiesOptions;
  readonly #spent: SpentValues;
  readonly #prefix: string;

  constructor(options: FlowCookiesOptions) {
    this.#options = options;
    this.#spent = new SpentValues(options.clock);
    // With `__Host-` no sibling domain can plant a sign-in of its own.
    this.#prefix = options.baseUrl.startsWith('https:') ? '__Host-callboard-flow-' : 'callboard-flow-';
  }

  /**
   * Begins a sign-in.
   * @param header the request’s `Cookie` header
   * @returns `Set-Cookie` headers: the new one, and the end of those that are too many
   */
  write(flow: Flow, header: string | undefined): readonly string[] {
    const value = this.#options.vault.encrypt(LABEL, JSON.stringify(flow));
    const others = Object.keys(parseCookie(header ?? '')).filter((name) => name.startsWith(this.#prefix));
    const surplus = others.slice(0, Math.max(0, others.length - FLOWS_EACH + 1));
    const name = this.#nameOf(flow.state);
    return [this.#cookie(name, value, FLOW_MS / 1000), ...surplus.map((old) => this.#cookie(old, '', 0))];
  }

  /**
   * Ends a sign-in: it cannot be ended again, on this server; at the provider the code cannot be used again either.
   *
   * @param provider id of the provider whose callback was asked
   * @param state as the callback has it
   * @throws SIGN_IN_EXPIRED where this browser began none with this state at this provider, or too long ago
   */
  take(provider: string, state: string | null, header: string | undefined): Flow {
    const text = state === null ? undefined : parseCookie(header ?? '')[this.#nameOf(state)];
    const flow = text === undefined ? undefined : this.#decrypt(text);
    const until = (flow?.startedAt ?? 0) + FLOW_MS;
    const holds = flow !== undefined && flow.state === state && flow.provider === provider;
    if (!holds || until <= this.#options.clock.now() || !this.#spent.spend(flow.state, until)) {
      throw signInError('SIGN_IN_EXPIRED', { provider });
    }
    return flow;
  }

  /** The `Set-Cookie` header that ends a sign-in in the browser. */
  cleared(state: string): string {
    return this.#cookie(this.#nameOf(state), '', 0);
  }

  #decrypt(text: string): Flow | undefined {
    let value: unknown;
    try {
      value = JSON.parse(this.#options.vault.decrypt(LABEL, text));
    } catch {
      // Made up, or made with keys that are gone: as good as none.
      return undefined;
    }
    return Check(Flow, value) ? value : undefined;
  }

  #nameOf(state: string): string {
    return this.#prefix + createHash('sha256').update(state).digest('base64url').slice(0, 12);
  }

  #cookie(name: string, value: string, maxAge: number): string {
    const secure = this.#options.baseUrl.startsWith('https:');
    return stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, sameSite: 'lax', secure });
  }
}
