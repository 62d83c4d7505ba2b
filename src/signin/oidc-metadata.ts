import * as client from 'openid-client';
import type { Clock } from '../base/clock.ts';
import { credentialText, type Vault } from './vault.ts';
import type { OidcConfig } from '../config/sign-in-config.ts';
import { assertReachable, createOutbound, type Outbound } from './outbound.ts';

/** How long what a provider says of itself is used before it is asked again, ms. */
const KEPT_MS = 60 * 60_000;

/** Least time between two attempts at a provider that did not answer, ms. */
const RETRY_MS = 2_000;

/** URLs in the metadata that this server or the browser would go to. */
const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'end_session_endpoint',
  'revocation_endpoint',
] as const;

/** What a provider of OpenID Connect says of itself. Asked when it is first needed, so that it may be away at our start. */
export class OidcMetadata {
  readonly #config: OidcConfig;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly outbound: Outbound;
  #known: { readonly configuration: client.Configuration; readonly until: number } | undefined;
  #asking: Promise<client.Configuration> | undefined;
  #failed: { readonly error: unknown; readonly until: number } | undefined;

  constructor(config: OidcConfig, vault: Vault, clock: Clock) {
    this.#config = config;
    this.#vault = vault;
    this.#clock = clock;
    this.outbound = createOutbound({ home: config.issuer, title: config.title, clock });
  }

  /**
   * The provider as a client of it sees it. What is known stays in use while the provider does not answer.
   * @throws whatever went wrong where nothing is known yet
   */
  async configuration(): Promise<client.Configuration> {
    const now = this.#clock.now();
    if (this.#known !== undefined && this.#known.until > now) return this.#known.configuration;
    if (this.#failed !== undefined && this.#failed.until > now) {
      if (this.#known !== undefined) return this.#known.configuration;
      throw this.#failed.error;
    }
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  async #ask(): Promise<client.Configuration> {
    try {
      const configuration = await this.#discover();
      this.#known = { configuration, until: this.#clock.now() + KEPT_MS };
      this.#failed = undefined;
      return configuration;
    } catch (error) {
      this.#failed = { error, until: this.#clock.now() + RETRY_MS };
      if (this.#known !== undefined) return this.#known.configuration;
      throw error;
    } finally {
      this.#asking = undefined;
    }
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId } = this.#config;
    const fetch: client.CustomFetch = (url, { method, headers, body }) =>
      this.outbound(url, { method, headers, body: body as RequestInit['body'] });
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const options = { [client.customFetch]: fetch, execute, timeout: 15 };
    const authentication = this.#authentication();
    const configuration = await client.discovery(new URL(issuer), clientId, undefined, authentication, options);
    const metadata = configuration.serverMetadata();
    for (const endpoint of endpoints) {
      const url = metadata[endpoint];
      if (url !== undefined) assertReachable(url, issuer);
    }
    // The id token comes straight from the provider; its signature is checked all the same.
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  #authentication(): client.ClientAuth {
    const { clientSecret, clientAuthentication } = this.#config;
    if (clientSecret === undefined) return client.None();
    const secret = credentialText(clientSecret, this.#vault);
    return clientAuthentication === 'client_secret_post'
      ? client.ClientSecretPost(secret)
      : client.ClientSecretBasic(secret);
  }
}
