import { CallboardError } from '../base/errors.ts';

/** What the exit code of every command means. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  unreachable: 3,
  conflict: 4,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The meanings in words, for `--help` and the reference. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, 'done, and nothing wrong was found'],
  [exitCodes.failure, 'something failed, or `validate`, `doctor`, `refresh` or `locations add` found something wrong'],
  [exitCodes.usage, 'the command line, the configuration or the question is wrong; nothing was done'],
  [exitCodes.unreachable, 'the server or the database cannot be reached'],
  [exitCodes.conflict, 'something else holds it: port in use, data folder locked, file or database not empty'],
];

/** The exit code for a fault: from the HTTP status of its error code, which says the same thing. */
export function exitCodeOf(fault: unknown): ExitCode {
  if (!(fault instanceof CallboardError)) return exitCodes.failure;
  if (fault.status === 409 || fault.status === 423) return exitCodes.conflict;
  if (fault.status === 503 || fault.status === 502 || fault.status === 504) return exitCodes.unreachable;
  if (fault.status >= 400 && fault.status < 500) return exitCodes.usage;
  return exitCodes.failure;
}
