import { createHash } from 'node:crypto';
import type { AllowedKind } from '../model/catalog-rule.ts';
import { mayHoldEntities, type ReadMode } from './descriptor-search.ts';
import { emptyDescriptor, readDescriptor, type Descriptor } from './descriptor.ts';
import { NO_PLACEHOLDERS_IN_FILES } from './exact-reading.ts';
import { includeFile } from './included-file.ts';
import { loadFile, type LoadedFile } from './guarded-file.ts';
import { mayLast } from './lasting-targets.ts';
import type { Included } from './placeholders.ts';
import type { KindChecks } from './validate.ts';

/** How descriptors of one source are read. Plain data: it crosses to the reading thread. */
export interface ReadingRules {
  /** The kinds that may come from there; absent: all. */
  readonly allowed?: readonly AllowedKind[] | undefined;
  /** True where files are read as Backstage reads them. */
  readonly exact: boolean;
}

/** Content that is at hand, with the texts that its placeholders stand for, as far as they were fetched. */
export interface FetchedContent {
  readonly bytes: Uint8Array;
  readonly included: Readonly<Record<string, Included>>;
}

/** One file to read. Plain data: it crosses to the reading thread. */
export interface FileRequest {
  /** Location ref of the file. */
  readonly location: string;
  /** Absolute path; of fetched content nothing. */
  readonly path: string;
  /** Real path of the folder that the file may not lie outside of, also through links. */
  readonly root: string;
  readonly mode: ReadMode;
  readonly rules: ReadingRules;
  /** Annotations that the location gives its entities; a value in the file wins. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Targets of placeholders that are addresses of files of the source, with their paths from its top. */
  readonly aliases?: ReadonlyMap<string, string> | undefined;
  /** Present where the content is no file: then nothing is read from `path`. */
  readonly content?: FetchedContent | undefined;
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
      /** Hash of the content and of how it is read; it begins with `L` where what the file says depends on others, or others on it. */
      readonly content: string;
      /** Milliseconds since the epoch. */
      readonly modifiedAt: number;
      readonly descriptor: Descriptor;
    };

/** A list of files is answered in part once so many characters of entities were read; the rest is asked for again. */
const ANSWER_CHARACTERS = 512 * 1024;

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
  const loaded = request.content ? atHand(request.content) : await load(request.path, request.root, knownStamp);
  if (loaded.status === 'missing' || loaded.status === 'unreadable') return loaded;
  const { stamp } = loaded;
  if (loaded.status === 'same') return { status: 'unchanged', stamp, content: request.knownContent ?? '' };
  const { bytes, modifiedAt } = loaded;
  const digest = createHash('sha256')
    .update(JSON.stringify([rules, request.mode, request.origin, request.parent ?? '', request.rules]))
    .update(JSON.stringify(request.annotations ?? {}))
    .update(bytes)
    .digest('hex')
    .slice(0, 32);
  if (request.knownContent === `F${digest}`) return { status: 'unchanged', stamp, content: `F${digest}` };
  const included = createHash('sha256');
  const descriptor = readText(bytes.toString('utf8'), request, kinds, (text) => included.update(JSON.stringify(text)));
  // Who names a file that is refused as a whole must learn of it, also after a restart; and what Locations led to that
  // cannot be read now is only found by looking at them.
  const { targets, includes, isBroken } = descriptor;
  const isAlone = targets.length === 0 && includes.length === 0 && !isBroken && !mayLast(descriptor);
  if (isAlone) {
    return { status: 'read', stamp, content: `F${digest}`, modifiedAt, descriptor };
  }
  const suffix = descriptor.includes.length === 0 ? '' : `.${included.digest('hex').slice(0, 16)}`;
  return { status: 'read', stamp, content: `L${digest}${suffix}`, modifiedAt, descriptor };
}

/** @param onIncluded is told each text that a placeholder stands for */
function readText(
  text: string,
  request: FileRequest,
  kinds: KindChecks,
  onIncluded: (included: Included) => void,
): Descriptor {
  if (request.mode === 'search' && !mayHoldEntities(text)) return emptyDescriptor;
  const { location, origin, mode, annotations } = request;
  const { allowed, exact } = request.rules;
  const include = (target: string): Included | undefined => {
    const included = includedBy(request, target);
    if (included !== undefined) onIncluded(included);
    return included;
  };
  return readDescriptor(text, { location, origin, mode, annotations, allowed, exact, include }, kinds);
}

function includedBy(request: FileRequest, target: string): Included | undefined {
  const { content, location, path, root, rules, aliases } = request;
  if (content !== undefined) return Object.hasOwn(content.included, target) ? content.included[target] : undefined;
  if (rules.exact && location.startsWith('file:')) return { status: 'failed', message: NO_PLACEHOLDERS_IN_FILES };
  return includeFile(aliases?.get(target) ?? target, path, root);
}

/** Fetched content is told apart from what was known by its digest alone. */
function atHand({ bytes }: FetchedContent): LoadedFile {
  return { status: 'loaded', bytes: Buffer.from(bytes), stamp: '', modifiedAt: 0 };
}
