import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';

/** What `Accept-Encoding` asks for; an answer in any other coding, or in two, is not read. */
export const acceptedCodings = 'gzip, br';

const decoders: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
]);

/** A body that is not taken: too large, or in a coding that nobody asked for. The message says which. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
}

/**
 * Reads a whole body, decoded. No more than the limit is taken, before and after decoding, so an endless answer and one
 * that unpacks to gigabytes both end early.
 *
 * @param limit most bytes
 * @throws BodyRefused; errors of the connection and of broken compressed data as they are
 */
export async function readBody(response: IncomingMessage, limit: number, signal: AbortSignal): Promise<Buffer> {
  const coding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
  const createDecoder = decoders.get(coding);
  if (createDecoder === undefined && coding !== '' && coding !== 'identity') {
    throw new BodyRefused(`its body is encoded as ${JSON.stringify(coding.slice(0, 40))}`);
  }
  if (Number(response.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of bounded(source, limit)) chunks.push(chunk);
  };
  if (createDecoder === undefined) await pipeline(response, collect, { signal });
  else
    await pipeline(response, (source: AsyncIterable<Buffer>) => bounded(source, limit), createDecoder(), collect, {
      signal,
    });
  return Buffer.concat(chunks);
}

async function* bounded(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    yield chunk;
  }
}

function tooLarge(limit: number): BodyRefused {
  return new BodyRefused(`its body has more than the ${limit} bytes that are read`);
}
