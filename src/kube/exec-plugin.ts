import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import type { ExecPlugin } from './connection.ts';

/** How long a plugin may take; one that waits for a person would wait for ever, ms. */
const TIME_LIMIT_MS = 60_000;
/** A credential with a chain of certificates comes to some kilobytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** How much of what a plugin complains of is kept. Less is told: secrets are masked in what is whole. */
const MAX_COMPLAINT_CHARS = 16_384;

/** How a run of a plugin ended. */
export type PluginRun =
  | { readonly ok: true; readonly output: string }
  /** `complaint` is the end of what it wrote to its standard error, which may hold secrets. */
  | { readonly ok: false; readonly reason: string; readonly complaint: string };

/** What a plugin is run with. */
export interface PluginSurroundings {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of `KUBERNETES_EXEC_INFO`. */
  readonly info: string;
}

/** Runs an exec plugin to its end, without a shell, a terminal or an input. Never rejects. */
export function runExecPlugin(plugin: ExecPlugin, surroundings: PluginSurroundings): Promise<PluginRun> {
  const { clock, environment, info } = surroundings;
  return new Promise((resolve) => {
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn(plugin.command, [...plugin.args], {
        env: { ...withoutOwn(environment), ...plugin.env, KUBERNETES_EXEC_INFO: info },
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        // A group of its own: what the plugin started ends with it.
        detached: process.platform !== 'win32',
      });
    } catch (error) {
      // Some of what the system refuses is thrown at once: too much environment (E2BIG), a NUL in an argument.
      resolve({ ok: false, reason: startFailure(error as NodeJS.ErrnoException), complaint: '' });
      return;
    }
    const output: Buffer[] = [];
    let bytes = 0;
    let complaint = '';
    let broken: string | undefined;
    const stop = (reason: string): void => {
      broken ??= reason;
      endGroup(child.pid, () => child.kill('SIGKILL'));
    };
    const timer = clock.after(TIME_LIMIT_MS, () => stop(`it did not end within ${TIME_LIMIT_MS / 1000} seconds`));
    const settle = (run: PluginRun): void => {
      timer.cancel();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(run);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) stop('it wrote more than 1 MiB');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-MAX_COMPLAINT_CHARS);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle({ ok: false, reason: startFailure(error), complaint });
    });
    child.on('close', (code, signal) => {
      const reason = broken ?? (code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`);
      if (reason !== undefined) settle({ ok: false, reason, complaint });
      else settle({ ok: true, output: Buffer.concat(output).toString('utf8') });
    });
  });
}

/** What Callboard itself is told by its environment is none of a plugin's business. */
function withoutOwn(environment: PluginSurroundings['environment']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('CALLBOARD_')));
}

function startFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'it is not installed: there is no such program in PATH';
  if (error.code === 'EACCES') return 'it may not be run: its file is not executable';
  if (error.code === 'E2BIG')
    return 'it cannot be started: what it is told is too long; take provideClusterInfo away or shorten the certificate authority';
  return `it cannot be started (${error.code ?? 'unknown'})`;
}

/** Ends a whole group of processes, or what `otherwise` does where there are none. */
function endGroup(pid: number | undefined, otherwise: () => void): void {
  if (pid === undefined || process.platform === 'win32') {
    otherwise();
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: all of them have ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') otherwise();
  }
}
