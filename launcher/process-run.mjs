// Starts programs for the launcher: quietly with progress lines, or in its own place with signals passed on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A failure that is told to the person as it is, without a stack. */
export class LaunchError extends Error {}

/**
 * How Node runs the program. node:sqlite still announces itself as experimental; the person who starts Callboard can do
 * nothing about it. A young generation of 3 x 4 MiB instead of 3 x 16 holds 50 to 90 MiB less and costs no time: what a
 * catalog keeps, it keeps for long, and what a request needs is small. Two helper threads of V8 instead of four: collecting in
 * parallel on four takes 5 % more CPU time while a catalog is read.
 */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--v8-pool-size=2'];

/** Prints one line of progress. Standard output belongs to the program that is launched. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Program and first arguments that run npm: the npm that runs us, else the one beside this Node, else that of PATH. */
function npmCommand() {
  const running = process.env.npm_execpath ?? '';
  if (basename(running).startsWith('npm') && /\.c?js$/.test(running))
    return { command: process.execPath, first: [running] };
  const folder = dirname(process.execPath);
  for (const modules of [join(folder, '..', 'lib', 'node_modules'), join(folder, 'node_modules')]) {
    const beside = join(modules, 'npm', 'bin', 'npm-cli.js');
    if (existsSync(beside)) return { command: process.execPath, first: [beside] };
  }
  return { command: 'npm', first: [] };
}

/** Runs a program and keeps what it prints, the last 64 KiB of it, for the case that it fails. */
function runQuietly(command, args, { cwd, what }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const seconds = () => Number((process.hrtime.bigint() - started) / 1_000_000_000n);
    // Only PATH's npm on Windows is a script, which needs a shell; its arguments are ours and hold no quotes.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    const keep = (chunk) => {
      printed = (printed + chunk).slice(-65_536);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const ticking = setInterval(() => say(`  ${what}: still at it after ${seconds()} s`), 15_000);
    child.on('error', (error) => {
      clearInterval(ticking);
      reject(new LaunchError(`${what} failed: ${error.message}`));
    });
    child.on('close', (code) => {
      clearInterval(ticking);
      if (code === 0) resolve(seconds());
      else reject(new LaunchError(`${what} failed (exit code ${code}):\n${printed.trim()}`));
    });
  });
}

/**
 * Runs `npm ci` in a folder, without install scripts.
 *
 * @returns the seconds it took
 */
export function npmCi(cwd, what, extra = []) {
  const { command, first } = npmCommand();
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  // The packages are run by Node 24, whatever Node runs npm.
  return runQuietly(command, [...first, 'ci', '--ignore-scripts', '--engine-strict=false', ...quiet, ...extra], {
    cwd,
    what,
  });
}

/** Runs a Node program of ours quietly. @returns the seconds it took */
export function runNode(node, args, { cwd, what }) {
  return runQuietly(node, args, { cwd, what });
}

/**
 * Runs a program in our place: same terminal, signals passed on, its end is our end.
 *
 * @returns the exit code, or 128 + the signal's number
 */
export function runInPlace(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    const passOn = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
    const watching = watchParent(() => child.kill('SIGTERM'));
    child.on('error', (error) => reject(new LaunchError(`${command} cannot be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      clearInterval(watching);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * npm runs us through a shell, which dies of a SIGTERM that npm passes on without passing it to us: the server would
 * stay behind and hold its port.
 */
function watchParent(gone) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) gone();
  }, 200);
}
