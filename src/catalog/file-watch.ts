import { watch } from 'chokidar';
import { basename } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { hasDescriptorName, isSkippedFolder } from './descriptor-search.ts';
import type { FileScope } from './file-scope.ts';
import type { FileTree } from './file-tree.ts';

/** What happened since the last time it was asked. */
export interface FileChanges {
  readonly paths: ReadonlySet<string>;
  /** Paths to be told again even if they are unchanged. */
  readonly refreshed: ReadonlySet<string>;
  readonly filesCameOrWent: boolean;
  /** Look at everything. */
  readonly rescan: boolean;
}

/** Collects what changed in the files of a source. */
export interface FileWatch {
  /** True where the system cannot watch: then only rescans find changes. */
  readonly isBlind: boolean;
  /** Resolves when something changed, or after `rescanMs` with a rescan. Rejects with the signal's reason. */
  changed(rescanMs: number, signal: AbortSignal): Promise<void>;
  take(): FileChanges;
  /** Reports paths as to be told again. */
  add(paths: Iterable<string>): void;
  /** Reports paths as changed after a delay. */
  addLater(paths: readonly string[], delayMs: number): void;
  /** Takes up files that the source reads since the last time, where it watches single files. */
  follow(): void;
  close(): Promise<void>;
}

/**
 * Watches the folder of a scope. Events only say where to look; what is so is read from the file. For a source of one
 * file, only the files that it names are looked at.
 */
export function watchFiles(scope: FileScope, tree: FileTree, clock: Clock): FileWatch {
  let paths = new Set<string>();
  let refreshed = new Set<string>();
  let filesCameOrWent = false;
  let rescan = false;
  let isBlind = false;
  let wake: (() => void) | undefined;
  const notify = (): void => wake?.();
  const followed = new Set(scope.type === 'file' ? watchedPaths(tree) : []);
  const watcher = watch(scope.type === 'file' ? [...followed] : scope.root, {
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
    ignorePermissionErrors: true,
    ignored: (path, stats) =>
      path !== scope.root && !followed.has(path) && isIgnored(path, stats?.isFile() ?? false, tree),
  });
  watcher.on('all', (event, path) => {
    if (event === 'change') paths.add(path);
    else if (basename(path).startsWith('..')) rescan = true;
    else if (event === 'addDir' || event === 'unlinkDir') return;
    else {
      paths.add(path);
      filesCameOrWent = true;
    }
    notify();
  });
  watcher.on('ready', () => {
    rescan = true;
    notify();
  });
  watcher.on('error', () => {
    isBlind = true;
    rescan = true;
    notify();
  });
  return {
    get isBlind() {
      return isBlind;
    },
    async changed(rescanMs, signal) {
      const isPending = paths.size > 0 || refreshed.size > 0 || filesCameOrWent || rescan;
      if (isPending) return;
      await new Promise<void>((resolve, reject) => {
        const timer = clock.after(rescanMs, () => {
          rescan = true;
          notify();
        });
        const settle = (finish: () => void) => (): void => {
          timer.cancel();
          wake = undefined;
          signal.removeEventListener('abort', abort);
          finish();
        };
        const abort = settle(() => reject(signal.reason as Error));
        wake = settle(resolve);
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
      });
    },
    take() {
      const changes = { paths, refreshed, filesCameOrWent, rescan };
      paths = new Set();
      refreshed = new Set();
      filesCameOrWent = false;
      rescan = false;
      return changes;
    },
    add(more) {
      for (const path of more) refreshed.add(path);
      if (refreshed.size > 0) notify();
    },
    addLater(more, delayMs) {
      clock.after(delayMs, () => {
        for (const path of more) paths.add(path);
        notify();
      });
    },
    follow() {
      if (scope.type !== 'file') return;
      const wanted = watchedPaths(tree).filter((path) => !followed.has(path));
      for (const path of wanted) followed.add(path);
      if (wanted.length > 0) watcher.add(wanted);
    },
    close: () => watcher.close(),
  };
}

/** What a source of one file looks at: its files, those that are missing, and the folders of globs. */
function watchedPaths(tree: FileTree): readonly string[] {
  const paths: string[] = [];
  for (const file of tree.files()) {
    paths.push(file.path);
    for (const target of file.openTargets) {
      if (target.type === 'file') paths.push(target.path);
      else if (target.type === 'glob') paths.push(target.base);
    }
  }
  return paths;
}

function isIgnored(path: string, isFile: boolean, tree: FileTree): boolean {
  const name = basename(path);
  // The link that Kubernetes moves to a new version of a mounted ConfigMap must be seen, what it leads to need not.
  if (name === '..data') return false;
  if (isSkippedFolder(name)) return true;
  return isFile && !hasDescriptorName(name) && tree.get(path) === undefined;
}
