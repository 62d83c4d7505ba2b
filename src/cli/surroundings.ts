import { existsSync } from 'node:fs';
import { systemClock } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { processEnvironment } from '../config/environment.ts';
import type { Environment } from '../config/environment.ts';
import { commandFailure } from './errors.ts';

/** The longest standard input that is read. */
const INPUT_BYTES = 1_048_576;

/** The signals that ask the process to end. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a command sees of the world, so that a test can be the world. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
  readonly clock: Clock;
  /** True when a person reads standard error. */
  readonly terminal: boolean;
  /** Columns of the output, for wrapping help. */
  readonly columns: number;
  /** How the program is called in hints: `npm start --` in a clone, `callboard serve` when installed. */
  readonly serveCommand: string;
  /** Writes one line (or several, with line breaks) to standard output. */
  out(line: string): void;
  /** Writes one line to standard error. */
  err(line: string): void;
  /** The whole of standard input, without the line break at its end. @throws ARGUMENT_INVALID where it is too long */
  input(): Promise<string>;
  /** Calls `listener` for every signal that asks to end; returns the way to stop listening. */
  onEndSignal(listener: (signal: EndSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The real surroundings of this process. */
export function processSurroundings(): Surroundings {
  // A reader that has seen enough (`| head`) is no fault.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    cwd: process.cwd(),
    env: processEnvironment(),
    clock: systemClock,
    terminal: process.stderr.isTTY === true,
    columns: Math.min(process.stdout.columns ?? 100, 120),
    serveCommand: isClone() ? 'npm start --' : 'callboard serve',
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    input() {
      if (process.stdin.isTTY)
        process.stderr.write('Type or paste the text, and end with Ctrl-D on a line of its own.\n');
      return readInput(process.stdin);
    },
    onEndSignal(listener) {
      const signals: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
      const listeners = signals.map((signal) => [signal, () => listener(signal)] as const);
      for (const [signal, handler] of listeners) process.on(signal, handler);
      return () => {
        for (const [signal, handler] of listeners) process.off(signal, handler);
      };
    },
    exit: (code) => process.exit(code),
  };
}

async function readInput(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > INPUT_BYTES) {
      throw commandFailure('ARGUMENT_INVALID', {
        argument: 'standard input',
        reason: `it has more than ${INPUT_BYTES} bytes`,
      });
    }
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** True where the program runs from a clone, which has its sources: as they are, or joined by the launcher. */
function isClone(): boolean {
  return existsSync(new URL('../../src/main.ts', import.meta.url));
}
