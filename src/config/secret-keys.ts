import type { ConfigNode } from './config-node.ts';
import { scalarText, type Parser } from './value.ts';

/** A key that secrets are encrypted with. */
export interface SecretKey {
  /** Stands beside what was encrypted with it; no secret. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

const KEY_BYTES = 32;
const MAX_KEYS = 20;

/**
 * A key as `id:base64` of 32 bytes.
 * @returns undefined for anything else
 */
export function readSecretKey(written: string): SecretKey | undefined {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(written.trim()) ?? [];
  if (id === undefined || base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === KEY_BYTES ? { id, bytes } : undefined;
}

/** `secrets.keys`: a list of keys with different ids. */
export function secretKeys(): Parser<readonly SecretKey[]> {
  const expected = `a list of 1 to ${MAX_KEYS} keys as <id>:<base64 of ${KEY_BYTES} random bytes>, each id once`;
  return (node) => {
    const items: readonly ConfigNode[] = node.kind === 'list' ? node.items : [node];
    const keys: SecretKey[] = [];
    for (const item of items) {
      const key = readSecretKey(scalarText(item) ?? '');
      if (key === undefined || keys.some(({ id }) => id === key.id)) return { ok: false, expected, at: item };
      keys.push(key);
    }
    return keys.length === 0 || keys.length > MAX_KEYS ? { ok: false, expected } : { ok: true, value: keys };
  };
}
