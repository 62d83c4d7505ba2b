import { connect } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Policy } from '../../src/access/policy.ts';
import type { Readiness } from '../../src/api/health.ts';
import type { Ui } from '../../src/api/ui.ts';
import { serve } from '../../src/server/serve.ts';
import { component, startTestServer, testConfig, type TestServer } from '../support/server.ts';

let server: TestServer;
let web: string;
beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'callboard-web-'));
  await mkdir(join(web, 'assets'));
  await writeFile(join(web, 'index.html'), '<!doctype html><script type="importmap">{"imports":{}}</script><p>app</p>');
  await writeFile(join(web, 'theme.js'), 'theme');
  await writeFile(join(web, 'favicon.svg'), '<svg/>');
  await writeFile(join(web, 'assets', 'app-1a2b.js'), 'app');
  server = await startTestServer({ webFolder: web, entities: [component('a'), component('b')] });
});
afterAll(async () => {
  await server.close();
  await rm(web, { recursive: true, force: true });
});

/** Sends bytes as they are, since clients like to tidy URLs and headers. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const html = { headers: { accept: 'text/html,*/*' } };

describe('health', () => {
  test('/healthz says that the process is alive', async () => {
    const response = await server.get('/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  test('/readyz names what it looked at', async () => {
    const response = await server.get('/readyz');
    const readiness = (await response.json()) as Readiness;
    expect(response.status).toBe(200);
    expect(readiness.ready).toBe(true);
    expect(readiness.checks.map(({ name }) => name)).toEqual(['store', 'cache', 'sources']);
  });

  test('/metrics is Prometheus text with the state of the graph', async () => {
    const response = await server.get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^callboard_graph_entities 2$/m);
    expect(text).toMatch(/^callboard_store_healthy 1$/m);
    expect(text).toMatch(/^callboard_event_loop_delay_p99_seconds /m);
  });
});

describe('the web interface', () => {
  test.each(['/', '/catalog', '/catalog/default/component/a.b', '/index.html'])('%s is its page', async (path) => {
    const response = await server.get(path, html);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<p>app</p>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]+';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('files with a hash in their name are kept for good, others are asked for again', async () => {
    const asset = await server.get('/assets/app-1a2b.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await server.get('/theme.js')).headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/assets/missing.js',
    '/shared/missing.js',
    '/plugins/none/page.js',
    '/api/nothing',
    '/api/v1/nothing',
    '/api',
  ])('%s does not exist, and is not a page', async (path) => {
    const response = await server.get(path, html);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'ROUTE_NOT_FOUND', status: 404 });
  });

  test('what is not built says how to build it', async () => {
    const unbuilt = await startTestServer({ webFolder: join(web, 'absent') });
    try {
      const response = await unbuilt.get('/', html);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('npm run build:web');
    } finally {
      await unbuilt.close();
    }
  });

  test('/api/v1/ui says what the interface starts from', async () => {
    const ui = (await (await server.get('/api/v1/ui')).json()) as Ui;
    expect(ui).toMatchObject({
      organization: 'Test',
      demo: false,
      principal: { kind: 'guest', ref: 'user:default/guest' },
    });
    expect(ui.version).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('the description of the API', () => {
  test('is OpenAPI 3.1 with every route, its permission, its errors, and nothing of the machinery', async () => {
    const description = (await (await server.get('/api/openapi.json')).json()) as {
      openapi: string;
      components: { schemas: object; securitySchemes: object };
      paths: Record<
        string,
        Record<
          string,
          {
            operationId: string;
            description: string;
            responses: Record<string, { content: object }>;
            security?: object;
          }
        >
      >;
    };
    expect(description.openapi).toBe('3.1.0');
    const paths = Object.keys(description.paths);
    expect(paths).toEqual(expect.arrayContaining(['/api/v1/entities', '/api/v1/events', '/healthz']));
    expect(paths.filter((path) => path.includes('*') || path.startsWith('/api/docs'))).toEqual([]);
    const ids = Object.values(description.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => operation.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('getApiV1EntitiesByKindByNamespaceByName');
    expect(Object.keys(description.components.schemas)).toEqual(expect.arrayContaining(['ChangeEvent', 'RelistEvent']));
    const events = description.paths['/api/v1/events']?.['get'];
    expect(events?.description).toContain('Permission: `catalog.entity.read`');
    expect(description.components.securitySchemes).toMatchObject({
      token: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: 'callboard-session' },
    });
    expect(events?.security).toEqual([{ token: [] }, { session: [] }]);
    expect(description.paths['/healthz']?.['get']?.security).toBeUndefined();
    expect(Object.keys(events?.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
    expect(Object.keys(events?.responses['default']?.content ?? {})).toEqual(['application/problem+json']);
  });

  test('can be browsed without anything from elsewhere', async () => {
    const page = await server.get('/api/docs', html);
    const text = await page.text();
    expect(page.status).toBe(200);
    const links = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links)
      expect((await server.get(new URL(link, `${server.url}/api/docs/`).pathname)).status, link).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});

describe('hostile requests', () => {
  test.each([
    'GET /../package.json',
    'GET /assets/../../package.json',
    'GET /assets/%2e%2e/%2e%2e/package.json',
    'GET //etc/passwd',
  ])('%s reads nothing outside', async (line) => {
    const answer = await raw(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('headers beyond the limit are refused', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('what is no HTTP is refused', async () => {
    expect(await raw('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a request without a host is refused', async () => {
    expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('a client that goes away in the middle of its body harms nobody', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    socket.write(
      'POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"wh',
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    expect((await server.get('/healthz')).status).toBe(200);
  });
});

describe('permission', () => {
  test('a denial is 403 with the reason, on reading routes and on metrics alike', async () => {
    const deny: Policy = { decide: () => ({ result: 'deny', reason: 'closed on Mondays' }) };
    const closed = await startTestServer({ policy: deny });
    try {
      for (const path of ['/api/v1/entities', '/api/v1/events', '/metrics']) {
        const response = await closed.get(path);
        expect(response.status, path).toBe(403);
        expect(await response.json()).toMatchObject({
          code: 'PERMISSION_DENIED',
          detail: expect.stringContaining('Mondays'),
        });
      }
      expect((await closed.get('/healthz')).status).toBe(200);
    } finally {
      await closed.close();
    }
  });

  test('a foreign Host is refused over real HTTP', async () => {
    const answer = await raw('GET /api/v1/entities HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).toContain('HOST_REFUSED');
  });

  test('guests beyond loopback are refused before anything is opened', async () => {
    const dataFolder = join(web, 'never-made');
    const config = testConfig({ dataFolder, listen: { host: '0.0.0.0', port: 0 } });
    await expect(serve({ config })).rejects.toMatchObject({ code: 'GUESTS_EXPOSED' });
    await expect(rm(dataFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('a taken port is a coded error, and leaves nothing open', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'callboard-taken-'));
  const config = testConfig({ dataFolder, listen: { host: '127.0.0.1', port: server.address.port } });
  await expect(serve({ config })).rejects.toMatchObject({ code: 'LISTEN_FAILED', cause: { code: 'EADDRINUSE' } });
  const again = await serve({ config: { ...config, listen: { host: '127.0.0.1', port: 0 } } });
  await again.close();
  await rm(dataFolder, { recursive: true, force: true });
});
