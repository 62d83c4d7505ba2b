import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { GithubConfig } from '../config/sign-in-config.ts';
import { signInError } from './errors.ts';
import type { Flow } from './flow-cookie.ts';
import { groupRefs } from './group-claims.ts';
import { pictureUrl, textClaim, type ProviderGrant } from './identity.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import type { RedirectProvider } from './provider.ts';
import { credentialText, type Vault } from './vault.ts';

/** What the provider is made of. */
export interface GithubOptions {
  readonly config: GithubConfig;
  readonly baseUrl: string;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Entries asked for at once, and pages at most. */
const PAGE = 100;
const MOST_PAGES = 5;

type Item = Readonly<Record<string, unknown>>;

/**
 * GitHub as an OAuth app sees it (docs.github.com, "Authorizing OAuth apps" and the REST API 2022-11-28). It has no id
 * tokens: who somebody is, its API says.
 */
export class GithubProvider implements RedirectProvider {
  readonly id: string;
  readonly #options: GithubOptions;
  readonly #api: string;
  readonly #outbound: Outbound;
  readonly #apiOutbound: Outbound;

  constructor(options: GithubOptions) {
    const { config, clock } = options;
    this.#options = options;
    this.id = config.id;
    this.#api = apiOf(config.url);
    this.#outbound = createOutbound({ home: config.url, title: config.title, clock });
    this.#apiOutbound = createOutbound({ home: this.#api, title: config.title, clock });
  }

  authorizationUrl({ state, verifier }: Pick<Flow, 'state' | 'nonce' | 'verifier'>): Promise<string> {
    const { config } = this.#options;
    const url = new URL(`${config.url}/login/oauth/authorize`);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const parameters = {
      client_id: config.clientId,
      redirect_uri: this.#callbackUrl,
      scope: config.scopes.join(' '),
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return Promise.resolve(url.href);
  }

  async identify(callback: URL, flow: Flow): Promise<ProviderGrant> {
    const { config, log } = this.#options;
    const refusal = callback.searchParams.get('error');
    if (refusal === 'access_denied') throw signInError('SIGN_IN_DENIED', { provider: config.title });
    try {
      const token = await this.#exchange(callback.searchParams.get('code') ?? '', flow.verifier);
      return await this.#grantOf(token);
    } catch (error) {
      if (error instanceof CallboardError && error.code === 'SIGN_IN_NOT_MEMBER') throw error;
      const reason = errorMessage(error).slice(0, 500);
      log.warn({ provider: this.id, reason }, 'sign-in provider gave an answer that is not accepted');
      if (error instanceof CallboardError) throw error;
      throw signInError('SIGN_IN_PROVIDER_FAULT', { provider: config.title }, error);
    }
  }

  get #callbackUrl(): string {
    return `${this.#options.baseUrl}/api/auth/${this.id}/handler/frame`;
  }

  /** Answers errors with status 200 too. */
  async #exchange(code: string, verifier: string): Promise<string> {
    const { config, vault } = this.#options;
    const body = new URLSearchParams({
      client_id: config.clientId,
      client_secret: credentialText(config.clientSecret, vault),
      code,
      redirect_uri: this.#callbackUrl,
      code_verifier: verifier,
    });
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const url = `${config.url}/login/oauth/access_token`;
    const response = await this.#outbound(url, { method: 'POST', headers, body: body.toString() });
    const answer = (await response.json()) as Item;
    const token = answer['access_token'];
    if (typeof token !== 'string' || !response.ok)
      throw new Error(`no token: ${textClaim(answer, 'error') ?? response.status}`);
    return token;
  }

  async #grantOf(token: string): Promise<ProviderGrant> {
    const { config } = this.#options;
    const user = (await this.#ask('/user', token)) as Item;
    const subject = textClaim(user, 'id');
    const login = textClaim(user, 'login');
    if (subject === undefined || login === undefined) throw new Error('the account has no id or no login');
    const groups = config.organizations === undefined ? [] : await this.#groups(token, config.organizations);
    const identity = {
      provider: this.id,
      subject,
      login,
      email: await this.#primaryEmail(token),
      name: textClaim(user, 'name'),
      picture: pictureUrl(textClaim(user, 'avatar_url')),
      groups: groupRefs(groups, config.groups),
      claims: { sub: subject, login },
    };
    return { identity };
  }

  /** The public address of a profile may be anybody’s; only the primary one that GitHub verified counts. */
  async #primaryEmail(token: string): Promise<string | undefined> {
    if (!this.#options.config.scopes.some((scope) => scope === 'user:email' || scope === 'user')) return undefined;
    const emails = await this.#list('/user/emails', token, 1);
    const primary = emails.find((email) => email['primary'] === true && email['verified'] === true);
    return primary === undefined ? undefined : textClaim(primary, 'email');
  }

  /**
   * Names of the organizations that count and of their teams. Others do not: everybody may make an organization that is
   * called like a group here.
   * @throws SIGN_IN_NOT_MEMBER
   */
  async #groups(token: string, allowed: readonly string[]): Promise<readonly string[]> {
    const isAllowed = (name: string | undefined): name is string => name !== undefined && allowed.includes(name);
    const organizations = (await this.#list('/user/orgs', token, MOST_PAGES)).map(loginOf).filter(isAllowed);
    if (organizations.length === 0) throw signInError('SIGN_IN_NOT_MEMBER', { provider: this.#options.config.title });
    const teams = await this.#list('/user/teams', token, MOST_PAGES);
    const names = teams.map((team) => {
      const organization = loginOf(team['organization']);
      const slug = textClaim(team, 'slug');
      if (slug === undefined || !isAllowed(organization)) return [];
      // Teams of several organizations may share a name.
      return [allowed.length === 1 ? slug : `${organization}.${slug}`];
    });
    return [...organizations, ...names.flat()];
  }

  async #list(path: string, token: string, pages: number): Promise<readonly Item[]> {
    const found: Item[] = [];
    for (let page = 1; page <= pages; page += 1) {
      const items = await this.#ask(`${path}?per_page=${PAGE}&page=${page}`, token);
      if (!Array.isArray(items)) throw new Error(`${path} is no list`);
      found.push(...(items as readonly Item[]));
      if (items.length < PAGE) break;
    }
    return found;
  }

  async #ask(path: string, token: string): Promise<unknown> {
    const response = await this.#apiOutbound(`${this.#api}${path}`, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'callboard',
        'x-github-api-version': '2022-11-28',
      },
    });
    if (!response.ok) throw new Error(`${path.split('?')[0] ?? ''} answered with status ${response.status}`);
    return response.json();
  }
}

/** Where the REST API is: of GitHub itself, of tenants with data residency, of Enterprise servers. */
function apiOf(url: string): string {
  const { protocol, host } = new URL(url);
  if (host === 'github.com' || host.endsWith('.ghe.com')) return `${protocol}//api.${host}`;
  return `${protocol}//${host}/api/v3`;
}

/** The lower-case login of an organization. */
function loginOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? textClaim(value as Item, 'login')?.toLowerCase() : undefined;
}
