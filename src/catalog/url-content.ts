import { createHash } from 'node:crypto';
import type { UrlReader, UrlResult, UrlVersion } from '../url/url-reader.ts';
import type { FileRequest, FileResult } from './file-read.ts';
import type { FileReader } from './file-reader.ts';
import { includedUrl } from './included-url.ts';
import type { Included } from './placeholders.ts';

/** Most placeholders of one file that are fetched, and bytes that they may have together. */
const MAX_INCLUDES = 200;
const MAX_INCLUDED_BYTES = 16 * 1024 * 1024;
/** A file is read to learn its placeholders, and again with what they stand for; that brings no further ones. */
const MAX_ROUNDS = 2;

/** What tells whether the content of a URL, or what its placeholders stand for, has changed. */
export interface ContentState {
  readonly version: UrlVersion;
  readonly digest: string;
  readonly includes: ReadonlyMap<string, IncludeState>;
}

interface IncludeState {
  readonly url: string | undefined;
  readonly version: UrlVersion | undefined;
  /** Digest of the text, or what is wrong. */
  readonly outcome: string;
}

/** What a look at a URL found. */
export type ContentLook =
  | { readonly status: 'unchanged'; readonly state: ContentState }
  | { readonly status: 'missing'; readonly message: string }
  | (Pick<UrlResult & { status: 'failed' }, 'message' | 'retryAfterMs' | 'isSilent'> & { readonly status: 'failed' })
  | { readonly status: 'read'; readonly result: FileResult; readonly state: ContentState };

/** Reads descriptors behind URLs, with the texts that their placeholders stand for. */
export class UrlContent {
  readonly #urls: UrlReader;
  readonly #reader: FileReader;
  readonly #signal: AbortSignal;

  constructor(urls: UrlReader, reader: FileReader, signal: AbortSignal) {
    this.#urls = urls;
    this.#reader = reader;
    this.#signal = signal;
  }

  /**
   * Looks at a URL.
   * @param known what the last look found; absent: everything is fetched and read
   */
  async look(url: string, known: ContentState | undefined, request: FileRequest): Promise<ContentLook> {
    let found = await this.#read(url, known?.version);
    const isSame = found.status === 'unchanged' || (found.status === 'read' && digestOf(found.bytes) === known?.digest);
    if (known !== undefined && isSame) {
      const version = found.status === 'read' ? found.version : known.version;
      if (await this.#areSame(known.includes)) return { status: 'unchanged', state: { ...known, version } };
      if (found.status === 'unchanged') found = await this.#read(url, undefined);
    }
    if (found.status === 'missing') return found;
    if (found.status !== 'read') return failureOf(found);
    if (isWebPage(found)) return { status: 'failed', message: `${NO_DESCRIPTOR}; use the URL of the raw file` };
    return this.#parse(url, found, request);
  }

  async #parse(url: string, found: UrlResult & { status: 'read' }, request: FileRequest): Promise<ContentLook> {
    const { bytes, version } = found;
    // A target may be called like anything that objects inherit.
    const included = Object.create(null) as Record<string, Included>;
    const includes = new Map<string, IncludeState>();
    let size = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const [result] = await this.#reader.read([{ ...request, content: { bytes, included } }]);
      if (result === undefined) throw new Error('the reader of descriptors gave no answer');
      const unknown = result.status === 'read' ? result.descriptor.unknownIncludes : [];
      if (unknown.length === 0) {
        return { status: 'read', result, state: { version, digest: digestOf(bytes), includes } };
      }
      for (const target of unknown) {
        const isTooMuch = includes.size >= MAX_INCLUDES || size > MAX_INCLUDED_BYTES;
        const { text, state } = isTooMuch ? failedInclude(TOO_MUCH) : await this.#include(target, url);
        size += text.status === 'text' ? text.text.length : 0;
        included[target] = text;
        includes.set(target, state);
      }
    }
    return { status: 'failed', message: 'What its placeholders stand for cannot be told' };
  }

  async #include(target: string, base: string): Promise<{ readonly text: Included; readonly state: IncludeState }> {
    const url = includedUrl(target, base);
    if (url === undefined) return failedInclude('it is not on the same host as the file');
    const found = await this.#read(url, undefined);
    if (found.status !== 'read') return failedInclude(failureOf(found).message, url);
    const text = found.bytes.toString('utf8');
    return {
      text: { status: 'text', text },
      state: { url, version: found.version, outcome: outcomeOf(found) },
    };
  }

  async #areSame(includes: ReadonlyMap<string, IncludeState>): Promise<boolean> {
    for (const { url, version, outcome } of includes.values()) {
      if (url === undefined) continue;
      const found = await this.#read(url, version);
      if (found.status !== 'unchanged' && outcomeOf(found) !== outcome) return false;
    }
    return true;
  }

  #read(url: string, known: UrlVersion | undefined): Promise<UrlResult> {
    return this.#urls.read(url, { known, signal: this.#signal });
  }
}

const NO_DESCRIPTOR = 'The URL answers with a web page and not with a descriptor';
const TOO_MUCH = `a file may bring in ${MAX_INCLUDES} others, of ${MAX_INCLUDED_BYTES} bytes together`;

function failedInclude(message: string, url?: string): { readonly text: Included; readonly state: IncludeState } {
  return { text: { status: 'failed', message }, state: { url, version: undefined, outcome: message } };
}

function outcomeOf(found: UrlResult): string {
  return found.status === 'read' ? `#${digestOf(found.bytes)}` : failureOf(found).message;
}

function failureOf(found: UrlResult): ContentLook & { readonly status: 'failed' } {
  if (found.status === 'failed') return found;
  return { status: 'failed', message: 'message' in found ? found.message : 'It was not sent' };
}

function isWebPage({ contentType, bytes }: { readonly contentType: string; readonly bytes: Buffer }): boolean {
  return /^text\/html\b/i.test(contentType) && /^\s*</.test(bytes.toString('utf8', 0, 200));
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
