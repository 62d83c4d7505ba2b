import { systemClock } from '../../src/base/clock.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { EndSignal, Surroundings } from '../../src/cli/surroundings.ts';
import type { Environment } from '../../src/config/environment.ts';

/** Surroundings of a command in a test: what it prints is kept, and the test sends the signals. */
export interface TestSurroundings extends Surroundings {
  /** Lines of standard output so far. */
  readonly printed: string[];
  /** Lines of standard error so far. */
  readonly complaints: string[];
  /** Codes with which the command wanted to end the process at once. */
  readonly exits: number[];
  send(signal: EndSignal): void;
  /** How many listen for signals. */
  listening(): number;
}

/**
 * @param cwd folder that the command believes to run in
 * @param input standard input
 */
export function testSurroundings(cwd: string, env: Environment = {}, input = ''): TestSurroundings {
  const printed: string[] = [];
  const complaints: string[] = [];
  const exits: number[] = [];
  const listeners = new Set<(signal: EndSignal) => void>();
  return {
    cwd,
    env,
    clock: systemClock,
    terminal: false,
    columns: 100,
    serveCommand: 'callboard serve',
    printed,
    complaints,
    exits,
    out: (line) => void printed.push(...line.split('\n')),
    err: (line) => void complaints.push(...line.split('\n')),
    input: () => Promise.resolve(input),
    onEndSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    listening: () => listeners.size,
    exit: (code) => void exits.push(code),
  };
}

/** What became of one command line. */
export interface CommandOutcome {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** Runs one command line to its end. */
export async function runCommand(
  cwd: string,
  args: readonly string[],
  env: Environment = {},
  input = '',
): Promise<CommandOutcome> {
  const surroundings = testSurroundings(cwd, env, input);
  const code = await runCommandLine(args, surroundings);
  return { code, out: surroundings.printed.join('\n'), err: surroundings.complaints.join('\n') };
}
