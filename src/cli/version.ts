import { readFileSync } from 'node:fs';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './program.ts';
import type { Surroundings } from './surroundings.ts';

/** Callboard's version, from its package.json; the same path in a clone and in the package. */
export function callboardVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** `callboard version`. */
export function runVersion(output: OutputFormat, surroundings: Surroundings): ExitCode {
  const version = callboardVersion();
  const platform = `${process.platform}-${process.arch}`;
  if (output === 'json') surroundings.out(JSON.stringify({ version, node: process.version, platform }));
  else surroundings.out(`callboard ${version} (Node ${process.version}, ${platform})`);
  return exitCodes.ok;
}
