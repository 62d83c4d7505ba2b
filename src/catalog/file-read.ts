import { createHash } from 'node:crypto';
import { mayHoldEntities, type ReadMode } from './descriptor-search.ts';
import { readDescriptor, type Descriptor } from './descriptor.ts';
import { loadFile, type LoadedFile } from './guarded-file.ts';
import type { KindChecks } from './validate.ts';

/** One file to read. Plain data: it crosses to the reading thread. */
export interface FileRequest {
  /** Absolute path. */
  readonly path: string;
  /** Real path of the folder that the file may not lie outside of, also through links. */
  readonly root: string;
  readonly mode: ReadMode;
  /** Location ref that was configured and led here. */
  readonly origin: string;
  /** Location ref of the Location that names the file, where one does. */
  readonly parent?: string | undefined;
  /** Content fingerprint of the last reading: equal content is not parsed again. */
  readonly knownContent?: string | undefined;
  /** Stamp of the last reading: an equal stamp is not even read. */
  readonly knownStamp?: string | undefined;
}

/** What became of one file. */
export type FileResult =
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly code: string; readonly message: string }
  | { readonly status: 'unchanged'; readonly stamp: string; readonly content: string }
  | {
      readonly status: 'read';
      /** Modification time, size and inode: what tells a changed file without reading it. */
      readonly stamp: string;
      /** Hash of the content and of how it is read; it begins with `L` where the file names further locations. */
      readonly content: string;
      /** Milliseconds since the epoch. */
      readonly modifiedAt: number;
      readonly descriptor: Descriptor;
    };

/** A list of files is answered in part once so many characters of entities were read; the rest is asked for again. */
const ANSWER_CHARACTERS = 4 * 1024 * 1024;

const EMPTY: Descriptor = {
  entities: [],
  findings: [],
  targets: [],
  invalidRefs: [],
  hasUnreadable: false,
  ignored: 0,
};

/** How the bytes of a file are had. */
export type FileLoader = (path: string, root: string, knownStamp?: string) => LoadedFile | Promise<LoadedFile>;

/**
 * Reads files one after the other.
 * @returns results for the first of them, at least one: a bounded amount of text at a time is held in memory
 */
export async function readDescriptorFiles(
  requests: readonly FileRequest[],
  kinds: KindChecks,
  rules: string,
  load: FileLoader = loadFile,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  let characters = 0;
  for (const request of requests) {
    const result = await readDescriptorFile(request, kinds, rules, load);
    results.push(result);
    if (result.status !== 'read') continue;
    for (const entity of result.descriptor.entities) characters += entity.body.length;
    if (characters > ANSWER_CHARACTERS) break;
  }
  return results;
}

/**
 * Reads one descriptor file.
 * @param rules fingerprint of the kinds and rules; part of the content fingerprint
 */
async function readDescriptorFile(
  request: FileRequest,
  kinds: KindChecks,
  rules: string,
  load: FileLoader,
): Promise<FileResult> {
  const knownStamp = request.knownContent === undefined ? undefined : request.knownStamp;
  const loaded = await load(request.path, request.root, knownStamp);
  if (loaded.status === 'missing' || loaded.status === 'unreadable') return loaded;
  const { stamp } = loaded;
  if (loaded.status === 'same') return { status: 'unchanged', stamp, content: request.knownContent ?? '' };
  const { bytes, modifiedAt } = loaded;
  const digest = createHash('sha256')
    .update(JSON.stringify([rules, request.mode, request.origin, request.parent ?? '']))
    .update(bytes)
    .digest('hex')
    .slice(0, 32);
  if (request.knownContent === `F${digest}`) return { status: 'unchanged', stamp, content: `F${digest}` };
  const descriptor = readText(bytes.toString('utf8'), request, kinds);
  const content = `${descriptor.targets.length > 0 ? 'L' : 'F'}${digest}`;
  return { status: 'read', stamp, content, modifiedAt, descriptor };
}

function readText(text: string, request: FileRequest, kinds: KindChecks): Descriptor {
  if (request.mode === 'search' && !mayHoldEntities(text)) return EMPTY;
  return readDescriptor(text, { location: `file:${request.path}`, origin: request.origin, mode: request.mode }, kinds);
}
