import { isIP } from 'node:net';
import { KIND, type Cidr, type Ip } from './value.ts';

/** Bits of an address of each family. */
const WIDTH = { 4: 32, 6: 128 } as const;

/**
 * Parses an IP address. Zones (`fe80::1%eth0`) and IPv4 inside IPv6 (`::ffff:1.2.3.4`) are none, as in Kubernetes.
 */
export function parseIp(text: string): Ip | undefined {
  if (text.length > 64 || text.includes('%')) return undefined;
  const family = isIP(text);
  if (family === 4) return toIp(4, joinParts(text.split('.').map(Number), 8n));
  if (family !== 6 || text.includes('.')) return undefined;
  const [head = '', tail] = text.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const missing = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => 0);
  const ip = toIp(6, joinParts([...left, ...missing, ...right], 16n));
  return ip.bits >> 32n === 0xffffn ? undefined : ip;
}

/** Parses `<ip>/<prefix length>`. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text.slice(0, 80));
  const address = match && parseIp(match[1] ?? '');
  const prefix = Number(match?.[2]);
  return address && prefix <= WIDTH[address.family] ? { [KIND]: 'cidr', address, prefix } : undefined;
}

/** The first address of a prefix. */
export function maskedAddress(value: Cidr): Ip {
  const hostBits = BigInt(WIDTH[value.address.family] - value.prefix);
  return toIp(value.address.family, (value.address.bits >> hostBits) << hostBits);
}

/** True when the address lies in the prefix. */
export function cidrContains(value: Cidr, ip: Ip): boolean {
  const hostBits = BigInt(WIDTH[value.address.family] - value.prefix);
  return ip.family === value.address.family && ip.bits >> hostBits === value.address.bits >> hostBits;
}

/** Canonical text: IPv6 in lower case with its longest run of zeros left out (RFC 5952). */
export function addressText(ip: Ip): string {
  if (ip.family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((ip.bits >> shift) & 0xffn)).join('.');
  const parts = Array.from({ length: 8 }, (_, index) => Number((ip.bits >> BigInt(112 - index * 16)) & 0xffffn));
  const run = longestZeros(parts);
  const hex = parts.map((part) => part.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

/** True when the address lies in one of the prefixes. */
export function isWithin(ip: Ip, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => {
    const parsed = parseCidr(prefix);
    return parsed !== undefined && cidrContains(parsed, ip);
  });
}

function longestZeros(parts: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (part !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, 16));
}

function joinParts(parts: readonly number[], width: bigint): bigint {
  let bits = 0n;
  for (const part of parts) bits = (bits << width) | BigInt(part);
  return bits;
}

function toIp(family: 4 | 6, bits: bigint): Ip {
  return { [KIND]: 'ip', family, bits };
}
