import { CallboardError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { SharedLock, type LockHold } from '../base/shared-lock.ts';
import type { Logger } from 'pino';
import type { CallState, GitCheckout, RemoteTip } from './git-checkout.ts';
import type { Repository } from './repository-url.ts';

/** A repository's files as they are at one commit. They stay so until it is released. */
export interface GitReading {
  /** Full name of the commit. */
  readonly commit: string;
  /** Absolute folder of the files; of the repository's files it has those that were asked for. */
  readonly folder: string;
  /**
   * Brings files that the patterns left out, where the repository has them.
   * @throws GIT_FAILED, GIT_TIMEOUT, GIT_TOO_LARGE
   */
  ensure(wanted: WantedFiles, signal: AbortSignal): Promise<void>;
  release(): void;
}

/** Files that are wanted besides. */
export interface WantedFiles {
  /** Single files, from the top of the repository, with `/`. */
  readonly paths: readonly string[];
  /** Lines of a .gitignore. */
  readonly patterns?: readonly string[] | undefined;
}

/** How to read. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** A look at the repository that is not older, ms, is good enough; 0 looks now. */
  readonly maxAgeMs: number;
  /** Wanted files, as lines of a .gitignore. */
  readonly patterns: readonly string[];
}

/** What a mirror is made of. */
export interface MirrorOptions {
  readonly repository: Repository;
  readonly checkout: GitCheckout;
  readonly clock: Clock;
  readonly log: Logger;
}

/** So many wanted files and patterns a mirror takes; further ones count as missing. */
const MOST_PATTERNS = 20_000;

/** What git says of a connection that failed or broke off: nothing is wrong with the mirror then. */
const CONNECTION_LOST =
  /Could not resolve host|Failed to connect|Connection (refused|reset|timed out|closed)|hung up|early EOF|RPC failed/i;

/** What a mirror holds after a look. */
interface Held {
  readonly tip: string;
  readonly commit: string;
  /** Monotonic time of the look, ms. */
  readonly lookedAt: number;
}

/**
 * A local mirror of one ref of a repository. Any number of readers may read it at a time; it is brought up to date
 * while nobody does. A mirror whose files are broken is thrown away and made anew, once.
 */
export class GitMirror {
  readonly #options: MirrorOptions;
  readonly #lock = new SharedLock();
  readonly #patterns = new Set<string>();
  #adding: Promise<void> = Promise.resolve();
  #held: Held | undefined;
  #isAiling = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /**
   * Reads the repository: looks whether it moved, fetches what is new, and keeps it still until it is released.
   * @throws GIT_REF_MISSING, GIT_FAILED, GIT_TIMEOUT, GIT_TOO_LARGE, GIT_MISSING, the signal's reason
   */
  async read(options: ReadOptions): Promise<GitReading> {
    const { signal, patterns } = options;
    let hold = await this.#lock.together(signal);
    try {
      if (!this.#isFresh(options)) {
        hold.release();
        hold = await this.#lock.alone(signal);
        await this.#update(options);
        hold.share();
      }
      await this.#ensure({ paths: [], patterns }, signal);
    } catch (thrown) {
      hold.release();
      throw thrown;
    }
    return this.#reading(hold);
  }

  #reading(hold: LockHold): GitReading {
    return {
      commit: this.#held?.commit ?? '',
      folder: this.#options.checkout.tree,
      ensure: (wanted, signal) => this.#ensure(wanted, signal),
      release: hold.release,
    };
  }

  #isFresh({ maxAgeMs }: ReadOptions): boolean {
    return this.#held !== undefined && this.#options.clock.monotonic() - this.#held.lookedAt < maxAgeMs;
  }

  async #update(options: ReadOptions): Promise<void> {
    // Somebody else may have looked while this one waited.
    if (this.#isFresh(options)) return;
    const { checkout, clock } = this.#options;
    const state: CallState = { signal: options.signal, isAiling: this.#isAiling };
    try {
      const tip = await checkout.look(state);
      const lookedAt = clock.monotonic();
      const known = this.#held?.tip === tip.value ? this.#held : await this.#bring(tip, options.patterns, state);
      this.#held = { ...known, lookedAt };
      this.#isAiling = false;
    } catch (thrown) {
      this.#isAiling = !options.signal.aborted;
      throw thrown;
    }
  }

  async #bring(tip: RemoteTip, wanted: readonly string[], state: CallState): Promise<Omit<Held, 'lookedAt'>> {
    const { checkout, repository, log, clock } = this.#options;
    const began = clock.monotonic();
    // What the folder holds is not known while it changes.
    this.#held = undefined;
    for (const pattern of wanted) this.#patterns.add(pattern);
    const patterns = [...this.#patterns];
    const brought = await checkout.bring(tip, patterns, state).catch(async (thrown: unknown) => {
      const { code, message } = thrown instanceof CallboardError ? thrown : { code: '', message: '' };
      const isBroken = code === 'GIT_FAILED' && !CONNECTION_LOST.test(message);
      if (isBroken || code === 'GIT_TOO_LARGE') await checkout.remove();
      if (!isBroken) throw thrown;
      log.warn({ repository: repository.url, err: thrown }, 'git mirror is made anew');
      return checkout.bring(tip, patterns, state);
    });
    const ms = Math.round(clock.monotonic() - began);
    log.debug({ repository: repository.url, commit: brought.commit, ms }, 'git mirror updated');
    return brought;
  }

  /** Files may come while others read. Calls come one after the other; the lock keeps updates away. */
  async #ensure({ paths, patterns = [] }: WantedFiles, signal: AbortSignal): Promise<void> {
    const wanted = [...paths.filter((path) => !/[\r\n]/.test(path)).map(patternOf), ...patterns];
    const adding = this.#adding.then(async () => {
      const missing = wanted.filter((pattern) => !this.#patterns.has(pattern));
      if (missing.length === 0 || this.#patterns.size + missing.length > MOST_PATTERNS) return;
      await this.#options.checkout.add(missing, { signal, isAiling: this.#isAiling }).catch((thrown: unknown) => {
        // The next reader finds out what is wrong with the folder.
        this.#held = undefined;
        throw thrown;
      });
      for (const pattern of missing) this.#patterns.add(pattern);
    });
    this.#adding = adding.catch(() => undefined);
    await adding;
  }
}

/** The line that means one file and no other. */
export function patternOf(path: string): string {
  return `/${path.replace(/[\\*?[\] ]/g, '\\$&')}`;
}
