import type { Flow } from './flow-cookie.ts';
import type { ProviderGrant } from './identity.ts';

/** What of a session its provider needs to hold it against itself, or to end it there. */
export interface ProviderSession {
  readonly subject: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
}

/** What a renewed session takes over. */
export interface Renewal {
  readonly refreshToken: string;
  readonly idToken?: string | undefined;
  /** Canonical refs; absent where the provider said nothing of the person this time. */
  readonly groups?: readonly string[] | undefined;
}

/** What a provider says when a session is held against it. */
export type Recheck =
  | { readonly status: 'holds'; readonly renewal: Renewal }
  /** The provider has ended it. */
  | { readonly status: 'ended'; readonly reason: string };

/** A provider that the browser is sent to and comes back from. */
export interface RedirectProvider {
  readonly id: string;
  /**
   * Where the browser goes.
   * @param secrets what has to come back with it
   * @throws SIGN_IN_PROVIDER_AWAY, SIGN_IN_PROVIDER_FAULT
   */
  authorizationUrl(secrets: Pick<Flow, 'state' | 'nonce' | 'verifier'>): Promise<string>;
  /**
   * Who came back.
   * @param callback public URL of the callback with its query
   * @throws SIGN_IN_DENIED, SIGN_IN_PROVIDER_AWAY, SIGN_IN_PROVIDER_FAULT, SIGN_IN_NOT_MEMBER
   */
  identify(callback: URL, flow: Flow): Promise<ProviderGrant>;
  /** Asks whether a session still holds there. @throws SIGN_IN_PROVIDER_AWAY, SIGN_IN_PROVIDER_FAULT */
  recheck?(session: ProviderSession): Promise<Recheck>;
  /** Tells the provider that a session has ended; returns where the browser may go to sign out there too. */
  leave?(session: ProviderSession): Promise<string | undefined>;
  /**
   * Whose sessions a logout token of the provider ends.
   * @throws LOGOUT_TOKEN_INVALID, SIGN_IN_PROVIDER_AWAY
   */
  logoutOf?(token: string): Promise<LogoutSubject>;
}

/** Whose sessions end: one session, or all of a person. */
export interface LogoutSubject {
  readonly session?: string | undefined;
  readonly subject?: string | undefined;
}
