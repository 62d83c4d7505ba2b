import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { isJsonObject } from '../model/json.ts';
import { storeError } from './errors.ts';
import { SCHEMA_VERSION } from './schema.ts';
import type { DumpRow, Store } from './store.ts';

/** Name of the format, first in the header. */
export const BACKUP_FORMAT = 'callboard-backup';
/** Version of the format that is written; older ones are read. */
export const BACKUP_VERSION = 1;

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const PAGE_ROWS = 500;

/** The first line of a backup. */
export interface BackupHeader {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: number;
  /** Schema of the database that the rows come from. */
  readonly schema: number;
  readonly revision: number;
  readonly engine: Store['engine'];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Encodes a backup: gzip around JSON lines, a header, the rows, and a trailer by which a torn file shows. */
export class BackupEncoder {
  readonly #hash = createHash('sha256');
  #rows = 0;

  header(header: BackupHeader): Buffer {
    return this.#hashed(`${JSON.stringify(header)}\n`);
  }

  rows(rows: readonly DumpRow[]): Buffer {
    this.#rows += rows.length;
    return this.#hashed(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  trailer(): Buffer {
    return Buffer.from(`${JSON.stringify({ trailer: { rows: this.#rows, sha256: this.#hash.digest('hex') } })}\n`);
  }

  #hashed(text: string): Buffer {
    const bytes = Buffer.from(text);
    this.#hash.update(bytes);
    return bytes;
  }
}

/**
 * The rows of a backup, in pages. What is wrong with the file may show only at its end: use nothing of it before.
 *
 * @throws BACKUP_INVALID for a file that is no backup, is torn, was changed, or comes from a newer program
 */
export async function* readBackup(file: string): AsyncGenerator<readonly DumpRow[]> {
  try {
    yield* readPages(file);
  } catch (error) {
    if (error instanceof CallboardError) throw error;
    throw storeError('BACKUP_INVALID', { file, reason: errorMessage(error) }, error);
  }
}

async function* readPages(file: string): AsyncGenerator<readonly DumpRow[]> {
  const invalid = (reason: string): Error => storeError('BACKUP_INVALID', { file, reason });
  const hash = createHash('sha256');
  let page: DumpRow[] = [];
  let rows = 0;
  let state: 'header' | 'rows' | 'end' = 'header';
  for await (const line of linesOf(file)) {
    if (state === 'end') throw invalid('something follows its end');
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (state === 'header') {
      const reason = headerFault(value);
      if (reason !== undefined) throw invalid(reason);
      state = 'rows';
    } else if (isJsonObject(value) && isJsonObject(value['trailer'])) {
      const { trailer } = value;
      if (trailer['rows'] !== rows) throw invalid('its number of rows is wrong');
      if (trailer['sha256'] !== hash.digest('hex')) throw invalid('its checksum is wrong');
      state = 'end';
      continue;
    } else {
      page.push(dumpRow(value) ?? raise(invalid('a line is not a row')));
      rows += 1;
    }
    hash.update(line);
    if (page.length === PAGE_ROWS) {
      yield page;
      page = [];
    }
  }
  if (state !== 'end') throw invalid('its end is missing');
  if (page.length > 0) yield page;
}

/** Lines with their line ends. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const input = createReadStream(file);
  const unzipped = createGunzip();
  input.on('error', (error) => unzipped.destroy(error));
  let parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input.pipe(unzipped) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...parts, chunk.subarray(start, end + 1)]);
        parts = [];
        size = 0;
        start = end + 1;
      }
      size += chunk.length - start;
      if (size > MAX_LINE_BYTES) throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes`);
      parts.push(chunk.subarray(start));
    }
  } finally {
    input.destroy();
    unzipped.destroy();
  }
  if (size > 0) throw new Error('its last line is torn');
}

function headerFault(value: unknown): string | undefined {
  if (!isJsonObject(value) || value['format'] !== BACKUP_FORMAT) return 'it does not begin as one';
  const { version, schema } = value;
  if (typeof version !== 'number' || typeof schema !== 'number') return 'its header is not complete';
  if (version > BACKUP_VERSION || schema > SCHEMA_VERSION) return 'it was made by a newer Callboard';
  return undefined;
}

function dumpRow(value: unknown): DumpRow | undefined {
  if (!isJsonObject(value) || typeof value['table'] !== 'string' || !isJsonObject(value['row'])) return undefined;
  return { table: value['table'], row: value['row'] as DumpRow['row'] };
}

function raise(error: Error): never {
  throw error;
}
