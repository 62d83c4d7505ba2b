import { readFile, stat } from 'node:fs/promises';
import { declaredRef } from './validate.ts';
import { parseDocuments, type Place } from './document.ts';
import type { Path } from './finding.ts';

/** Larger files are not parsed again only to say the line of a reference. */
const MAX_BYTES = 64 * 1024;

/**
 * Finds where a field of an entity stands in its file, for a problem that was found in the graph and not in the file.
 * @returns `undefined` where the location is no file, or is too large, or holds the entity no more
 */
export async function placeInFile(location: string, entityRef: string, path: Path): Promise<Place | undefined> {
  if (!location.startsWith('file:')) return undefined;
  try {
    const file = location.slice('file:'.length);
    if ((await stat(file)).size > MAX_BYTES) return undefined;
    for (const parsed of parseDocuments(await readFile(file, 'utf8'))) {
      if (parsed.ok && declaredRef(parsed.document.value) === entityRef) return parsed.document.place(path);
    }
  } catch (thrown) {
    // The file may be gone by now; its source will tell. Anything that is no file system error is a fault.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
  }
  return undefined;
}
