import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plainSecurityPolicy, webSecurityPolicy } from './content-security.ts';
import { serverError } from './errors.ts';
import { answerFile } from './file-answer.ts';

/** Paths that are never a view of the web interface: what is missing there is an error and not a page. */
const notViews = ['/api/', '/plugins/', '/assets/', '/shared/'];

const notBuilt = `<!doctype html>
<html lang="en">
<title>Callboard</title>
<h1>Callboard runs, but its web interface is not built</h1>
<p>Build it with <code>npm run build:web</code> and load this page again. The API works without it: <a href="/api/docs">/api/docs</a>.</p>
</html>
`;

interface IndexPage {
  readonly modifiedMs: number;
  readonly html: string;
  readonly policy: string;
}

/**
 * Serves the built web interface: its files, and its page for every path that a person may open. The page's content
 * security policy is made from the page itself and made anew when a build replaced it.
 *
 * @param app the server
 * @param folder absolute path of the built web interface; it need not exist
 */
export function serveWeb(app: FastifyInstance, folder: string): void {
  let page: IndexPage | undefined;
  const answerPage = async (reply: FastifyReply): Promise<FastifyReply> => {
    page = await readPage(folder, page);
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    if (page === undefined)
      return reply.status(503).header('content-security-policy', plainSecurityPolicy).send(notBuilt);
    return reply.header('content-security-policy', page.policy).send(page.html);
  };
  const config = { permission: 'public' } as const;
  app.get('/', { config }, (_request, reply) => answerPage(reply));
  app.get('/*', { config }, async (request, reply) => {
    const path = pathOf(request);
    const cacheControl = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const file =
      path === '/index.html'
        ? undefined
        : await answerFile(request, reply, { folder, path: path.slice(1), cacheControl });
    if (file !== undefined) return file;
    if (isNavigation(request, path)) return answerPage(reply);
    throw serverError('ROUTE_NOT_FOUND', { method: request.method, path });
  });
  app.setNotFoundHandler((request) => {
    throw serverError('ROUTE_NOT_FOUND', { method: request.method, path: pathOf(request) });
  });
}

function isNavigation(request: FastifyRequest, path: string): boolean {
  if (notViews.some((prefix) => path.startsWith(prefix)) || path === '/api') return false;
  return (request.headers.accept ?? '').includes('text/html');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

async function readPage(folder: string, known: IndexPage | undefined): Promise<IndexPage | undefined> {
  const path = join(folder, 'index.html');
  try {
    const { mtimeMs } = await stat(path);
    if (known?.modifiedMs === mtimeMs) return known;
    const html = await readFile(path, 'utf8');
    return { modifiedMs: mtimeMs, html, policy: webSecurityPolicy(html) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
