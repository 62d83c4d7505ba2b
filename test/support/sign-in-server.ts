import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../src/config/config.ts';
import { noSignIn, type OidcConfig, type ProviderConfig } from '../../src/config/sign-in-config.ts';
import { oidcOf } from '../../src/config/sign-in-value.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { AuditRecord } from '../../src/store/access-records.ts';
import {
  startIdentityProvider,
  type Account,
  type IdentityProvider,
  type IdentityProviderOptions,
} from './identity-provider.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

/** A server that people sign in to at a provider of its own. */
export interface SignInServer {
  readonly server: TestServer;
  readonly idp: IdentityProvider;
  readonly baseUrl: string;
  /** Audit records of an action, newest first; those of refusals are stored a moment after the answer. */
  audit(action: string): Promise<readonly AuditRecord[]>;
  /** Has the provider end sessions of a person, as it does when they sign out there. */
  endAtProvider(subject: string, sessionId: string): Promise<void>;
  close(): Promise<void>;
}

/** How it differs from one with a provider `oidc`, whose people are found by e-mail. */
export interface SignInServerOptions extends Omit<TestServerOptions, 'config'> {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly provider?: Partial<OidcConfig> | undefined;
  /** Beside the provider `oidc`. */
  readonly providers?: ((idp: IdentityProvider) => readonly ProviderConfig[]) | undefined;
  readonly config?: Partial<Config> | undefined;
  /** Runs before the provider answers. */
  readonly before?: IdentityProviderOptions['before'];
}

/** What the provider's own types leave out. */
interface BackchannelClient {
  backchannelLogout(subject: string, sessionId: string): Promise<void>;
}

/** Starts both. The server's port is known before it listens, since the provider has to know its callback. */
export async function startSignInServer(options: SignInServerOptions): Promise<SignInServer> {
  const { accounts, provider, providers, config, before, ...rest } = options;
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const idp = await startIdentityProvider({ baseUrl, accounts, before });
  const oidc = oidcOf({
    id: 'oidc',
    title: 'The provider',
    issuer: idp.issuer,
    clientId: idp.clientId,
    clientSecret: idp.clientSecret,
    clientAuthentication: 'client_secret_basic',
    scopes: ['profile', 'email', 'groups'],
    ...provider,
  });
  const server = await startTestServer({
    ...rest,
    config: {
      baseUrl,
      listen: { host: '127.0.0.1', port },
      guests: 'never',
      signIn: { ...noSignIn, providers: [oidc, ...(providers?.(idp) ?? [])] },
      ...config,
    },
  });
  return {
    server,
    idp,
    baseUrl,
    audit: (action) => server.store.access.audit({ action }, { limit: 50 }),
    async endAtProvider(subject, sessionId) {
      const client = (await idp.provider.Client.find(idp.clientId)) as BackchannelClient | undefined;
      await client?.backchannelLogout(subject, sessionId);
    },
    async close() {
      await server.close();
      await idp.close();
    },
  };
}

/** A user of the catalog. */
export function user(name: string, email: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name },
    spec: { profile: { displayName: `The ${name}`, email }, memberOf: [] },
  };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
