import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import { mayHoldEntities, type ReadMode } from './descriptor-search.ts';
import { readDescriptor, type Descriptor } from './descriptor.ts';
import { documentLimits } from './document.ts';
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

/**
 * Reads files one after the other.
 * @returns results for the first of them, at least one: a bounded amount of text at a time is held in memory
 */
export async function readDescriptorFiles(
  requests: readonly FileRequest[],
  kinds: KindChecks,
  rules: string,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  let characters = 0;
  for (const request of requests) {
    const result = await readDescriptorFile(request, kinds, rules);
    results.push(result);
    if (result.status !== 'read') continue;
    for (const entity of result.descriptor.entities) characters += entity.body.length;
    if (characters > ANSWER_CHARACTERS) break;
  }
  return results;
}

/**
 * Reads one descriptor file. Never throws for what a file may be: missing, unreadable, too large, a pipe, a link that
 * leads out of the root are all results.
 *
 * @param rules fingerprint of the kinds and rules; part of the content fingerprint
 */
export async function readDescriptorFile(request: FileRequest, kinds: KindChecks, rules: string): Promise<FileResult> {
  try {
    return await readGuarded(request, kinds, rules);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'missing' };
    return {
      status: 'unreadable',
      code: 'file-unreadable',
      message: `The file cannot be read: ${errorMessage(thrown)}`,
    };
  }
}

async function readGuarded(request: FileRequest, kinds: KindChecks, rules: string): Promise<FileResult> {
  const real = await realpath(request.path);
  if (real !== request.root && !real.startsWith(request.root.endsWith(sep) ? request.root : request.root + sep)) {
    return {
      status: 'unreadable',
      code: 'target-outside',
      message: 'The file is a link that leads out of the catalog’s folder',
    };
  }
  // Without O_NONBLOCK opening a pipe would wait for its writer for ever.
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return { status: 'unreadable', code: 'file-unreadable', message: 'This is not a file' };
    const stamp = `${stat.mtimeMs}-${stat.size}-${stat.ino}`;
    if (stamp === request.knownStamp && request.knownContent !== undefined) {
      return { status: 'unchanged', stamp, content: request.knownContent };
    }
    if (stat.size > documentLimits.fileBytes) {
      const message = `The file has ${stat.size} bytes; at most ${documentLimits.fileBytes} are read`;
      return { status: 'unreadable', code: 'document-limit', message };
    }
    const bytes = await file.readFile();
    const digest = createHash('sha256')
      .update(JSON.stringify([rules, request.mode, request.origin, request.parent ?? '']))
      .update(bytes)
      .digest('hex')
      .slice(0, 32);
    if (request.knownContent === `F${digest}`) return { status: 'unchanged', stamp, content: `F${digest}` };
    const descriptor = readText(bytes.toString('utf8'), request, kinds);
    const content = `${descriptor.targets.length > 0 ? 'L' : 'F'}${digest}`;
    return { status: 'read', stamp, content, modifiedAt: stat.mtimeMs, descriptor };
  } finally {
    await file.close();
  }
}

function readText(text: string, request: FileRequest, kinds: KindChecks): Descriptor {
  if (request.mode === 'search' && !mayHoldEntities(text)) return EMPTY;
  return readDescriptor(text, { location: `file:${request.path}`, origin: request.origin, mode: request.mode }, kinds);
}
