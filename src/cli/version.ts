import { callboardVersion } from '../base/version.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './definition.ts';
import type { Surroundings } from './surroundings.ts';

/** `callboard version`. */
export function runVersion(output: OutputFormat, surroundings: Surroundings): ExitCode {
  const version = callboardVersion();
  const platform = `${process.platform}-${process.arch}`;
  if (output === 'json') surroundings.out(JSON.stringify({ version, node: process.version, platform }));
  else surroundings.out(`callboard ${version} (Node ${process.version}, ${platform})`);
  return exitCodes.ok;
}
