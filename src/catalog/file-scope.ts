import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import { hasDescriptorName, isSkippedFolder, searchMode, type ReadMode } from './descriptor-search.ts';
import { failure } from './errors.ts';
import { walkDescriptors, type ClosedFolder } from './file-walk.ts';
import { isInside } from './location-target.ts';

/** Which files a configured file, folder or glob means. */
export interface FileScope {
  readonly type: 'file' | 'folder' | 'glob';
  /** Absolute path of the file or folder; of a glob, the folder that it searches. */
  readonly target: string;
  /** Absolute folder that nothing may lie outside of. */
  readonly root: string;
  /** True for a file that the configuration itself leads to, by its name alone. */
  includes(path: string): boolean;
  /** How such a file is read. */
  modeOf(path: string): ReadMode;
  /** @throws SOURCE_UNREADABLE when there is nothing to be searched any more */
  check(): Promise<void>;
  /** The files that are there now, in order, in batches. */
  find(onClosed: (closed: ClosedFolder) => void): AsyncIterable<readonly string[]>;
}

/**
 * Works out what a configured target means. A target that does not exist is taken for a file when its name is one of a
 * descriptor; it may still come.
 *
 * @param target absolute path of a file, a folder, or a glob
 * @param root absolute folder that nothing may lie outside of; absent: the folder of the target
 * @throws SOURCE_UNREADABLE when neither file nor folder is there to be searched
 */
export async function openScope(target: string, root?: string): Promise<FileScope> {
  const scope = await scopeOf(target, root);
  return {
    ...scope,
    root: root ?? scope.root,
    check: async () => {
      await scopeOf(scope.target, root);
    },
  };
}

/** `root` is that of a scope by itself. */
type Scope = Omit<FileScope, 'check'>;

async function scopeOf(target: string, root: string | undefined): Promise<Scope> {
  const found = await kindOf(target);
  if (found === 'folder') return folderScope(target, root ?? target);
  if (found === 'file') return fileScope(target);
  const { isGlob, base, glob } = picomatch.scan(target);
  if (isGlob && (await kindOf(base)) === 'folder') return globScope(base, glob, root ?? base);
  const mayCome = root !== undefined || (await kindOf(dirname(target))) === 'folder';
  if (!isGlob && hasDescriptorName(target) && mayCome) return fileScope(target);
  throw failure('SOURCE_UNREADABLE', { target, reason: 'it does not exist' });
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw failure('SOURCE_UNREADABLE', { target: path, reason: code ?? 'unknown' }, thrown);
  }
}

function fileScope(target: string): Scope {
  return {
    type: 'file',
    target,
    root: dirname(target),
    includes: (path) => path === target,
    modeOf: () => 'named',
    find: async function* find() {
      yield [target];
    },
  };
}

function folderScope(target: string, root: string): Scope {
  return {
    type: 'folder',
    target,
    root: target,
    includes: (path) => isInside(path, target) && hasDescriptorName(path) && !isBelowSkipped(path, target),
    modeOf: searchMode,
    find: (onClosed) => walkDescriptors(target, root, onClosed),
  };
}

/** A glob whose last part is a plain name means those files; one with a wildcard there is a search. */
function globScope(base: string, glob: string, root: string): Scope {
  const match = picomatch(glob);
  const isNamed = !picomatch.scan(basename(glob)).isGlob;
  const includes = (path: string): boolean =>
    isInside(path, base) && hasDescriptorName(path) && !isBelowSkipped(path, base) && match(relative(base, path));
  return {
    type: 'glob',
    target: base,
    root: base,
    includes,
    modeOf: isNamed ? () => 'named' : searchMode,
    find: async function* find(onClosed) {
      for await (const files of walkDescriptors(base, root, onClosed)) {
        const matching = files.filter(includes);
        if (matching.length > 0) yield matching;
      }
    },
  };
}

/** True when a search of `root` does not come to `path`. */
export function isBelowSkipped(path: string, root: string): boolean {
  return relative(root, join(path)).split(sep).some(isSkippedFolder);
}
