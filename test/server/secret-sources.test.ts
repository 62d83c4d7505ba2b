import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourceItem } from '../../src/api/sources.ts';
import { createClient } from '../../src/client.ts';
import { catalogOf } from '../../src/config/load-config.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { TestRepository } from '../support/git-repository.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

// Sources that need a credential, which Callboard keeps.

const TOKEN = 'a token that opens everything';

let root: string;
let files: Server;
let git: GitServer;
let server: TestServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-tokens-'));
  files = createServer((request, response) => {
    const isOpen = request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(isOpen ? 200 : 401).end(isOpen ? JSON.stringify(component('from-url')) : '');
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  git = await startGitServer(root);
  git.intercept = (request, response) => {
    const basic = `Basic ${Buffer.from(`oauth2:${TOKEN}`).toString('base64')}`;
    if (request.headers.authorization === basic) return false;
    response.writeHead(401).end();
    return true;
  };
  const repository = await TestRepository.create(root, 'r');
  await repository.commit({ 'catalog-info.yaml': JSON.stringify(component('from-git')) });
  const host = `127.0.0.1:${(files.address() as AddressInfo).port}`;
  const token = { secret: 'reader' };
  const origin = 'test';
  server = await startTestServer({
    config: {
      reading: { allow: [{ host, token }] },
      catalog: {
        ...catalogOf([
          { type: 'url', target: `http://${host}/a.yaml`, origin },
          { type: 'git', target: `${git.url}/r.git`, origin },
        ]),
        forges: [{ host: new URL(git.url).host, type: 'gitlab', token }],
      },
    },
  });
});
afterAll(async () => {
  await server.close();
  await git.close();
  files.closeAllConnections();
  files.close();
  await rm(root, { recursive: true, force: true });
});

test('fail and say so until it is set, then are read, and never show it', async () => {
  const client = createClient({ baseUrl: server.url });
  const configured = async (): Promise<readonly SourceItem[]> =>
    (await client.call('GET /api/v1/sources')).items.filter(({ configuredAt }) => configuredAt !== undefined);
  const errors = async (): Promise<readonly (string | undefined)[]> => (await configured()).map(({ error }) => error);
  const unset = expect.stringContaining('There is no secret reader') as string;
  await expect.poll(errors, { timeout: 20_000 }).toEqual([unset, unset]);
  const { missing } = await client.call('GET /api/v1/secrets');
  expect(missing).toEqual([{ name: 'reader', usedBy: ['reading.allow[0]', 'catalog.forges[0]'] }]);
  await client.call('PUT /api/v1/secrets/:name', { params: { name: 'reader' }, body: { value: TOKEN } });
  for (const { source } of await configured()) {
    await client.call('POST /api/v1/sources/refresh', { body: { location: source } });
  }
  const names = async (): Promise<string[]> => {
    const query = { where: 'kind == "Component"', order: 'metadata.name' };
    return (await client.call('GET /api/v1/entities', { query })).items.map(({ metadata }) => metadata.name);
  };
  await expect.poll(names, { timeout: 20_000 }).toEqual(['from-git', 'from-url']);
  expect(await errors()).toEqual([undefined, undefined]);
  const pages = ['/api/v1/sources', '/api/v1/problems', '/api/v1/entities', '/api/v1/audit', '/metrics'];
  for (const page of pages) expect(await (await server.get(page)).text()).not.toContain(TOKEN);
});
