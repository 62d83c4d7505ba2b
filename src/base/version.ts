import { readFileSync } from 'node:fs';

/** Callboard's version, from its package.json; the same path in a clone and in the compiled package. */
export function callboardVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
