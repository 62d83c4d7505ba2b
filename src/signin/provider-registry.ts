import type { Logger } from 'pino';
import type { ProxyVerifier } from '../access/token-verifier.ts';
import type { SignInProvider } from '../api/session.ts';
import type { Clock } from '../base/clock.ts';
import type { ProviderConfig, SignInConfig } from '../config/sign-in-config.ts';
import type { GraphReader } from '../graph/view.ts';
import { signInError } from './errors.ts';
import { GithubProvider } from './github.ts';
import type { Identity } from './identity.ts';
import { laterProvider } from './later-provider.ts';
import type { RedirectProvider } from './provider.ts';
import { TrustedProxy } from './proxy.ts';
import { resolveIdentity, type Resolution } from './resolve.ts';
import type { Vault } from './vault.ts';

/** What providers are made of. */
export interface RegistryOptions {
  readonly config: SignInConfig;
  readonly baseUrl: string;
  readonly graph: GraphReader;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The providers of one server. */
export class ProviderRegistry {
  readonly #configs: readonly ProviderConfig[];
  readonly #redirecting = new Map<string, RedirectProvider>();
  readonly #proxies = new Map<string, TrustedProxy>();
  readonly #resolve: (identity: Identity) => Resolution;

  constructor(options: RegistryOptions) {
    const { config, graph } = options;
    this.#configs = config.providers;
    this.#resolve = (identity) => {
      const own = config.providers.find(({ id }) => id === identity.provider)?.resolvers;
      const rules = own ?? config.resolvers;
      return resolveIdentity(identity, { graph, rules, allowUnknown: config.allowUnknownUsers });
    };
    for (const provider of config.providers) this.#add(provider, options);
  }

  /** The entity that an identity stands for. */
  resolve(identity: Identity): Resolution {
    return this.#resolve(identity);
  }

  /** @throws SIGN_IN_PROVIDER_UNKNOWN */
  redirecting(id: string): RedirectProvider {
    const provider = this.#redirecting.get(id);
    if (provider === undefined) throw signInError('SIGN_IN_PROVIDER_UNKNOWN', { provider: id.slice(0, 40) });
    return provider;
  }

  /** A proxy by its id. */
  proxyOf(id: string): TrustedProxy | undefined {
    return this.#proxies.get(id);
  }

  /** What people call a provider. */
  titleOf(id: string): string {
    return this.#configs.find((provider) => provider.id === id)?.title ?? id;
  }

  /** A provider whose sessions are held against it. */
  rechecked(id: string): { readonly provider: RedirectProvider; readonly everyMs: number } | undefined {
    const provider = this.#redirecting.get(id);
    const config = this.#configs.find((candidate) => candidate.id === id);
    if (provider === undefined || config?.type !== 'oidc') return undefined;
    return { provider, everyMs: config.refreshMinutes * 60_000 };
  }

  /** All proxies as one: the first that says something counts. */
  get proxy(): ProxyVerifier | undefined {
    const proxies = [...this.#proxies.values()];
    const [first, ...others] = proxies;
    if (first === undefined || others.length === 0) return first;
    return {
      kind: 'proxy',
      isValid: (principal) => proxies.some((proxy) => proxy.isValid(principal)),
      identify(request) {
        const named = proxies.find((proxy) => proxy.speaksIn(request));
        return named?.identify(request);
      },
    };
  }

  /** As pages show them. */
  shown(guests: boolean): readonly SignInProvider[] {
    const path = (id: string): string => `/api/auth/${id}/start?flow=redirect`;
    const shown = this.#configs.map(({ id, title, type }) => ({ id, title, type, startPath: path(id) }));
    if (!guests || shown.length === 0) return shown;
    return [...shown, { id: 'guest', title: 'Guest', type: 'guest', startPath: path('guest') }];
  }

  #add(config: ProviderConfig, { baseUrl, vault, clock, log }: RegistryOptions): void {
    switch (config.type) {
      case 'oidc':
        this.#redirecting.set(
          config.id,
          laterProvider(config.id, async () => {
            const { OidcProvider } = await import('./oidc.ts');
            return new OidcProvider({ config, baseUrl, vault, clock, log });
          }),
        );
        break;
      case 'github':
        this.#redirecting.set(config.id, new GithubProvider({ config, baseUrl, vault, clock, log }));
        break;
      case 'proxy':
        this.#proxies.set(config.id, new TrustedProxy({ config, vault, clock, resolve: this.#resolve }));
    }
  }
}
