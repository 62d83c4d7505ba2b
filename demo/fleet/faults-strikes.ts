import type { ApiServer } from './api-server.ts';
import { Authority, type KeyPair } from './certificates.ts';

/** What happens to a server once. */
export type Strike =
  /** All watches break. */
  | { readonly type: 'cutWatches' }
  /** All connections break. */
  | { readonly type: 'cutConnections' }
  /** Clients are asked to open other connections (GOAWAY); what is under way goes on. */
  | { readonly type: 'goAway' }
  /** The past is gone: older watches and pages expire when they go on. */
  | { readonly type: 'forgetHistory' }
  /** Away for a while; then everything is as it was. */
  | { readonly type: 'restart'; readonly downMs?: number }
  /** The same address, another cluster: new uids, new authority, resourceVersions from the start. */
  | { readonly type: 'rebuild' }
  /** Its certificate is of another authority from now on; those of clients are still believed. */
  | { readonly type: 'changeAuthority' }
  /** Tokens and client certificates that were given out so far are refused. */
  | { readonly type: 'revoke' }
  /** Namespaces come all at once. */
  | { readonly type: 'namespaces'; readonly count: number };

/** Strikes the servers of a fleet, and remembers whom each of them believes since. */
export class FleetStrikes {
  readonly #now: () => Date;
  readonly #authorities = new WeakMap<ApiServer, Authority>();
  #made = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Does it; when this resolves, it has happened. */
  async strike(server: ApiServer, strike: Strike): Promise<void> {
    switch (strike.type) {
      case 'cutWatches':
        return server.cutWatches();
      case 'cutConnections':
        return server.cutConnections();
      case 'goAway':
        return server.goAway();
      case 'forgetHistory':
        return server.cluster.store.compact();
      case 'restart':
        return server.restart(strike.downMs);
      case 'rebuild':
        server.cutWatches();
        server.cluster.store.rebuild();
        return this.#renew(server, []);
      case 'changeAuthority':
        return this.#renew(server, server.believed);
      case 'revoke': {
        server.cluster.access.tokens.clear();
        return this.#believe(server);
      }
      case 'namespaces':
        return this.#addNamespaces(server, strike.count);
    }
  }

  /** A client certificate that a server believes since it was struck. @throws Error for one that never was */
  issue(server: ApiServer, user: string, groups: readonly string[]): Promise<KeyPair> {
    const authority = this.#authorities.get(server);
    if (!authority) throw new Error('This server believes the authority of its fleet still');
    return authority.client(user, groups, this.#now());
  }

  /** @param others authorities that are believed besides the new one */
  async #renew(server: ApiServer, others: readonly string[]): Promise<void> {
    const authority = await this.#make(server);
    const identity = await authority.server(this.#now());
    server.identify(identity, authority.certificate, [authority.certificate, ...others]);
  }

  async #believe(server: ApiServer): Promise<void> {
    const authority = await this.#make(server);
    server.believe([authority.certificate]);
  }

  async #make(server: ApiServer): Promise<Authority> {
    this.#made += 1;
    const authority = await Authority.make(`callboard demo fleet ${this.#made}`, this.#now());
    this.#authorities.set(server, authority);
    return authority;
  }

  #addNamespaces({ cluster }: ApiServer, count: number): void {
    const resource = cluster.resource('', 'namespaces');
    for (let at = 0; at < count; at += 1) {
      this.#made += 1;
      const name = `struck-${this.#made}`;
      cluster.store.create(resource, {
        metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    }
  }
}
