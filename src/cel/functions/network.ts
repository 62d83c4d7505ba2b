import { addressText, cidrContains, isWithin, maskedAddress, parseCidr, parseIp } from '../address.ts';
import { globalFunction, method, type Overload } from '../overload.ts';
import { KIND, Unknown, type UrlValue } from '../value.ts';

const NO_IP = new Unknown('the text is not an IP address');
const NO_CIDR = new Unknown('the text is not an IP prefix');
const NO_URL = new Unknown('the text is neither an absolute URL nor an absolute path');

/** Properties of addresses, by the prefixes that have them (IANA's special-purpose registries). */
const CLASSES: readonly (readonly [name: string, doc: string, prefixes: readonly string[]])[] = [
  ['isUnspecified', 'is `0.0.0.0` or `::`', ['0.0.0.0/32', '::/128']],
  ['isLoopback', 'is of this host', ['127.0.0.0/8', '::1/128']],
  ['isLinkLocalMulticast', 'is multicast on the link', ['224.0.0.0/24', 'ff02::/16']],
  ['isLinkLocalUnicast', 'is unicast on the link', ['169.254.0.0/16', 'fe80::/10']],
];
const NOT_GLOBAL = [...CLASSES.flatMap(([, , prefixes]) => prefixes), '224.0.0.0/4', 'ff00::/8', '255.255.255.255/32'];

/** Kubernetes' functions on IP addresses, IP prefixes and URLs. */
export const networkFunctions: readonly Overload[] = [
  globalFunction('ip', { params: ['string'], result: 'ip', doc: 'an IP address' }, (_, text) => parseIp(text) ?? NO_IP),
  globalFunction(
    'isIP',
    { params: ['string'], result: 'bool', doc: 'is an IP address' },
    (_, text) => parseIp(text) !== undefined,
  ),
  globalFunction(
    'ip.isCanonical',
    { params: ['string'], result: 'bool', doc: 'is written in the canonical form' },
    (_, text) => {
      const ip = parseIp(text);
      return ip ? addressText(ip) === text : NO_IP;
    },
  ),
  method('ip', 'family', { params: [], result: 'int', doc: '4 or 6' }, (_, ip) => ip.family),
  ...CLASSES.map(([name, doc, prefixes]) =>
    method('ip', name, { params: [], result: 'bool', doc }, (_, ip) => isWithin(ip, prefixes)),
  ),
  method(
    'ip',
    'isGlobalUnicast',
    { params: [], result: 'bool', doc: 'is one host beyond the link' },
    (_, ip) => !isWithin(ip, NOT_GLOBAL),
  ),

  globalFunction(
    'cidr',
    { params: ['string'], result: 'cidr', doc: 'an IP prefix' },
    (_, text) => parseCidr(text) ?? NO_CIDR,
  ),
  globalFunction(
    'isCIDR',
    { params: ['string'], result: 'bool', doc: 'is an IP prefix' },
    (_, text) => parseCidr(text) !== undefined,
  ),
  method('cidr', 'containsIP', { params: ['ip'], result: 'bool', doc: 'has the address in it' }, (_, cidr, ip) =>
    cidrContains(cidr, ip),
  ),
  method(
    'cidr',
    'containsIP',
    { params: ['string'], result: 'bool', doc: 'has the address in it' },
    (_, cidr, text) => {
      const ip = parseIp(text);
      return ip ? cidrContains(cidr, ip) : NO_IP;
    },
  ),
  method(
    'cidr',
    'containsCIDR',
    { params: ['cidr'], result: 'bool', doc: 'has the whole prefix in it' },
    (_, cidr, other) => other.prefix >= cidr.prefix && cidrContains(cidr, other.address),
  ),
  method(
    'cidr',
    'containsCIDR',
    { params: ['string'], result: 'bool', doc: 'has the whole prefix in it' },
    (_, cidr, text) => {
      const other = parseCidr(text);
      return other ? other.prefix >= cidr.prefix && cidrContains(cidr, other.address) : NO_CIDR;
    },
  ),
  method('cidr', 'ip', { params: [], result: 'ip', doc: 'the address as written' }, (_, cidr) => cidr.address),
  method('cidr', 'masked', { params: [], result: 'cidr', doc: 'without the bits of the host' }, (_, cidr) => ({
    ...cidr,
    address: maskedAddress(cidr),
  })),
  method('cidr', 'prefixLength', { params: [], result: 'int', doc: 'bits of the prefix' }, (_, cidr) => cidr.prefix),

  globalFunction(
    'url',
    { params: ['string'], result: 'url', doc: 'an absolute URL or an absolute path' },
    (_, text) => parseUrl(text) ?? NO_URL,
  ),
  globalFunction(
    'isURL',
    { params: ['string'], result: 'bool', doc: 'is an absolute URL or an absolute path' },
    (_, text) => parseUrl(text) !== undefined,
  ),
  method('url', 'getScheme', { params: [], result: 'string', doc: 'scheme without `:`' }, (_, { url, absolute }) =>
    absolute ? url.protocol.slice(0, -1) : '',
  ),
  method('url', 'getHost', { params: [], result: 'string', doc: 'host with port' }, (_, { url, absolute }) =>
    absolute ? url.host : '',
  ),
  method(
    'url',
    'getHostname',
    { params: [], result: 'string', doc: 'host without port, IPv6 without brackets' },
    (_, { url, absolute }) => (absolute ? url.hostname.replaceAll(/^\[|\]$/g, '') : ''),
  ),
  method(
    'url',
    'getPort',
    { params: [], result: 'string', doc: 'port, "" where it is the usual one' },
    (_, { url, absolute }) => (absolute ? url.port : ''),
  ),
  method(
    'url',
    'getEscapedPath',
    { params: [], result: 'string', doc: 'path, percent-encoded' },
    (_, { url }) => url.pathname,
  ),
  method('url', 'getQuery', { params: [], result: 'map', doc: 'lists of values by name' }, (_, { url }) => {
    const query = new Map<string, string[]>();
    for (const [name, value] of url.searchParams) query.set(name, [...(query.get(name) ?? []), value]);
    return query;
  }),
];

function parseUrl(text: string): UrlValue | undefined {
  if (text.length > 4096) return undefined;
  const isPath = text.startsWith('/') && !text.startsWith('//');
  if (!isPath && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return undefined;
  const url = URL.parse(text, isPath ? 'http://path.invalid' : undefined);
  return url ? { [KIND]: 'url', text, url, absolute: !isPath } : undefined;
}
