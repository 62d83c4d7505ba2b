import { lstat, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CallboardError } from '../base/errors.ts';
import type { GitReading } from '../git/git-mirror.ts';
import type { GitMirrors } from '../git/git-mirrors.ts';
import { failure } from './errors.ts';
import type { FileReader } from './file-reader.ts';
import { FileRun } from './file-run.ts';
import { openScope } from './file-scope.ts';
import type { FileChanges } from './file-watch.ts';
import type { Forge } from '../config/config.ts';
import { pathInRepository, type GitLocation } from './git-location.ts';
import { patternsOf, searchPatterns } from './git-patterns.ts';
import type { FileNaming } from './location-target.ts';
import type { SharedFileReader } from './shared-file-reader.ts';
import type { CatalogSource, SourceContext, SourceEvent, SourceRoot } from './source.ts';

/** What a git source works with. */
export interface GitSourceOptions {
  readonly location: GitLocation;
  readonly mirrors: GitMirrors;
  readonly files: SharedFileReader;
  /** Hosts whose pages are known: addresses of files of the repository in its Locations are its own files. */
  readonly forges: readonly Forge[];
  /** How often the repository is looked at, seconds; 0: only when asked. */
  readonly refreshSeconds: number;
}

/** Sources of one repository that start together share a look of this age, ms. */
const FIRST_LOOK_MS = 30_000;

/** Where nobody but an asker wakes it: as long as a timer can be. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** What one run holds: the mirror's files as they are read, and what is known of them. */
interface Held {
  readonly run: FileRun;
  commit: string;
}

/**
 * Reads descriptors from a git repository and follows their Location entities inside it. Looks at the repository again
 * and again; where its commit did not change nothing is read.
 */
export class GitSource implements CatalogSource {
  readonly id: string;
  readonly root: SourceRoot;
  readonly #options: GitSourceOptions;
  readonly #asked = new Set<string>();
  #wake: (() => void) | undefined;
  #reading: GitReading | undefined;

  constructor(root: SourceRoot, options: GitSourceOptions) {
    this.id = root.location;
    this.root = root;
    this.#options = options;
  }

  async *read(context: SourceContext, signal: AbortSignal): AsyncGenerator<readonly SourceEvent[]> {
    const { location, mirrors, refreshSeconds } = this.#options;
    const mirror = await mirrors.open(location);
    const reader = this.#options.files.open(context.kinds, context.clock);
    const patterns = patternsOf(location.path);
    let held: Held | undefined;
    try {
      for (;;) {
        // What is asked for from here on is answered by the next look.
        const asked = [...this.#asked];
        const maxAgeMs = held === undefined ? FIRST_LOOK_MS : refreshSeconds * 500;
        const reading = await mirror.read({ signal, maxAgeMs: asked.length > 0 ? 0 : maxAgeMs, patterns });
        for (const location of asked) this.#asked.delete(location);
        this.#reading = reading;
        try {
          const isFirst = held === undefined;
          held ??= { run: await this.#run(reading, reader, context, signal), commit: reading.commit };
          if (isFirst) yield* held.run.scan();
          if (!isFirst || asked.length > 0) yield* this.#tell(held, reading, asked);
        } finally {
          this.#reading = undefined;
          reading.release();
        }
        await this.#wait(context, signal);
      }
    } catch (thrown) {
      // The path on disk means nothing to those who read the message.
      if (!(thrown instanceof CallboardError) || thrown.code !== 'SOURCE_UNREADABLE') throw thrown;
      const reason = `the repository has nothing there at ${location.ref ?? 'HEAD'}`;
      throw failure('SOURCE_UNREADABLE', { target: this.id, reason }, thrown);
    } finally {
      mirror.close();
    }
  }

  refresh(locations: readonly string[]): void {
    for (const location of locations) this.#asked.add(location);
    this.#wake?.();
  }

  /** Tells what changed with the commit, and what was asked for. */
  async *#tell(held: Held, reading: GitReading, asked: readonly string[]): AsyncGenerator<readonly SourceEvent[]> {
    const isNew = held.commit !== reading.commit;
    held.commit = reading.commit;
    if (!isNew && asked.length === 0) {
      yield [held.run.synced()];
      return;
    }
    const naming = this.#naming(reading.folder);
    const changes: FileChanges = {
      paths: new Set(),
      refreshed: new Set(asked.flatMap((location) => naming.pathOf(location) ?? [])),
      refreshesAll: asked.includes(this.id),
      filesCameOrWent: isNew,
      rescan: true,
    };
    yield* held.run.update(changes);
  }

  async #run(reading: GitReading, reader: FileReader, context: SourceContext, signal: AbortSignal): Promise<FileRun> {
    const { folder } = reading;
    return new FileRun({
      scope: await openScope(join(folder, this.#options.location.path), folder),
      realRoot: await realpath(folder),
      reader,
      context,
      root: this.root,
      naming: this.#naming(folder),
      commit: () => this.#reading?.commit,
      bring: (files, folders) => this.#bring(folder, files, folders, signal),
    });
  }

  #naming(folder: string): FileNaming {
    const { location, forges } = this.#options;
    const inside = (path: string): string => relative(folder, path).split(sep).join('/');
    return {
      refOf: (path) => location.refOf(inside(path)),
      pathOf: (ref) => {
        const path = pathInRepository(location, ref, forges);
        return path === undefined ? undefined : join(folder, path);
      },
      annotationsOf: (path) => location.annotationsOf(inside(path)),
    };
  }

  /** Fetches files that the location's path left out and that its descriptors name. */
  async #bring(
    folder: string,
    files: readonly string[],
    folders: readonly string[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const inside = (path: string): string => relative(folder, path).split(sep).join('/');
    const missing: string[] = [];
    for (const file of files) if (!(await isThere(file))) missing.push(file);
    const patterns = folders.flatMap((path) => searchPatterns(inside(path)));
    if (missing.length + patterns.length === 0) return false;
    await this.#reading?.ensure({ paths: missing.map(inside), patterns }, signal);
    for (const file of missing) if (await isThere(file)) return true;
    return false;
  }

  /** Waits until it is time for the next look, or until one is asked for. Rejects with the signal's reason. */
  async #wait({ clock }: SourceContext, signal: AbortSignal): Promise<void> {
    if (this.#asked.size > 0) return;
    const { refreshSeconds } = this.#options;
    const wake = new AbortController();
    this.#wake = () => wake.abort();
    // Jitter keeps many repositories from being asked in the same moment.
    const delayMs = refreshSeconds > 0 ? refreshSeconds * (1_000 + 500 * clock.random()) : LONGEST_WAIT_MS;
    await clock.sleep(delayMs, AbortSignal.any([signal, wake.signal])).catch(() => signal.throwIfAborted());
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (thrown) {
    // A path through a file, or one that is too long for the disk, is as missing as any other.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    return false;
  }
}
