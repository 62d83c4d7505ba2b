import { watch, type FSWatcher } from 'chokidar';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../base/clock.ts';
import { CallboardError, errorMessage } from '../../base/errors.ts';
import { readConfigText } from '../../config/yaml-file.ts';
import { accessError } from '../errors.ts';
import type { FilePolicy, FilePolicySource } from './policy-engine.ts';
import { readPolicy, type ReadPolicy } from './policy-document.ts';
import type { PolicyGround } from './role-check.ts';

/** After an event a file may still be written, ms. */
const SETTLE_MS = 50;
/** The file is looked at by its stamp this often, for changes that the system did not report, ms. */
const LOOK_MS = 30_000;

/** What a policy file is followed with. */
export interface PolicyFileOptions {
  readonly ground: PolicyGround;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Reads a policy file and follows it. What it says is in force as long as all of it is good; otherwise the last good one
 * stays, with the problems of the new one.
 *
 * @param file absolute path
 * @throws POLICY_INVALID with every problem where it is no good now; CONFIG_FILE_MISSING
 */
export async function openPolicyFile(file: string, options: PolicyFileOptions): Promise<FilePolicySource> {
  const first = await read(file, options.ground);
  if (!first.isGood) {
    const problems = first.problems.map(({ place, message }) => `${place}: ${message}`);
    throw accessError('POLICY_INVALID', { file, text: problems.join('\n'), problems });
  }
  return new PolicyFile(file, first, options);
}

async function read(file: string, ground: PolicyGround): Promise<ReadPolicy> {
  return readPolicy(await readConfigText(file), basename(file), ground);
}

class PolicyFile implements FilePolicySource {
  readonly #file: string;
  readonly #options: PolicyFileOptions;
  readonly #listeners = new Set<() => void>();
  readonly #watcher: FSWatcher;
  #current: FilePolicy;
  #stamp = '';
  #timer: Timer | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(file: string, first: FilePolicy, options: PolicyFileOptions) {
    this.#file = file;
    this.#current = first;
    this.#options = options;
    const folder = dirname(file);
    // Of the folder, since editors replace files; and Kubernetes moves the link `..data` that a mounted file goes through.
    const followed = new Set([folder, file, join(folder, '..data')]);
    this.#watcher = watch(folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      ignored: (path) => !followed.has(path),
    });
    this.#watcher.on('all', () => this.#lookIn(SETTLE_MS));
    this.#watcher.on('error', (error) => options.log.warn({ error, file }, 'the policy file cannot be watched'));
    this.#lookIn(SETTLE_MS);
  }

  get current(): FilePolicy {
    return this.#current;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#watcher.close();
    await this.#reading;
  }

  #lookIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#reading = this.#reading.then(() => this.#look());
    });
  }

  async #look(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp !== this.#stamp) this.#take(await read(this.#file, this.#options.ground));
      this.#stamp = stamp;
    } catch (error) {
      this.#stamp = '';
      const message = error instanceof CallboardError ? error.message : errorMessage(error);
      this.#take({ ...this.#current, problems: [{ place: basename(this.#file), message }], isGood: false });
    }
    this.#lookIn(LOOK_MS);
  }

  #take(next: ReadPolicy): void {
    if (this.#isClosed) return;
    const said = JSON.stringify(this.#current);
    this.#current = { ...next, layer: next.isGood ? next.layer : this.#current.layer };
    if (JSON.stringify(this.#current) === said) return;
    const fields = { file: this.#file, problems: next.problems };
    if (next.isGood) this.#options.log.info(fields, 'the policy file is in force');
    else this.#options.log.error(fields, 'the policy file is no good; what it said before stays in force');
    for (const listener of this.#listeners) listener();
  }
}
