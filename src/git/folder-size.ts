import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What lies in a folder and below. */
export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Measures a folder; links count as themselves. Stops counting once a limit is passed. Files that go meanwhile do not
 * count.
 */
export async function measureFolder(folder: string, limits: FolderSize): Promise<FolderSize> {
  let bytes = 0;
  let files = 0;
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of await present(readdir(path, { withFileTypes: true }), [])) {
      const below = join(path, entry.name);
      if (entry.isDirectory()) pending.push(below);
      else {
        files += 1;
        bytes += (await present(lstat(below), undefined))?.size ?? 0;
      }
      if (bytes > limits.bytes || files > limits.files) return { bytes, files };
    }
  }
  return { bytes, files };
}

async function present<T, U>(reading: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await reading;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    return otherwise;
  }
}
