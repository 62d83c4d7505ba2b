import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

/** What the provider knows of a person; the login is the subject. */
export interface Account {
  readonly [claim: string]: unknown;
}

/** How the identity provider of a test is set up. */
export interface IdentityProviderOptions {
  /** Public URL of the server that people sign in to. */
  readonly baseUrl: string;
  /** Id that the server gives the provider. */
  readonly providerId?: string | undefined;
  /** By login; who is not among them cannot sign in. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** How the client says who it is. Default `client_secret_basic`. */
  readonly authentication?: 'client_secret_basic' | 'client_secret_post' | 'none' | undefined;
  /** Runs before the provider; true: the request is answered. */
  readonly before?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** An independent, certified provider of OpenID Connect on loopback. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly provider: Provider;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Every request that reached it: method and path. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts the provider with one client. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { baseUrl, providerId = 'oidc', accounts, authentication = 'client_secret_basic' } = options;
  const requests: string[] = [];
  let handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`);
    if (options.before?.(request, response) === true) return;
    handle?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const secret = { client_secret: 'a secret that only tests know' };
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'callboard',
        ...(authentication !== 'none' && secret),
        token_endpoint_auth_method: authentication,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${baseUrl}/api/auth/${providerId}/handler/frame`],
        post_logout_redirect_uris: [`${baseUrl}/sign-in`],
        backchannel_logout_uri: `${baseUrl}/api/auth/${providerId}/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of this run'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username', 'picture'],
      groups: ['groups'],
    },
    features: {
      backchannelLogout: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut },
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    findAccount: (_context, login) => {
      const account = accounts.get(login);
      return account && { accountId: login, claims: () => ({ ...account, sub: login }) };
    },
    // Its own way out refuses loopback.
    fetch: (url, init) => {
      const { method, headers, body, redirect } = init as RequestInit;
      return fetch(url, { method, headers, body, redirect } as RequestInit);
    },
  };
  const quiet = console.info;
  const loud = console.warn;
  // It praises its own set-up pages loudly, at each start.
  console.info = () => undefined;
  console.warn = () => undefined;
  const provider = new Provider(issuer, configuration);
  handle = provider.callback();
  console.info = quiet;
  console.warn = loud;
  return {
    issuer,
    provider,
    clientId: 'callboard',
    clientSecret: secret.client_secret,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const askToSignOut: NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>['logoutSource'] = (
  context,
  form,
) => {
  const button = '<button form="op.logoutForm" type="submit" name="logout" value="yes">Yes, sign me out</button>';
  context.body = `<!doctype html><title>Sign out</title>${form}${button}`;
};

/** A browser without a window: follows redirects, keeps cookies, fills in the forms of the provider. */
export class PlainBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** The `Cookie` header for a URL. */
  cookieFor(url: string): string {
    return [...(this.#cookies.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** One request, without following a redirect. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = this.cookieFor(url);
    const headers = { ...(cookie !== '' && { cookie }), ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.#keep(url, response);
    return response;
  }

  /**
   * Goes to a URL and on, through the provider's pages as `login`, until a URL fits or an answer is no redirect.
   *
   * @param until begins the URL at which it stops, unasked
   * @returns the last URL, and its answer where it was asked
   */
  async go(
    start: string,
    person: { readonly login: string; readonly consents?: boolean | undefined },
    until = 'never:',
  ): Promise<{ readonly url: string; readonly response?: Response }> {
    let url = start;
    let init: RequestInit = {};
    for (let hop = 0; hop < 25; hop += 1) {
      if (url.startsWith(until)) return { url };
      const response = await this.send(url, init);
      init = {};
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url).href;
        continue;
      }
      const page = response.headers.get('content-type')?.includes('text/html') === true ? await response.text() : '';
      const next = nextStep(page, url, person);
      if (next === undefined) return { url, response: new Response(page, response) };
      ({ url, init } = next);
    }
    throw new Error(`too many redirects, now at ${url}`);
  }

  #keep(url: string, response: Response): void {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      const isGone = attributes.some((attribute) => /^\s*(max-age=0|expires=.*1970)/i.test(attribute));
      if (isGone) jar.delete(name);
      else jar.set(name, pair.slice(at + 1));
    }
  }
}

/** The form of the provider's page, filled in; or its way out where the person does not agree. */
function nextStep(
  page: string,
  url: string,
  { login, consents = true }: { readonly login: string; readonly consents?: boolean | undefined },
): { readonly url: string; readonly init: RequestInit } | undefined {
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) return undefined;
  const isLogin = page.includes('name="login"');
  const abort = /href="([^"]*\/abort)"/.exec(page)?.[1];
  if (!isLogin && !consents && abort !== undefined) return { url: new URL(abort, url).href, init: {} };
  const body = isLogin
    ? new URLSearchParams({ prompt: 'login', login, password: 'any' })
    : new URLSearchParams({ prompt: 'consent' });
  return { url: new URL(action, url).href, init: { method: 'POST', body } };
}
