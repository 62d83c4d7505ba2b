import {
  createRemoteJWKSet,
  customFetch,
  importSPKI,
  jwtVerify,
  type CryptoKey,
  type JWTHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose';
import type { Clock } from '../base/clock.ts';
import type { ProxyJwtConfig } from '../config/sign-in-config.ts';
import { createOutbound, type Outbound } from './outbound.ts';

/** Longest token that is looked at, characters. */
const LONGEST_TOKEN = 16_384;

/** How far clocks may differ, seconds. */
const TOLERANCE = 30;

/** Keys that are fetched one by one and kept. */
const MOST_KEYS = 20;

/** Keys that are asked for in a while at most, whatever tokens name: a stranger’s tokens must not make this server ask without end. */
const MOST_ASKED = 20;
const ASKED_MS = 60_000;

/** Signatures with a public key, as the known proxies make them. */
const algorithms = ['ES256', 'ES384', 'RS256', 'RS512', 'EdDSA', 'Ed25519'];

/** What a token says, and until when. */
export interface ProxyClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** The tokens by which a proxy says who somebody is (AWS ALB, Google IAP, Cloudflare Access, or any that signs JWTs). */
export class ProxyTokens {
  readonly #config: ProxyJwtConfig;
  readonly #clock: Clock;
  readonly #outbound: Outbound;
  readonly #keyOf: JWTVerifyGetKey;
  readonly #keys = new Map<string, CryptoKey>();
  /** Questions for keys since a moment, ms of the monotonic clock. */
  #asked = { count: 0, since: -Infinity };

  constructor(config: ProxyJwtConfig, title: string, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    const { keys } = config;
    const home = keys.replace('{kid}', '');
    this.#outbound = createOutbound({ home, title, clock });
    this.#keyOf = keys.includes('{kid}')
      ? (header) => this.#singleKey(header)
      : createRemoteJWKSet(new URL(keys), { [customFetch]: (url: string) => this.#outbound(url) });
  }

  /** @throws Error that says what is wrong with the token */
  async verify(token: string): Promise<ProxyClaims> {
    if (token.length > LONGEST_TOKEN) throw new Error('the token is too long');
    const { audience, issuer, signer } = this.#config;
    const { payload, protectedHeader } = await jwtVerify(token, this.#keyOf, {
      algorithms,
      clockTolerance: TOLERANCE,
      currentDate: new Date(this.#clock.now()),
      ...(audience !== undefined && { audience }),
    });
    // AWS says some of it in the header only, which is signed too.
    const said = (name: 'iss' | 'exp' | 'signer'): unknown => payload[name] ?? protectedHeader[name];
    if (said('iss') !== issuer) throw new Error('the token is of another issuer');
    if (signer !== undefined && protectedHeader['signer'] !== signer) throw new Error('the token is of another signer');
    const expiresAt = Number(said('exp')) * 1000;
    if (!(expiresAt > this.#clock.now() - TOLERANCE * 1000)) throw new Error('the token has expired');
    return { claims: payload, expiresAt };
  }

  /** One key as PEM from an address of its own. */
  async #singleKey({ kid, alg }: JWTHeaderParameters): Promise<CryptoKey> {
    if (kid === undefined || !/^[A-Za-z0-9-]{1,100}$/.test(kid)) throw new Error('the token names no key');
    const known = this.#keys.get(kid);
    if (known !== undefined) return known;
    this.#countQuestion();
    const response = await this.#outbound(this.#config.keys.replace('{kid}', kid));
    if (!response.ok) throw new Error(`the key answered with status ${response.status}`);
    const key = await importSPKI(await response.text(), alg);
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined && this.#keys.size >= MOST_KEYS) this.#keys.delete(oldest);
    this.#keys.set(kid, key);
    return key;
  }

  /** @throws Error where keys were asked for too often */
  #countQuestion(): void {
    const now = this.#clock.monotonic();
    if (now - this.#asked.since >= ASKED_MS) this.#asked = { count: 0, since: now };
    this.#asked.count += 1;
    if (this.#asked.count > MOST_ASKED) throw new Error('too many tokens name keys that are not known');
  }
}
