import { createHash } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import type { AskingRequest, ProxyVerifier } from '../access/token-verifier.ts';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { RecentMap } from '../base/recent-map.ts';
import type { ProxyConfig } from '../config/sign-in-config.ts';
import { signInError } from './errors.ts';
import { groupRefs } from './group-claims.ts';
import { pictureUrl, textClaim, type Identity } from './identity.ts';
import { headerOf, ProxyProof } from './proxy-proof.ts';
import type { ProxyTokens } from './proxy-token.ts';
import type { Resolution } from './resolve.ts';
import type { Vault } from './vault.ts';

/** People whose answers are kept. */
const KEPT_PEOPLE = 5_000;

/** How long an answer is kept: so soon a changed catalog counts, ms. */
const KEPT_MS = 30_000;

/** What a trusted proxy is made of. */
export interface ProxyOptions {
  readonly config: ProxyConfig;
  readonly vault: Vault;
  readonly clock: Clock;
  resolve(identity: Identity): Resolution;
}

/** Who a request says that somebody is, proven, and which entity that is. */
export interface ProxyPerson {
  readonly identity: Identity;
  readonly resolution: Resolution;
  /** Absent where no entity was found. */
  readonly principal?: Principal | undefined;
}

interface Kept extends ProxyPerson {
  readonly until: number;
}

/** A proxy in front of this server that signs people in. It is believed where it proves itself, each time. */
export class TrustedProxy implements ProxyVerifier {
  readonly kind = 'proxy';
  readonly #options: ProxyOptions;
  readonly #proof: ProxyProof;
  readonly #people = new Map<string, Kept>();
  /** The same person is the same object: decisions are kept beside it. */
  readonly #principals = new RecentMap<string, Principal>(KEPT_PEOPLE);

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#proof = new ProxyProof(options.config, options.vault, options.clock);
  }

  /** Id of the provider. */
  get id(): string {
    return this.#options.config.id;
  }

  /** @throws SIGN_IN_PROXY_REFUSED where the request does not prove that the proxy sent it; SIGN_IN_PROVIDER_AWAY */
  identify(request: AskingRequest): Principal | undefined | Promise<Principal | undefined> {
    const person = this.personOf(request);
    return person instanceof Promise ? person.then((found) => found?.principal) : person?.principal;
  }

  /** Whether a request names somebody as this proxy does. */
  speaksIn(request: AskingRequest): boolean {
    return this.#saidIn(request) !== undefined;
  }

  isValid(principal: Principal): boolean {
    const { credential } = principal;
    return credential?.kind === 'proxy' && credential.provider === this.id;
  }

  /** Who a request says that somebody is; `undefined` where it says nothing. @throws as `identify` */
  personOf(request: AskingRequest): ProxyPerson | undefined | Promise<ProxyPerson | undefined> {
    const said = this.#saidIn(request);
    if (said === undefined) return undefined;
    const problem = this.#proof.problem(request);
    if (problem !== undefined) throw this.#refusal(problem);
    return this.#person(said, request);
  }

  /** The text by which a request names somebody: a token, or the headers. */
  #saidIn(request: AskingRequest): string | undefined {
    const { jwt, headers } = this.#options.config;
    if (jwt !== undefined) return headerOf(request, jwt.header);
    if (headerOf(request, headers.user) === undefined && textHeader(request, headers.email) === undefined)
      return undefined;
    const names = [headers.user, headers.email, headers.name, headers.groups];
    return JSON.stringify(names.map((name) => textHeader(request, name) ?? null));
  }

  #person(said: string, request: AskingRequest): ProxyPerson | Promise<ProxyPerson> {
    const key = createHash('sha256').update(said).digest('base64url');
    const kept = this.#people.get(key);
    if (kept !== undefined && kept.until > this.#options.clock.now()) return kept;
    const { tokens } = this.#proof;
    if (tokens === undefined) return this.#keep(key, this.#identityOfHeaders(request), Infinity);
    return this.#byToken(key, said, tokens);
  }

  async #byToken(key: string, said: string, loading: Promise<ProxyTokens>): Promise<ProxyPerson> {
    const tokens = await loading;
    try {
      const { claims, expiresAt } = await tokens.verify(said);
      return this.#keep(key, this.#identityOfClaims(claims), expiresAt);
    } catch (error) {
      if (error instanceof CallboardError) throw error;
      throw this.#refusal(errorMessage(error).slice(0, 200));
    }
  }

  #keep(key: string, identity: Identity, expiresAt: number): ProxyPerson {
    const { clock, resolve } = this.#options;
    const resolution = resolve(identity);
    const person = { identity, resolution, principal: this.#principalOf(identity, resolution) };
    const oldest = this.#people.size >= KEPT_PEOPLE ? this.#people.keys().next().value : undefined;
    if (oldest !== undefined) this.#people.delete(oldest);
    this.#people.delete(key);
    this.#people.set(key, { ...person, until: Math.min(clock.now() + KEPT_MS, expiresAt) });
    return person;
  }

  #principalOf({ groups }: Identity, resolution: Resolution): Principal | undefined {
    if (resolution.status !== 'resolved') return undefined;
    const { ref } = resolution;
    return this.#principals.of(`${ref} ${groups.join(' ')}`, () => ({
      kind: 'user',
      ref,
      credential: { kind: 'proxy', provider: this.id },
      ...(groups.length > 0 && { groups }),
    }));
  }

  #identityOfHeaders(request: AskingRequest): Identity {
    const { headers, groups } = this.#options.config;
    const user = headerOf(request, headers.user);
    const email = textHeader(request, headers.email);
    return {
      provider: this.id,
      subject: user ?? email ?? '',
      login: user,
      email,
      name: textHeader(request, headers.name),
      groups: groupRefs(textHeader(request, headers.groups), groups),
      claims: { user, email },
    };
  }

  #identityOfClaims(claims: Readonly<Record<string, unknown>>): Identity {
    const { groupsClaim, groups } = this.#options.config;
    const email = claims['email_verified'] === false ? undefined : textClaim(claims, 'email');
    const subject = textClaim(claims, 'sub') ?? email;
    if (subject === undefined) throw this.#refusal('the token names nobody');
    return {
      provider: this.id,
      subject,
      login: textClaim(claims, 'preferred_username'),
      email,
      name: textClaim(claims, 'name'),
      picture: pictureUrl(textClaim(claims, 'picture')),
      groups: groupsClaim === undefined ? [] : groupRefs(claims[groupsClaim], groups),
      claims,
    };
  }

  #refusal(reason: string): CallboardError {
    return signInError('SIGN_IN_PROXY_REFUSED', { provider: this.#options.config.title, reason });
  }
}

function textHeader(request: AskingRequest, name: string | undefined): string | undefined {
  return name === undefined ? undefined : headerOf(request, name)?.slice(0, 4000);
}
