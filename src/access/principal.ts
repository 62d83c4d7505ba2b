/** How a principal proved who it is. */
export type Credential =
  | { readonly kind: 'none' }
  /** A browser's cookie. `id` names the session and is no secret. */
  | { readonly kind: 'session'; readonly id: string; readonly provider: string }
  /** A token of Callboard. `id` names it and is no secret. */
  | { readonly kind: 'token'; readonly id: string }
  /** An identity token in Backstage's form, made for a session. */
  | { readonly kind: 'identity'; readonly id: string }
  /** What the configuration names for callers of Backstage's kind. */
  | { readonly kind: 'external'; readonly subject: string }
  /** A trusted proxy in front of this server. */
  | { readonly kind: 'proxy'; readonly provider: string };

/**
 * Who asks. Immutable: the same proof gives the same object until something about it changes, so that decisions can be
 * kept beside it.
 */
export interface Principal {
  /** `anonymous`: nobody is signed in, and guests are not let in; may do nothing but what is public. */
  readonly kind: 'anonymous' | 'guest' | 'user' | 'service';
  /** Canonical entity ref, e.g. `user:default/guest`; `service:default/<name>`; `external:<subject>`. */
  readonly ref: string;
  /** Canonical refs of groups that its sign-in provider says it is in, beside those of the catalog. */
  readonly groups?: readonly string[] | undefined;
  /** Patterns of permissions that its token is limited to; absent: all that it may do. */
  readonly scopes?: readonly string[] | undefined;
  /** Absent for guests. */
  readonly credential?: Credential | undefined;
  /** Ends by itself then, ms since the epoch. */
  readonly expiresAt?: number | undefined;
}
