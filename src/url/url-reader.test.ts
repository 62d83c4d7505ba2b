import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { tokenFor } from './allow-list.ts';
import { createUrlReader, type UrlLimits, type UrlReader, type UrlResult, type UrlVersion } from './url-reader.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const log = pino({ level: 'silent' });
const signal = new AbortController().signal;

let server: Server;
let host: string;
let handler: Handler;
let seen: IncomingMessage[];

beforeEach(async () => {
  seen = [];
  handler = (_request, response) => response.end('text');
  server = createServer((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function reader(limits: Partial<UrlLimits> = {}, paths?: readonly string[]): UrlReader {
  const allow = [{ host, ...(paths && { paths }) }];
  return createUrlReader({ allow, clock: systemClock, log, limits });
}

function read(path: string, known?: UrlVersion, limits?: Partial<UrlLimits>): Promise<UrlResult> {
  return reader(limits).read(`http://${host}${path}`, { known, signal });
}

function messageOf(result: UrlResult): string {
  return 'message' in result ? result.message : result.status;
}

describe('a URL that may be read', () => {
  test('gives bytes, type and what tells a change', async () => {
    handler = (_request, response) =>
      response.writeHead(200, { etag: '"1"', 'content-type': 'text/yaml' }).end('kind: Component');
    const result = await read('/catalog-info.yaml');
    expect(result).toEqual({
      status: 'read',
      bytes: Buffer.from('kind: Component'),
      version: { url: `http://${host}/catalog-info.yaml`, etag: '"1"' },
      contentType: 'text/yaml',
    });
    expect(seen[0]?.headers).toMatchObject({ 'user-agent': /^callboard\//, accept: '*/*' });
    expect(seen[0]?.headers.cookie).toBeUndefined();
  });

  test('is asked for changes only, by its ETag', async () => {
    handler = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end('text');
    };
    const first = await read('/a');
    if (first.status !== 'read') throw new Error(messageOf(first));
    expect(await read('/a', first.version)).toEqual({ status: 'unchanged' });
    expect(seen[1]?.headers['if-modified-since']).toBeUndefined();
  });

  test('is asked for changes by its date, but not where it was changed just before', async () => {
    const lastModified = new Date(systemClock.now() - 60_000).toUTCString();
    handler = (_request, response) => response.writeHead(200, { 'last-modified': lastModified }).end();
    expect(await read('/a')).toMatchObject({ version: { lastModified } });
    const version = { url: `http://${host}/a`, lastModified };
    await read('/a', version);
    expect(seen[1]?.headers['if-modified-since']).toBe(lastModified);
    handler = (_request, response) =>
      response.writeHead(200, { 'last-modified': new Date(systemClock.now()).toUTCString() }).end();
    expect(await read('/a')).toMatchObject({ status: 'read', version: { url: `http://${host}/a` } });
    expect((await read('/a')) as { version?: UrlVersion }).not.toHaveProperty('version.lastModified');
  });

  test('an answer of "not changed" that nobody asked for is a failure', async () => {
    handler = (_request, response) => response.writeHead(304).end();
    expect(await read('/a')).toMatchObject({ status: 'failed' });
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('comes encoded as %s too', async (coding, encode) => {
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': coding }).end(encode('text'));
    expect(await read('/a')).toMatchObject({ status: 'read', bytes: Buffer.from('text') });
  });

  test('survives that the server gives up a kept connection', async () => {
    const same = reader();
    handler = (request, response) => {
      response.end('text');
      // Closed without a word, as a server does whose patience ends just then.
      if (seen.length === 1) setImmediate(() => request.socket.resetAndDestroy());
    };
    await same.read(`http://${host}/a`, { signal });
    expect(await same.read(`http://${host}/b`, { signal })).toMatchObject({ status: 'read' });
  });
});

describe('a redirect', () => {
  test('is followed, relative ones too', async () => {
    handler = (request, response) => {
      if (request.url === '/end?x=1') response.writeHead(200, { etag: '"e"' }).end('text');
      else response.writeHead(302, { location: request.url === '/a' ? `http://${host}/b/c` : '../end?x=1' }).end();
    };
    expect(await read('/a')).toMatchObject({ status: 'read', version: { url: `http://${host}/end?x=1`, etag: '"e"' } });
    await read('/a', { url: `http://${host}/other`, etag: '"e"' });
    expect(seen.every((request) => request.headers['if-none-match'] === undefined)).toBe(true);
    await read('/a', { url: `http://${host}/end?x=1`, etag: '"e"' });
    expect(seen.map((request) => request.headers['if-none-match']).filter(Boolean)).toEqual(['"e"']);
  });

  test('to a host that is not allowed is refused without asking that host', async () => {
    handler = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    const result = await read('/a');
    expect(result.status).toBe('refused');
    expect(messageOf(result)).toBe(
      `http://${host}/a redirects. Reading http://169.254.169.254/latest is not allowed; ` +
        'add - host: 169.254.169.254 in reading.allow of the configuration (backend.reading.allow of app-config.yaml)',
    );
  });

  test.each([
    ['file:///etc/passwd', 'refused'],
    ['http://user:hunter2@HOST/', 'refused'],
    ['http://', 'failed'],
    [undefined, 'failed'],
  ])('to %s is not followed', async (location, status) => {
    handler = (_request, response) =>
      response.writeHead(301, location === undefined ? {} : { location: location.replace('HOST', host) }).end();
    const result = await read('/a');
    expect(result.status).toBe(status);
    expect(messageOf(result)).not.toContain('hunter2');
    expect(seen).toHaveLength(1);
  });

  test('in a circle ends', async () => {
    handler = (_request, response) => response.writeHead(307, { location: '/a' }).end();
    expect(messageOf(await read('/a'))).toContain('it redirects more than 5 times');
    expect(seen).toHaveLength(6);
  });
});

describe('a URL that may not be read', () => {
  test.each([
    [
      'http://other.example/x?token=hunter2',
      /^Reading http:\/\/other\.example\/x is not allowed; add - host: other\.example/,
    ],
    ['file:///etc/passwd', /only http and https are/],
    ['http://user:hunter2@other.example/', /it holds a user name or password/],
    ['nonsense', /This is no URL/],
  ])('%s is refused', async (url, message) => {
    const result = await reader().read(url, { signal });
    expect(result.status).toBe('refused');
    expect(messageOf(result)).toMatch(message);
    expect(messageOf(result)).not.toContain('hunter2');
    expect(reader().isAllowed(url)).toBe(false);
  });

  test('nothing is allowed where nothing is configured', async () => {
    const strict = createUrlReader({ allow: [], clock: systemClock, log });
    expect((await strict.read(`http://${host}/`, { signal })).status).toBe('refused');
    expect(seen).toEqual([]);
  });

  test.each([
    ['/org/a.yaml', true],
    ['/organisation/a.yaml', false],
    ['/', false],
    ['/org/../secret', false],
    ['/org/%2e%2e/secret', false],
    ['/org/..%2fsecret', false],
    ['/org/..%5csecret', false],
    ['/org/%zz', false],
  ])('with paths, %s: %s', (path, isAllowed) => {
    const url = `http://${host}${path}`;
    expect(reader({}, ['/other/', '/org/']).isAllowed(url)).toBe(isAllowed);
  });

  test.each([
    ['*.git.example', 'https://a.git.example/x', true],
    ['*.git.example', 'https://a.b.git.example/x', true],
    ['*.git.example', 'https://git.example/x', false],
    ['*.git.example', 'https://evilgit.example/x', false],
    ['git.example', 'https://GIT.example:443/x', true],
    ['git.example', 'https://git.example:8443/x', false],
    ['git.example:8443', 'https://git.example:8443/x', true],
    ['[::1]:80', 'http://[::1]/x', false],
    ['[::1]:81', 'http://[::1]:81/x', true],
  ])('%s: %s %s', (allowed, url, isAllowed) => {
    expect(createUrlReader({ allow: [{ host: allowed }], clock: systemClock, log }).isAllowed(url)).toBe(isAllowed);
  });

  test('a refused path says where it belongs', async () => {
    const result = await reader({}, ['/org/']).read(`http://${host}/secret`, { signal });
    expect(messageOf(result)).toContain(`add the path to paths of ${host} in reading.allow`);
  });
});

describe('a token', () => {
  const textOf = (credential: string | { readonly secret: string }): string =>
    typeof credential === 'string' ? credential : `value of ${credential.secret}`;
  const withToken = (paths?: readonly string[]): UrlReader => {
    const allow = [
      { host, paths: ['/open/'] },
      { host, ...(paths && { paths }), token: { secret: 'files' } },
    ];
    return createUrlReader({ allow, clock: systemClock, log, textOf });
  };

  test('is sent with what its entry allows, and with nothing else', async () => {
    await withToken(['/org/']).read(`http://${host}/org/a.yaml`, { signal });
    await withToken(['/org/']).read(`http://${host}/open/a.yaml`, { signal });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer value of files', undefined]);
  });

  test('does not follow a redirect out of its entry', async () => {
    handler = (request, response) =>
      request.url === '/org/a' ? response.writeHead(302, { location: '/open/b' }).end() : response.end('text');
    const result = await withToken(['/org/']).read(`http://${host}/org/a`, { signal });
    expect(result.status).toBe('read');
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer value of files', undefined]);
  });

  test('goes over https only, but to this machine', () => {
    const allow = [
      { host: 'files.example', token: 'abc' },
      { host: '127.0.0.1:81', token: 'def' },
    ];
    const tokenOf = (url: string): unknown => tokenFor(new URL(url), allow);
    expect(tokenOf('https://files.example/a')).toBe('abc');
    expect(tokenOf('http://files.example/a')).toBeUndefined();
    expect(tokenOf('http://127.0.0.1:81/a')).toBe('def');
    expect(tokenOf('https://other.example/a')).toBeUndefined();
  });

  test('that is not accepted, or not there, is said', async () => {
    handler = (_request, response) => response.writeHead(403).end();
    const denied = await withToken().read(`http://${host}/a`, { signal });
    expect(messageOf(denied)).toContain('it answers 403; the token of its entry in reading.allow does not open it');
    const allow = [{ host, token: { secret: 'files' } }];
    const missing = createUrlReader({
      allow,
      clock: systemClock,
      log,
      textOf: () => {
        throw new Error('there is no secret files');
      },
    });
    expect(messageOf(await missing.read(`http://${host}/a`, { signal }))).toContain('there is no secret files');
    expect(seen).toHaveLength(1);
  });
});

describe('what goes wrong is a result', () => {
  test.each([404, 410])('%d says that there is nothing', async (status) => {
    handler = (_request, response) => response.writeHead(status).end('x');
    const result = await read('/a?token=hunter2');
    expect(result).toEqual({
      status: 'missing',
      message: `There is nothing at http://${host}/a: it answers ${status}`,
    });
  });

  test.each([
    ['7', 7000],
    ['999999999', 3_600_000],
    [new Date(systemClock.now() - 5000).toUTCString(), 0],
    ['soon', undefined],
  ])('500 with Retry-After %s', async (retryAfter, retryAfterMs) => {
    handler = (_request, response) => response.writeHead(500, { 'retry-after': retryAfter }).end();
    const message = `http://${host}/a cannot be read: it answers 500`;
    expect(await read('/a')).toEqual({
      status: 'failed',
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  });

  test('401 says that no credentials are sent', async () => {
    handler = (_request, response) => response.writeHead(401).end();
    expect(messageOf(await read('/a'))).toContain('it answers 401; no credentials are sent');
  });

  test('headers that do not come', async () => {
    handler = () => undefined;
    expect(messageOf(await read('/a', undefined, { headersMs: 50 }))).toContain(
      'there is no answer after 0.05 seconds',
    );
  });

  test('a body that does not end in time', async () => {
    handler = (_request, response) => void response.writeHead(200).write('x');
    expect(messageOf(await read('/a', undefined, { totalMs: 100 }))).toContain('it takes more than 0.1 seconds');
  });

  test('a body without an end', async () => {
    handler = (_request, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    };
    expect(messageOf(await read('/a', undefined, { bodyBytes: 1_000_000 }))).toContain(
      'its body has more than the 1000000 bytes that are read',
    );
  });

  test('a body that says itself that it is too long', async () => {
    handler = (_request, response) => response.writeHead(200, { 'content-length': '99999999' }).flushHeaders();
    expect(messageOf(await read('/a'))).toContain('its body has more than the 8388608 bytes');
  });

  test('a small body that unpacks to a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    const before = process.memoryUsage().arrayBuffers;
    expect(messageOf(await read('/a'))).toContain('its body has more than the 8388608 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  test.each(['gzip, gzip', 'zstd', 'compress'])('an encoding that nobody asked for: %s', async (coding) => {
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': coding }).end('x');
    expect(messageOf(await read('/a'))).toContain('its body is encoded as');
  });

  test('a broken encoding', async () => {
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    expect(await read('/a')).toMatchObject({ status: 'failed' });
  });

  test('a connection that is cut, in the headers or in the body', async () => {
    handler = (request) => request.socket.destroy();
    expect(await read('/a')).toMatchObject({ status: 'failed' });
    handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy());
    };
    expect(await read('/a')).toMatchObject({ status: 'failed' });
  });

  test('a server that is not there, and endless headers', async () => {
    handler = (request) => void request.socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`);
    expect(await read('/a')).toMatchObject({ status: 'failed' });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const gone = `127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    const lost = createUrlReader({ allow: [{ host: gone }], clock: systemClock, log });
    expect(messageOf(await lost.read(`http://${gone}/`, { signal }))).toContain('ECONNREFUSED');
  });
});

describe('reading', () => {
  test('ends at once when it is no longer wanted', async () => {
    const stop = new AbortController();
    handler = () => stop.abort(new Error('enough'));
    await expect(reader().read(`http://${host}/a`, { signal: stop.signal })).rejects.toThrow('enough');
    await expect(reader().read(`http://${host}/a`, { signal: stop.signal })).rejects.toThrow('enough');
  });

  test.each([{ requests: 2 }, { requestsPerHost: 2 }])(
    'takes a bounded number of requests at a time: %o',
    async (limits) => {
      let most = 0;
      let open = 0;
      handler = (_request, response) => {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          response.end('x');
        }, 5);
      };
      const two = reader(limits);
      const results = await Promise.all(Array.from({ length: 20 }, () => two.read(`http://${host}/a`, { signal })));
      expect(results.every((result) => result.status === 'read')).toBe(true);
      expect(most).toBe(2);
    },
  );
});
