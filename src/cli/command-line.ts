import { CommanderError } from 'commander';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { createProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';

/** What a person is told of a fault: what is wrong and its code; a stack only where it is our own mistake. */
function describeFault(fault: unknown): string {
  if (fault instanceof CallboardError) return `${fault.message}\n(${fault.code})`;
  const system = fault instanceof Error && 'code' in fault && typeof fault.code === 'string';
  const detail = fault instanceof Error && !system ? (fault.stack ?? fault.message) : errorMessage(fault);
  return `Unexpected fault: ${detail}`;
}

/**
 * Runs one command to its end. The only place of the commands that catches everything.
 *
 * @param args the arguments after the program's name
 * @returns the exit code, see exit-code.ts
 */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(surroundings, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (fault) {
    // Commander has printed its own message already; asking for help or the version is no fault.
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    // Drivers quote the URL they were given; its password stays here.
    const { withoutPasswords } = await import('../telemetry/log.ts');
    surroundings.err(withoutPasswords(describeFault(fault)));
    return exitCodeOf(fault);
  }
}
