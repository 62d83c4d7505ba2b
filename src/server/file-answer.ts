import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodings, keepCompressed, type Encoding } from './compressed-files.ts';

/** The kinds of files that are served; others do not exist for a client. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Kinds of files that shrink; pictures and fonts are compressed as they are. */
const shrinking = new Set(['.css', '.js', '.mjs', '.map', '.svg', '.txt', '.webmanifest']);

const compressed = keepCompressed();

interface FoundFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/**
 * Answers with a file of a folder.
 *
 * Only plain names lead to a file: no `..`, no name that begins with a dot, no symbolic link out of the folder, no kind
 * of file that is not in the table.
 *
 * @param folder absolute path; nothing outside it is ever read
 * @param path below the folder, with `/`, as the request named it
 * @param cacheControl how long a client may keep it
 * @returns undefined when there is no such file: nothing was sent
 */
export async function answerFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { folder, path, cacheControl }: { readonly folder: string; readonly path: string; readonly cacheControl: string },
): Promise<FastifyReply | undefined> {
  const contentType = contentTypes[extname(path).toLowerCase()];
  if (contentType === undefined || !isPlainPath(path)) return undefined;
  const found = await fileInside(folder, path);
  if (found === undefined) return undefined;
  const etag = `"${found.size.toString(36)}-${Math.round(found.modifiedMs).toString(36)}"`;
  void reply.headers({ 'cache-control': cacheControl, etag, vary: 'accept-encoding' }).type(contentType);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  const encoding = chooseEncoding(path, request.headers['accept-encoding'] ?? '');
  const bytes = encoding === undefined ? undefined : await compressed.get(found, encoding);
  if (encoding !== undefined && bytes !== undefined) return reply.header('content-encoding', encoding).send(bytes);
  return reply.header('content-length', found.size).send(createReadStream(found.path));
}

/** True when every segment of a path is an ordinary name. */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((segment) => /^[A-Za-z0-9_@-][A-Za-z0-9_@.-]*$/.test(segment));
}

function chooseEncoding(path: string, accepts: string): Encoding | undefined {
  if (!shrinking.has(extname(path).toLowerCase())) return undefined;
  const accepted = new Set(accepts.split(',').map((part) => part.trim().toLowerCase()));
  return encodings.find((encoding) => accepted.has(encoding));
}

async function fileInside(folder: string, path: string): Promise<FoundFile | undefined> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!real.startsWith(root + sep)) return undefined;
    const found = await stat(real);
    return found.isFile() ? { path: real, size: found.size, modifiedMs: found.mtimeMs } : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
