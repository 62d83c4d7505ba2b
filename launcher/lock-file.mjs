// Lets one launcher at a time do a piece of work in a clone; the others wait and then find it done.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LaunchError, say } from './process-run.mjs';

const patienceMs = 15 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The pid in a lock file; 0 while its writer has not written it, undefined when there is no file. */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file that stays empty was left by a writer that died at once; a fresh one is being written. */
function isAbandoned(file, pid) {
  if (pid > 0) return !isAlive(pid);
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > 5000;
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's file away. Of several who see it only one succeeds, and it looks again before it deletes. */
function clear(file, dead) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside) === dead) rmSync(aside);
  else renameSync(aside, file);
}

/**
 * Runs `work` while holding the lock `name` in `folder`.
 *
 * @param what is said while another launcher is waited for
 */
export async function withLock(folder, name, what, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.lock`);
  const started = Date.now();
  let waiting = false;
  while (!take(file)) {
    const pid = holderOf(file);
    if (pid !== undefined && isAbandoned(file, pid)) clear(file, pid);
    else if (pid !== undefined) {
      if (!waiting) say(`Another launcher (process ${pid}) is ${what}; waiting for it`);
      waiting = true;
      if (Date.now() - started > patienceMs) {
        throw new LaunchError(`Process ${pid} still holds ${file}. If it is no launcher, delete that file.`);
      }
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
