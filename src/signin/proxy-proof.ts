import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import type { AskingRequest } from '../access/token-verifier.ts';
import type { Clock } from '../base/clock.ts';
import type { ProxyConfig } from '../config/sign-in-config.ts';
import type { ProxyTokens } from './proxy-token.ts';
import { credentialText, type Vault } from './vault.ts';

/** What of a request proves that the proxy sent it; all that is configured has to hold. */
export class ProxyProof {
  readonly #config: ProxyConfig;
  readonly #vault: Vault;
  readonly #peers: BlockList | undefined;
  readonly #clock: Clock;
  #tokens: Promise<ProxyTokens> | undefined;

  constructor(config: ProxyConfig, vault: Vault, clock: Clock) {
    this.#config = config;
    this.#vault = vault;
    this.#peers = config.peers === undefined ? undefined : rangesOf(config.peers);
    this.#clock = clock;
  }

  /** The check of the proxy's tokens; `undefined` where it signs none. Loaded when the first one comes. */
  get tokens(): Promise<ProxyTokens> | undefined {
    const { jwt, title } = this.#config;
    if (jwt === undefined) return undefined;
    this.#tokens ??= import('./proxy-token.ts').then((module) => new module.ProxyTokens(jwt, title, this.#clock));
    return this.#tokens;
  }

  /** What is wrong with where a request comes from; `undefined`: nothing. Tokens are checked apart. */
  problem(request: AskingRequest): string | undefined {
    if (this.#peers !== undefined && !isAmong(this.#peers, request.socket.remoteAddress)) {
      return 'it does not come from the address of the proxy';
    }
    const { secret } = this.#config;
    if (secret === undefined) return undefined;
    const sent = headerOf(request, secret.header);
    if (sent === undefined) return `the header ${secret.header} is missing`;
    const wrong = `the header ${secret.header} does not hold the secret`;
    return isSame(sent, credentialText(secret.value, this.#vault)) ? undefined : wrong;
  }
}

/** The one value of a header; several are none, since one of them is not the proxy’s. @param name lower case */
export function headerOf(request: AskingRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' && !isRepeated(request, name) ? value : undefined;
}

/** Node joins the values of a header that is sent twice with a comma, which a list of groups would take as its own. */
function isRepeated({ rawHeaders, raw }: AskingRequest, name: string): boolean {
  const fields = rawHeaders ?? raw?.rawHeaders ?? [];
  return fields.filter((field, at) => at % 2 === 0 && field.toLowerCase() === name).length > 1;
}

/** In constant time, whatever the lengths. */
function isSame(sent: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sent), digest(expected));
}

function rangesOf(peers: readonly string[]): BlockList {
  const list = new BlockList();
  for (const peer of peers) {
    const [address = '', prefix] = peer.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

function isAmong(list: BlockList, address: string | undefined): boolean {
  // A server that listens on both families sees IPv4 addresses in the form of IPv6.
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain !== undefined && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
