import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { ApiStatusError } from './api-status.ts';
import { type Json, type JsonMap, plainText } from './kube-object.ts';
import { refusalOf } from './representation.ts';
import { readProtobuf } from './protobuf-body.ts';

/** Bodies above this are refused, as the API server does; bytes. */
const LARGEST_BODY = 3 * 1024 * 1024;
/** Answers from this size on are compressed where the client can read that, bytes. */
const GZIP_FROM = 128 * 1024;

/** The body of a request as an object, from JSON, YAML or protobuf; null without one. @throws ApiStatusError 400, 413, 415 */
export async function readBody(request: Http2ServerRequest): Promise<Json> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY)
      throw new ApiStatusError('RequestEntityTooLarge', `Request entity too large: limit is ${LARGEST_BODY}`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (request.headers['content-type'] === 'application/vnd.kubernetes.protobuf') return readProtobuf(bytes);
  const text = bytes.toString();
  if (text === '') return null;
  try {
    return (
      text.trimStart().startsWith('{') || text.trimStart().startsWith('[') ? JSON.parse(text) : parse(text)
    ) as Json;
  } catch (error) {
    throw new ApiStatusError(
      'BadRequest',
      `the object provided is unrecognized: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Sends what was found. @throws ApiStatusError 404 where nothing was */
export function sendFound(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  found: JsonMap | undefined,
): void {
  if (!found) throw new ApiStatusError('NotFound', 'the server could not find the requested resource');
  sendJson(request, response, 200, found);
}

/** Sends a discovery document, aggregated or not. */
export function sendDiscovery(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  body: JsonMap,
  isAggregated: boolean,
): void {
  const type = isAggregated
    ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    : 'application/json';
  send(request, response, 200, JSON.stringify(body), { 'content-type': type });
}

/** Sends an object. */
export function sendJson(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  code: number,
  body: JsonMap,
): void {
  send(request, response, code, `${JSON.stringify(body)}\n`);
}

/** Refuses a request in the form that its client reads. */
export function sendRefusal(request: Http2ServerRequest, response: Http2ServerResponse, error: ApiStatusError): void {
  const { type, bytes } = refusalOf(request.headers.accept, error);
  const wait = error.details?.['retryAfterSeconds'];
  const more = wait === undefined ? {} : { 'retry-after': plainText(wait) };
  const whole = typeof bytes === 'string' ? `${bytes}\n` : bytes;
  send(request, response, error.code, whole, { 'content-type': type, ...more });
}

/** Sends JSON or bytes, compressed where it is large and the client can read that. @returns bytes of the body as sent */
export function send(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  code: number,
  whole: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): number {
  const body = typeof whole === 'string' ? Buffer.from(whole) : whole;
  const isSmaller = body.length > GZIP_FROM && String(request.headers['accept-encoding'] ?? '').includes('gzip');
  const sent = isSmaller ? gzipSync(body, { level: 1 }) : body;
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': sent.length,
    ...(isSmaller ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  });
  response.end(sent);
  return sent.length;
}
