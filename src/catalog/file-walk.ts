import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { compareText } from '../base/text-order.ts';
import { hasDescriptorName, isSkippedFolder } from './descriptor-search.ts';
import { isInside } from './location-target.ts';

/** Deeper folders are not searched; also what ends a loop that links made. */
const MAX_DEPTH = 64;

/** A folder below the root that could not be looked into. */
export interface ClosedFolder {
  readonly path: string;
  readonly error: NodeJS.ErrnoException;
}

/**
 * Finds the files of a folder that may hold descriptors, in the order of their names, folder by folder.
 * Links to files are followed while they stay inside `root` and lead to what is not found at its own place; links to
 * folders are not followed, and a `folder` that is a link out of `root` is empty.
 *
 * @param onClosed told of a folder that cannot be opened; the search goes on beside it
 * @throws the file system's error when `folder` itself cannot be opened
 */
export async function* walkDescriptors(
  folder: string,
  root: string,
  onClosed: (closed: ClosedFolder) => void,
): AsyncGenerator<readonly string[]> {
  const realRoot = await realpath(root);
  if (!isInside(await realpath(folder), realRoot)) return;
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = await list(next.path, next.depth === 0, onClosed);
    const files: string[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      const path = join(next.path, entry.name);
      if (entry.isDirectory() && !isSkippedFolder(entry.name)) folders.push(path);
      else if (hasDescriptorName(entry.name) && (entry.isFile() || (await isLinkInside(entry, path, realRoot)))) {
        files.push(path);
      }
    }
    if (files.length > 0) yield files;
    if (next.depth >= MAX_DEPTH) continue;
    const depth = next.depth + 1;
    // The last pushed is searched first, so the order of names needs the reverse.
    for (const path of folders.toReversed()) pending.push({ path, depth });
  }
}

async function list(
  path: string,
  isTop: boolean,
  onClosed: (closed: ClosedFolder) => void,
): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.toSorted((left, right) => compareText(left.name, right.name));
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException;
    if (isTop || error.code === undefined) throw thrown;
    onClosed({ path, error });
    return [];
  }
}

/** True for a link to a file inside the root that the search does not find at its own place. */
async function isLinkInside(entry: Dirent, path: string, realRoot: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  try {
    const real = await realpath(path);
    if (!isInside(real, realRoot) || !(await stat(real)).isFile()) return false;
    const isFoundItself = hasDescriptorName(real) && !relative(realRoot, real).split(sep).some(isSkippedFolder);
    return !isFoundItself;
  } catch (thrown) {
    // A link to nothing is not a file; anything that is no file system error is a fault.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    return false;
  }
}
