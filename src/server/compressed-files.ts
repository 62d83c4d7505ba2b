import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Encodings that are made here, the better one first. */
export const encodings = ['br', 'gzip'] as const;

/** An encoding that is made here. */
export type Encoding = (typeof encodings)[number];

/** A file to compress; its time is part of its identity, so that a changed file is compressed anew. */
export interface CompressibleFile {
  /** Absolute path. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Compressed files in memory. */
export interface CompressedFiles {
  /** The compressed bytes, or undefined where the file is too small or too large to be worth it. */
  get(file: CompressibleFile, encoding: Encoding): Promise<Buffer | undefined>;
}

/** Below this a packet holds it anyway; above, it should be compressed when it is built. Bytes. */
const minBytes = 1024;
const maxBytes = 4 * 1024 * 1024;

/** Size before compression of all files that are kept, bytes: several times the web interface and its plugins. */
const maxKeptBytes = 64 * 1024 * 1024;

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

interface Kept {
  readonly size: number;
  readonly bytes: Promise<Buffer>;
}

/**
 * Compresses files when they are first asked for, on the thread pool, and keeps the result; who asks meanwhile waits
 * for the same work. The oldest go when all together grow too large.
 */
export function keepCompressed(): CompressedFiles {
  const kept = new Map<string, Kept>();
  let keptBytes = 0;
  const forget = (key: string): void => {
    keptBytes -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    async get(file, encoding) {
      if (file.size < minBytes || file.size > maxBytes) return undefined;
      const key = `${encoding} ${file.modifiedMs} ${file.path}`;
      const known = kept.get(key);
      if (known !== undefined) return known.bytes;
      const bytes = compress(file.path, encoding);
      kept.set(key, { size: file.size, bytes });
      keptBytes += file.size;
      for (const oldest of kept.keys()) {
        if (keptBytes <= maxKeptBytes) break;
        forget(oldest);
      }
      // A file that could not be read is tried again by the next who asks.
      bytes.catch(() => forget(key));
      return bytes;
    },
  };
}

async function compress(path: string, encoding: Encoding): Promise<Buffer> {
  const bytes = await readFile(path);
  if (encoding === 'gzip') return deflate(bytes);
  return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } });
}
