import { isJsonObject } from '../../src/model/json.ts';
import type { TestServer } from './server.ts';

/** One request of a test. */
export interface Probe {
  readonly method?: 'GET' | 'POST' | undefined;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
}

/** Everything that an answer says: status, headers, body, and what its cursors hold. */
export interface Said {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
  /** The request of the page after this one. */
  readonly next: Probe | undefined;
}

/** Sends a probe and reads all of the answer. */
export async function say(server: TestServer, probe: Probe): Promise<Said> {
  const { method = 'GET', path, body } = probe;
  const response = await server.get(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  const parsed = response.headers.get('content-type')?.includes('json') === true ? (JSON.parse(text) as unknown) : text;
  const headers = JSON.stringify([...response.headers]);
  const link = response.headers.get('link') ?? '';
  return {
    status: response.status,
    body: parsed,
    text: [response.status, headers, decoded(link), text, decoded(text)].join('\n'),
    next: nextProbe(probe, parsed, link),
  };
}

/** Sends a probe and all pages after it, at most `most`. */
export async function sayPages(server: TestServer, probe: Probe, most = 60): Promise<readonly Said[]> {
  const pages: Said[] = [];
  for (let next: Probe | undefined = probe; next !== undefined && pages.length < most;) {
    const page = await say(server, next);
    pages.push(page);
    next = page.next;
  }
  return pages;
}

/** Whatever in a text is base64 of readable text, such as a cursor, in clear. */
function decoded(text: string): string {
  const words = text.match(/[A-Za-z0-9_%+/=-]{12,}/g) ?? [];
  return words
    .map((word) =>
      Buffer.from(decodeURIComponent(word.replace(/%(?![0-9A-Fa-f]{2})/g, '')), 'base64').toString('latin1'),
    )
    .join('\n');
}

function nextProbe(probe: Probe, body: unknown, link: string): Probe | undefined {
  const linked = /<([^>]*)>/.exec(link)?.[1];
  if (linked !== undefined) return { path: `/api/catalog${linked}` };
  if (!isJsonObject(body)) return undefined;
  const { pageInfo, next } = body;
  if (isJsonObject(pageInfo) && typeof pageInfo.nextCursor === 'string') return withCursor(probe, pageInfo.nextCursor);
  return typeof next === 'string' ? withCursor(probe, next) : undefined;
}

function withCursor({ method, path, body }: Probe, cursor: string): Probe {
  if (method === 'POST') return { method, path, body: { ...(body as object), cursor } };
  const url = new URL(path, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return { path: `${url.pathname}${url.search}` };
}
