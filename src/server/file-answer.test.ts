import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerFile } from './file-answer.ts';

const bigText = 'text of big.js '.repeat(1000);

let root: string;
let app: FastifyInstance;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-files-'));
  await mkdir(join(root, 'served', 'sub'), { recursive: true });
  await mkdir(join(root, 'served', 'folder.js'));
  await writeFile(join(root, 'secret.js'), 'secret');
  for (const name of ['a.js', 'a.env', '.hidden.js', 'sub/b.css']) {
    await writeFile(join(root, 'served', name), `text of ${name}`);
  }
  await writeFile(join(root, 'served', 'big.js'), bigText);
  await writeFile(join(root, 'served', 'big.png'), bigText);
  await symlink(join(root, 'secret.js'), join(root, 'served', 'link.js'));
  await symlink(join(root, 'served', 'a.js'), join(root, 'served', 'inner.js'));
  app = fastify();
  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const asked = { folder: join(root, 'served'), path: request.params['*'], cacheControl: 'no-cache' };
    return (await answerFile(request, reply, asked)) ?? reply.status(404).send('none');
  });
});
afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

test('a file comes with its type, an etag, and 304 for who has it', async () => {
  const first = await app.inject('/sub/b.css');
  expect(first.body).toBe('text of sub/b.css');
  expect(first.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
  const again = await app.inject({ url: '/sub/b.css', headers: { 'if-none-match': String(first.headers['etag']) } });
  expect(again.statusCode).toBe(304);
  expect(again.body).toBe('');
});

test('text is compressed for those who accept it, and anew when the file changed', async () => {
  const ask = (accepts: string, url = '/big.js') => app.inject({ url, headers: { 'accept-encoding': accepts } });
  const brotli = await ask('gzip, br');
  expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', 'content-type': 'text/javascript; charset=utf-8' });
  expect(brotli.rawPayload.length).toBeLessThan(200);
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(bigText);
  const gzip = await ask('gzip');
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(bigText);
  expect((await ask('identity')).body).toBe(bigText);
  expect((await ask('gzip;q=0, identity')).body).toBe(bigText);
  expect((await ask('br', '/a.js')).headers['content-encoding']).toBeUndefined();
  expect((await ask('br', '/big.png')).headers['content-encoding']).toBeUndefined();
  await writeFile(join(root, 'served', 'big.js'), bigText + 'changed');
  const changed = await ask('br');
  expect(brotliDecompressSync(changed.rawPayload).toString()).toBe(bigText + 'changed');
  expect(changed.headers['etag']).not.toBe(brotli.headers['etag']);
});

test('a link inside the folder is followed', async () => {
  expect((await app.inject('/inner.js')).body).toBe('text of a.js');
});

test.each([
  '/../secret.js',
  '/..%2fsecret.js',
  '/%2e%2e/secret.js',
  '/sub/..%2f..%2fsecret.js',
  '/link.js',
  '/.hidden.js',
  '/a.env',
  '/a.js%00.css',
  '/folder.js',
  '/a.js/x.js',
  '/absent.js',
  '/sub%5cb.css',
  '//a.js',
])('%s is no file', async (url) => {
  const response = await app.inject(url);
  expect(response.statusCode).toBe(404);
  expect(response.body).not.toContain('text of');
});
