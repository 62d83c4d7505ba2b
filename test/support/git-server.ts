import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gitEnvironment } from './git-repository.ts';

/** Repositories over HTTP, as forges serve them, on loopback. */
export interface GitServer {
  /** `http://127.0.0.1:port`, without a slash. */
  readonly url: string;
  /** `METHOD path?query` of every request. */
  readonly requests: string[];
  /** Lets a test answer in its own way; true: it did. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/** Serves the bare repositories of a folder through git's own CGI program. */
export async function startGitServer(folder: string): Promise<GitServer> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
  const requests: string[] = [];
  const running = new Set<ChildProcess>();
  const http = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (!server.intercept(request, response)) runBackend(backend, folder, request, response, running);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: GitServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    intercept: () => false,
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function runBackend(
  backend: string,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  running: Set<ChildProcess>,
): void {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const child = spawn(backend, {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: [request.headers['git-protocol']].flat()[0],
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdin.on('error', () => request.destroy());
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const headers = head
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(/: (.*)/));
    const status = headers.find(([name]) => name === 'Status')?.[1];
    response.writeHead(
      Number(status?.slice(0, 3) ?? 200),
      Object.fromEntries(headers.filter(([name]) => name !== 'Status')) as Record<string, string>,
    );
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.stdout.on('end', () => response.end());
}
