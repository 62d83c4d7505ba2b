import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { errorMessage } from '../base/errors.ts';
import { documentLimits } from './document.ts';
import { isInside } from './location-target.ts';

/** What a file turned out to be. */
export type LoadedFile =
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly code: string; readonly message: string }
  /** The stamp is the known one; nothing was read. */
  | { readonly status: 'same'; readonly stamp: string }
  | {
      readonly status: 'loaded';
      readonly bytes: Buffer;
      /** Modification time, size and inode: what tells a changed file without reading it. */
      readonly stamp: string;
      /** Milliseconds since the epoch. */
      readonly modifiedAt: number;
    };

/**
 * Reads a descriptor file. Never throws for what a file may be: missing, unreadable, too large, a pipe, a link that
 * leads out of the root are all results.
 *
 * @param root real path of the folder that the file may not lie outside of, also through links
 * @param knownStamp stamp of the last reading
 */
export async function loadFile(path: string, root: string, knownStamp?: string): Promise<LoadedFile> {
  try {
    return await load(path, root, knownStamp);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'missing' };
    return unreadable('file-unreadable', `The file cannot be read: ${errorMessage(thrown)}`);
  }
}

async function load(path: string, root: string, knownStamp: string | undefined): Promise<LoadedFile> {
  const real = await realpath(path);
  if (!isInside(real, root)) {
    return unreadable('target-outside', 'The file is a link that leads out of the catalog’s folder');
  }
  // Without O_NONBLOCK opening a pipe would wait for its writer for ever.
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return unreadable('file-unreadable', 'This is not a file');
    const stamp = `${stat.mtimeMs}-${stat.size}-${stat.ino}`;
    if (stamp === knownStamp) return { status: 'same', stamp };
    if (stat.size > documentLimits.fileBytes) {
      const message = `The file has ${stat.size} bytes; at most ${documentLimits.fileBytes} are read`;
      return unreadable('document-limit', message);
    }
    return { status: 'loaded', bytes: await file.readFile(), stamp, modifiedAt: stat.mtimeMs };
  } finally {
    await file.close();
  }
}

function unreadable(code: string, message: string): LoadedFile {
  return { status: 'unreadable', code, message };
}
