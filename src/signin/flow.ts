import type { Clock } from '../base/clock.ts';
import { signInError } from './errors.ts';
import type { Flow, FlowCookies } from './flow-cookie.ts';
import type { ProviderGrant } from './identity.ts';
import { localPath } from './local-path.ts';
import type { RedirectProvider } from './provider.ts';

/** What a browser asks for when it begins to sign in. */
export interface FlowRequest {
  readonly query: URLSearchParams;
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
}

/** Begins and ends the way to a provider and back. */
export class SignInFlow {
  readonly #baseUrl: string;
  readonly #cookies: FlowCookies;
  readonly #clock: Clock;

  constructor(options: { readonly baseUrl: string; readonly cookies: FlowCookies; readonly clock: Clock }) {
    this.#baseUrl = options.baseUrl;
    this.#cookies = options.cookies;
    this.#clock = options.clock;
  }

  /** What a request to begin asks for, before anything is decided. */
  wishOf(query: URLSearchParams): Pick<Flow, 'form' | 'redirectPath' | 'origin'> {
    const form = query.get('flow') === 'redirect' ? 'redirect' : 'popup';
    const redirectPath = localPath(query.get('redirectUrl') ?? undefined, this.#baseUrl);
    const origin = URL.parse(query.get('origin') ?? '')?.origin ?? new URL(this.#baseUrl).origin;
    return { form, redirectPath, ...(form === 'popup' && { origin }) };
  }

  /**
   * Begins a sign-in.
   * @returns where the browser goes, and the `Set-Cookie` headers it takes along
   * @throws SIGN_IN_PROVIDER_AWAY, SIGN_IN_PROVIDER_FAULT
   */
  async begin(
    provider: RedirectProvider,
    { query, cookie }: FlowRequest,
  ): Promise<{ readonly location: string; readonly cookies: readonly string[] }> {
    const random = (): string => Buffer.from(this.#clock.token(32), 'hex').toString('base64url');
    const secrets = { state: random(), nonce: random(), verifier: random() };
    const location = await provider.authorizationUrl(secrets);
    const flow: Flow = { provider: provider.id, ...secrets, ...this.wishOf(query), startedAt: this.#clock.now() };
    return { location, cookies: this.#cookies.write(flow, cookie) };
  }

  /**
   * Takes up a sign-in that comes back. From here on it cannot be taken up again.
   * @throws SIGN_IN_EXPIRED
   */
  resume(provider: RedirectProvider, { query, cookie }: FlowRequest): Flow {
    // Two states in one callback are nobody’s.
    const states = query.getAll('state');
    if (states.length !== 1) throw signInError('SIGN_IN_EXPIRED', { provider: provider.id });
    return this.#cookies.take(provider.id, states[0] ?? null, cookie);
  }

  /**
   * Who comes back.
   * @throws SIGN_IN_DENIED, SIGN_IN_PROVIDER_AWAY, SIGN_IN_PROVIDER_FAULT, SIGN_IN_NOT_MEMBER
   */
  identify(provider: RedirectProvider, flow: Flow, query: URLSearchParams): Promise<ProviderGrant> {
    // The public URL, whatever host the request names: the provider compares it with the registered one.
    const callback = new URL(`${this.#baseUrl}/api/auth/${provider.id}/handler/frame`);
    callback.search = query.toString();
    return provider.identify(callback, flow);
  }

  /** The `Set-Cookie` header after which the browser has forgotten the sign-in. */
  cleared({ state }: Flow): string {
    return this.#cookies.cleared(state);
  }
}
