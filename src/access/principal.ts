/** Who asks. `guest` is the only kind until sign-in exists. */
export interface Principal {
  readonly kind: 'guest' | 'user' | 'service';
  /** Canonical entity ref, e.g. `user:default/guest`. */
  readonly ref: string;
}
