/** Who a provider says somebody is. Checked by whoever made it; never taken from the person. */
export interface Identity {
  /** Id of the provider. */
  readonly provider: string;
  /** The provider’s own name for the person, which it gives to nobody else. */
  readonly subject: string;
  /** Only an address that the provider vouches for. */
  readonly email?: string | undefined;
  /** User name at the provider. */
  readonly login?: string | undefined;
  readonly name?: string | undefined;
  /** URL of a picture. */
  readonly picture?: string | undefined;
  /** Canonical refs of groups. */
  readonly groups: readonly string[];
  /** Everything the provider said, for rules that name a claim. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What a provider hands over with an identity, for later. */
export interface ProviderGrant {
  readonly identity: Identity;
  /** The provider’s name for its session. */
  readonly session?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
}

/** A text claim within bounds, or nothing. */
export function textClaim(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = claims[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= 500 ? value : undefined;
}

/** The URL of a picture that pages may show: https, or nothing. */
export function pictureUrl(value: string | undefined): string | undefined {
  return value !== undefined && URL.parse(value)?.protocol === 'https:' ? value : undefined;
}
