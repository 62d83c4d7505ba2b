import { watch, type FSWatcher } from 'chokidar';
import { basename } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { hasDescriptorName, isSkippedFolder } from './descriptor-search.ts';
import type { FileScope } from './file-scope.ts';
import type { FileTree } from './file-tree.ts';

/** What happened since the last time it was asked. */
export interface FileChanges {
  readonly paths: Set<string>;
  /** Paths to be told again even if they are unchanged. */
  readonly refreshed: Set<string>;
  /** True where everything is to be told again. */
  refreshesAll: boolean;
  filesCameOrWent: boolean;
  /** Look at everything. */
  rescan: boolean;
}

/** Everything is looked at again by its stamp, for changes that the system did not report. */
const RESCAN_MS = 10 * 60_000;
/** The same where the system cannot watch. */
const RESCAN_BLIND_MS = 10_000;

/**
 * Collects what changed in the files of a source. Events only say where to look; what is so is read from the file. Of a
 * folder everything is watched; of a single file only itself and what it names.
 */
export class FileWatch {
  readonly #scope: FileScope;
  readonly #tree: FileTree;
  readonly #clock: Clock;
  readonly #watcher: FSWatcher;
  readonly #followed: Set<string>;
  #changes = noChanges();
  #isBlind = false;
  #wake: (() => void) | undefined;

  constructor(scope: FileScope, tree: FileTree, clock: Clock) {
    this.#scope = scope;
    this.#tree = tree;
    this.#clock = clock;
    this.#followed = new Set(scope.type === 'file' ? watchedPaths(tree) : includedPaths(tree));
    this.#watcher = watch(scope.type === 'file' ? [...this.#followed] : [scope.root, ...this.#followed], {
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      ignorePermissionErrors: true,
      ignored: (path, stats) => this.#isIgnored(path, stats?.isFile() ?? false),
    });
    this.#watcher.on('all', (event, path) => this.#take(event, path));
    this.#watcher.on('ready', () => this.#requestRescan());
    this.#watcher.on('error', () => {
      this.#isBlind = true;
      this.#requestRescan();
    });
  }

  /** Resolves when something changed, or when it is time to look at everything. Rejects with the signal's reason. */
  async changed(signal: AbortSignal): Promise<void> {
    const { paths, refreshed, refreshesAll, filesCameOrWent, rescan } = this.#changes;
    if (paths.size > 0 || refreshed.size > 0 || refreshesAll || filesCameOrWent || rescan) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.#clock.after(this.#isBlind ? RESCAN_BLIND_MS : RESCAN_MS, () => this.#requestRescan());
    const abort = (): void => reject(signal.reason as Error);
    this.#wake = resolve;
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      timer.cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  /** What changed since the last time. */
  take(): FileChanges {
    const changes = this.#changes;
    this.#changes = noChanges();
    return changes;
  }

  /** Reports paths as to be told again. */
  refresh(paths: Iterable<string>): void {
    for (const path of paths) this.#changes.refreshed.add(path);
    this.#wake?.();
  }

  /** Reports everything as to be told again. */
  refreshAll(): void {
    this.#changes.refreshesAll = true;
    this.#wake?.();
  }

  /** Reports a path as changed after a delay. */
  addLater(path: string, delayMs: number): void {
    this.#clock.after(delayMs, () => {
      this.#changes.paths.add(path);
      this.#wake?.();
    });
  }

  /** Takes up files that are read since the last time, where they are not watched with the folder. */
  follow(): void {
    const paths = this.#scope.type === 'file' ? watchedPaths(this.#tree) : includedPaths(this.#tree);
    const wanted = paths.filter((path) => !this.#followed.has(path));
    for (const path of wanted) this.#followed.add(path);
    if (wanted.length > 0) this.#watcher.add(wanted);
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }

  #take(event: string, path: string): void {
    if (basename(path).startsWith('..')) this.#changes.rescan = true;
    else if (event === 'addDir' || event === 'unlinkDir') return;
    else {
      this.#changes.paths.add(path);
      if (event !== 'change') this.#changes.filesCameOrWent = true;
    }
    this.#wake?.();
  }

  #requestRescan(): void {
    this.#changes.rescan = true;
    this.#wake?.();
  }

  #isIgnored(path: string, isFile: boolean): boolean {
    if (path === this.#scope.root || this.#followed.has(path)) return false;
    const name = basename(path);
    // The link that Kubernetes moves to a new version of a mounted ConfigMap must be seen, what it leads to need not.
    if (name === '..data') return false;
    if (isSkippedFolder(name)) return true;
    return isFile && !hasDescriptorName(name) && this.#tree.get(path) === undefined;
  }
}

function noChanges(): FileChanges {
  return { paths: new Set(), refreshed: new Set(), refreshesAll: false, filesCameOrWent: false, rescan: false };
}

/** What placeholders stand for. */
function includedPaths(tree: FileTree): readonly string[] {
  return [...tree.files()].flatMap((file) => [...file.includes]);
}

/** What a source of one file looks at: its files, those that are missing, the folders of globs, what placeholders name. */
function watchedPaths(tree: FileTree): readonly string[] {
  const paths = [...includedPaths(tree)];
  for (const file of tree.files()) {
    paths.push(file.path);
    for (const target of file.openTargets) {
      if (target.type === 'file') paths.push(target.path);
      else if (target.type === 'glob') paths.push(target.base);
    }
  }
  return paths;
}
