import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { FolderSize } from './folder-size.ts';
import { GitCheckout } from './git-checkout.ts';
import { GitMirror, type GitReading, type ReadOptions } from './git-mirror.ts';
import { GitProgram, type GitLogin } from './git-program.ts';
import type { Repository } from './repository-url.ts';

/** What the mirrors of a server have in common. */
export interface MirrorsOptions {
  /** Absolute folder of their own. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The environment from which git gets what it needs: paths, configuration, credentials, certificates, proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Longest run of one git command; default 120 s. */
  readonly timeoutMs?: number | undefined;
  /** How large one mirror may be on disk; default 1 GiB and 100,000 files. */
  readonly limits?: FolderSize | undefined;
  /** The git executable; default the one on the PATH. */
  readonly program?: string | undefined;
  /** How git signs in at a host over https. */
  readonly loginOf?: ((host: string) => GitLogin | undefined) | undefined;
}

/** Which state of which repository. */
export interface MirrorSpec {
  readonly repository: Repository;
  /** Branch, tag or commit that `isRefName` takes; absent: what the repository's HEAD names. */
  readonly ref?: string | undefined;
}

/** A mirror as one of its users has it. */
export interface OpenMirror {
  read(options: ReadOptions): Promise<GitReading>;
  /** Lets go of it; its files stay for the next start. */
  close(): void;
}

const DEFAULT_LIMITS: FolderSize = { bytes: 1024 ** 3, files: 100_000 };
/** A mirror that nobody opened for so long is deleted. */
const UNUSED_MS = 7 * 24 * 3600_000;
const SWEEP_MS = 24 * 3600_000;

/** All mirrors of one server. Those who read the same state of the same repository share one. */
export class GitMirrors {
  readonly #options: MirrorsOptions;
  readonly #program: GitProgram;
  readonly #open = new Map<string, { readonly mirror: GitMirror; users: number }>();
  #sweptAt: number | undefined;

  constructor(options: MirrorsOptions) {
    this.#options = options;
    const { environment, clock, loginOf, timeoutMs = 120_000, program = 'git' } = options;
    this.#program = new GitProgram({ environment, clock, timeoutMs, program, loginOf });
  }

  /** Opens the mirror of a repository; nothing is fetched before it is read. */
  async open(spec: MirrorSpec): Promise<OpenMirror> {
    const { clock, folder } = this.#options;
    const name = nameOf(spec);
    await mkdir(join(folder, name), { recursive: true });
    // The folder's time says when it was last wanted.
    const now = clock.now() / 1000;
    await utimes(join(folder, name), now, now);
    await this.#sweep();
    const entry = this.#open.get(name) ?? { mirror: this.#mirror(spec, join(folder, name)), users: 0 };
    entry.users += 1;
    this.#open.set(name, entry);
    let isOpen = true;
    return {
      read: (options) => entry.mirror.read(options),
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        entry.users -= 1;
        if (entry.users === 0) this.#open.delete(name);
      },
    };
  }

  #mirror({ repository, ref }: MirrorSpec, folder: string): GitMirror {
    const { clock, log, limits = DEFAULT_LIMITS } = this.#options;
    const checkout = new GitCheckout({ program: this.#program, repository, ref, folder, limits });
    return new GitMirror({ repository, checkout, clock, log });
  }

  /** Deletes what nobody used for a week: repositories that are no longer configured, registered or linked to. */
  async #sweep(): Promise<void> {
    const { folder, clock, log } = this.#options;
    if (this.#sweptAt !== undefined && clock.monotonic() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = clock.monotonic();
    for (const name of await readdir(folder)) {
      if (!/^[0-9a-f]{32}$/.test(name) || this.#open.has(name)) continue;
      const { mtimeMs } = await stat(join(folder, name));
      if (clock.now() - mtimeMs < UNUSED_MS) continue;
      await rm(join(folder, name), { recursive: true, force: true });
      log.info({ mirror: name }, 'unused git mirror removed');
    }
  }
}

function nameOf({ repository, ref }: MirrorSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([repository.url, ref ?? '']))
    .digest('hex')
    .slice(0, 32);
}
