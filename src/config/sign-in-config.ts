import type { SecretText } from './secret-text.ts';

/** How an identity becomes a User entity. The first rule that finds exactly one wins. */
export interface ResolverConfig {
  /**
   * `email`: the profile’s e-mail address; `emailLocalPart`: what stands before the @ is the entity’s name; `login`: the
   * provider’s user name is the entity’s name; `annotation`: an annotation of the entity holds what `claim` says; `ref`:
   * `claim` holds the entity’s ref or name.
   */
  readonly by: (typeof resolverRules)[number];
  /** For `annotation`: its key. */
  readonly annotation?: string | undefined;
  /** For `annotation` and `ref`: the claim, or `login`, `email`, `subject`. Default `subject`. */
  readonly claim?: string | undefined;
  /** For rules over e-mail addresses: lower-case domains, others do not count. */
  readonly allowedDomains?: readonly string[] | undefined;
  /** Namespace of the entity where the identity holds only a name. Default `default`. */
  readonly namespace?: string | undefined;
}

/** The ways to find the entity of an identity. */
export const resolverRules = ['email', 'emailLocalPart', 'login', 'annotation', 'ref'] as const;

/** What all providers have. */
interface ProviderBase {
  /** One lower-case word; stands in the callback’s URL. */
  readonly id: string;
  readonly title: string;
  /** Rules of this provider alone; absent: `signIn.resolvers`. */
  readonly resolvers?: readonly ResolverConfig[] | undefined;
}

/** How a provider’s groups become refs. */
export interface GroupRule {
  readonly namespace: string;
  /** Taken away where a group’s name begins so. */
  readonly strip?: string | undefined;
}

/** A provider that speaks OpenID Connect. */
export interface OidcConfig extends ProviderBase {
  readonly type: 'oidc';
  /** Issuer: discovery starts from it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, with PKCE alone. */
  readonly clientSecret?: SecretText | undefined;
  readonly clientAuthentication: (typeof clientAuthentications)[number];
  readonly scopes: readonly string[];
  readonly prompt?: string | undefined;
  /** True: an e-mail address counts although the provider does not say that it verified it. */
  readonly trustEmail: boolean;
  /** Claim with the user name. Default `preferred_username`. */
  readonly loginClaim: string;
  readonly groupsClaim?: string | undefined;
  readonly groups: GroupRule;
  /** How often a session is held against the provider while it is used, minutes. */
  readonly refreshMinutes: number;
  /** True: signing out here signs out there too. */
  readonly endProviderSession: boolean;
}

/** How a client tells the token endpoint who it is. */
export const clientAuthentications = ['client_secret_basic', 'client_secret_post', 'none'] as const;

/** GitHub, or a GitHub Enterprise Server. */
export interface GithubConfig extends ProviderBase {
  readonly type: 'github';
  /** `https://github.com` or the address of an Enterprise server. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: SecretText;
  readonly scopes: readonly string[];
  /** Lower-case names; only their members are let in. Absent: everybody whom a rule resolves. */
  readonly organizations?: readonly string[] | undefined;
  readonly groups: GroupRule;
}

/** A proxy in front that has signed the person in. At least one of `jwt`, `secret` and `peers` is there. */
export interface ProxyConfig extends ProviderBase {
  readonly type: 'proxy';
  /** Lower-case names of the headers that say who it is; with `jwt` the token says it. */
  readonly headers: {
    readonly user: string;
    readonly email?: string | undefined;
    readonly name?: string | undefined;
    readonly groups?: string | undefined;
  };
  readonly jwt?: ProxyJwtConfig | undefined;
  readonly secret?: { readonly header: string; readonly value: SecretText } | undefined;
  /** Addresses and ranges (CIDR) that the proxy connects from. */
  readonly peers?: readonly string[] | undefined;
  readonly groupsClaim?: string | undefined;
  readonly groups: GroupRule;
}

/** The token by which a proxy proves who it is and who the person is. */
export interface ProxyJwtConfig {
  /** Lower-case name of the header. */
  readonly header: string;
  /** URL of the key set; with `{kid}` in it, of one key as PEM (AWS). */
  readonly keys: string;
  readonly issuer: string;
  /** Absent only where `signer` stands in for it. */
  readonly audience?: string | undefined;
  /** ARN of the load balancer, as AWS puts it into the token’s header. */
  readonly signer?: string | undefined;
}

/** A way to sign in. */
export type ProviderConfig = OidcConfig | GithubConfig | ProxyConfig;

/** How people sign in. */
export interface SignInConfig {
  readonly providers: readonly ProviderConfig[];
  readonly resolvers: readonly ResolverConfig[];
  /** True: one who has no User entity is let in, under a ref in the provider’s own namespace. */
  readonly allowUnknownUsers: boolean;
  readonly sessions: { readonly idleHours: number; readonly maxHours: number };
}

/** Nobody signs in. */
export const noSignIn: SignInConfig = {
  providers: [],
  resolvers: [{ by: 'email' }],
  allowUnknownUsers: false,
  sessions: { idleHours: 12, maxHours: 168 },
};
