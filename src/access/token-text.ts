import { hash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 256 bits in digits of base 62. */
const LENGTH = 43;

const prefixes = { personal: 'cb_', service: 'cbs_' } as const;

/** Whose a token is. */
export type TokenKind = keyof typeof prefixes;

/** Makes a token: a prefix by which scanners for secrets find it, and 32 random bytes. */
export function newTokenText(kind: TokenKind, clock: Clock): string {
  let rest = BigInt(`0x${clock.token(32)}`);
  let text = '';
  for (let at = 0; at < LENGTH; at += 1) {
    text = digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return prefixes[kind] + text;
}

/** True for what looks like a token of Callboard; only such are looked up. */
export function isTokenText(text: string): boolean {
  return /^cbs?_[0-9A-Za-z]{43}$/.test(text);
}

/** Names a token without opening anything: all that is kept of it. */
export function tokenId(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** The first characters of a token, to find it again among others. */
export function tokenHint(text: string): string {
  return text.slice(0, text.indexOf('_') + 5);
}
