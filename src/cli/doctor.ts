import type { Flags } from '../config/load-config.ts';
import { checkConfiguration, checkData, checkDatabase, checkLocations } from './doctor-data.ts';
import { checkGit, checkNode, checkPort, checkWeb } from './doctor-machine.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './definition.ts';
import type { Surroundings } from './surroundings.ts';
import { callboardVersion } from '../base/version.ts';

/** What one check found. */
export interface Finding {
  readonly check: string;
  /** `warn`: the server runs, but perhaps not as meant. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** What `callboard doctor` was told. */
export interface DoctorRequest {
  readonly flags: Flags;
  readonly output: OutputFormat;
}

/** `callboard doctor`: every check runs, whatever the others found. */
export async function runDoctor(request: DoctorRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { finding, config } = await checkConfiguration(request.flags, surroundings);
  const version: Finding = { check: 'callboard', status: 'ok', detail: callboardVersion() };
  const findings = [version, checkNode(process.version), await checkGit(), finding];
  if (config !== undefined) {
    findings.push(checkData(config), await checkDatabase(config), await checkPort(config));
    findings.push(...(await checkLocations(config)));
  }
  findings.push(checkWeb());
  if (request.output === 'json') surroundings.out(JSON.stringify({ findings }, undefined, 2));
  else for (const line of report(findings)) surroundings.out(line);
  return findings.some(({ status }) => status === 'fail') ? exitCodes.failure : exitCodes.ok;
}

function report(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.flatMap(({ check, status, detail, fix }) => {
    const [first = '', ...rest] = detail.split('\n');
    const indent = ' '.repeat(width + 8);
    return [
      `${status.padEnd(4)}  ${check.padEnd(width)}  ${first}`,
      ...rest.map((line) => indent + line),
      ...(fix === undefined ? [] : [`${indent}-> ${fix}`]),
    ];
  });
}
