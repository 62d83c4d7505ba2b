import { readFile, stat } from 'node:fs/promises';
import { declaredRef } from './validate.ts';
import { type DescriptorDocument, parseDocuments, type Place } from './document.ts';
import type { Path } from './finding.ts';

/** Larger files are not parsed again only to say the line of a reference. */
const MAX_BYTES = 64 * 1024;

type Documents = ReadonlyMap<string, DescriptorDocument>;
const none: Documents = new Map();

/**
 * Finds where fields of entities stand in their files, for problems that were found in the graph and not in the file. The last
 * file is kept as it was parsed, since the entities of a file are asked about one after the other: not for longer than one check.
 */
export class ReferencePlaces {
  #last: { readonly location: string; readonly documents: Documents } | undefined;

  /** @returns `undefined` where the location is no file, or is too large, or holds the entity no more */
  async find(location: string, entityRef: string, path: Path): Promise<Place | undefined> {
    if (this.#last?.location !== location) this.#last = { location, documents: await documentsAt(location) };
    return this.#last.documents.get(entityRef)?.place(path);
  }
}

/** The documents of a file by reference; of several with one reference the first. */
async function documentsAt(location: string): Promise<Documents> {
  if (!location.startsWith('file:')) return none;
  const documents = new Map<string, DescriptorDocument>();
  try {
    const file = location.slice('file:'.length);
    if ((await stat(file)).size > MAX_BYTES) return none;
    for (const parsed of parseDocuments(await readFile(file, 'utf8'))) {
      const ref = parsed.ok ? declaredRef(parsed.document.value) : undefined;
      if (parsed.ok && ref !== undefined && !documents.has(ref)) documents.set(ref, parsed.document);
    }
  } catch (thrown) {
    // The file may be gone by now; its source will tell. Anything that is no file system error is a fault.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
  }
  return documents;
}
