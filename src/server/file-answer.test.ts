import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerFile } from './file-answer.ts';

let root: string;
let app: FastifyInstance;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-files-'));
  await mkdir(join(root, 'served', 'sub'), { recursive: true });
  await mkdir(join(root, 'served', 'folder.js'));
  await writeFile(join(root, 'secret.js'), 'secret');
  for (const name of ['a.js', 'a.env', '.hidden.js', 'sub/b.css', 'big.js', 'big.js.br', 'big.js.gz']) {
    await writeFile(join(root, 'served', name), `text of ${name}`);
  }
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

test('a compressed sister is sent to those who accept it', async () => {
  const ask = (accepts: string) => app.inject({ url: '/big.js', headers: { 'accept-encoding': accepts } });
  expect((await ask('gzip, br')).headers['content-encoding']).toBe('br');
  expect((await ask('gzip')).headers['content-encoding']).toBe('gzip');
  expect((await ask('gzip')).headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect((await ask('identity')).body).toBe('text of big.js');
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
