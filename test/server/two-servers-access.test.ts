import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { MadeToken } from '../../src/api/tokens.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn, type TestSession } from '../support/signed-in.ts';
import { openSse } from '../support/sse.ts';
import { homes } from '../support/store-engines.ts';

const root = resolve(import.meta.dirname, '../..');

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a server process in which Ada may do everything and others nothing; resolves with its URL. */
function startProcess(url: string | undefined, folder: string): Promise<string> {
  const args = ['serve', '--no-demo', '--port', '0', '--data', `${folder}/other`];
  const env = {
    ...process.env,
    CALLBOARD_DATABASE: url,
    CALLBOARD_ADMINS: 'user:default/ada',
    CALLBOARD_ALLOW_UNKNOWN_USERS: 'true',
  };
  const program = resolve(root, 'src/main.ts');
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'pipe' });
  children.push(child);
  return new Promise((found, failed) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const said = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
      if (said !== undefined) found(said);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => failed(new Error(`The server ended with ${code}: ${printed}`)));
  });
}

/** Asks until the answer has a status; returns how long that took, ms. */
async function untilStatus(ask: () => Promise<Response>, status: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    await answer.body?.cancel();
    const ms = performance.now() - began;
    if (answer.status === status || ms > 10_000) return answer.status === status ? ms : Infinity;
  }
}

describe.skipIf('missing' in inject('postgres'))('two servers on one PostgreSQL', () => {
  const makeHome = homes('postgres');

  async function start(): Promise<{ readonly a: TestServer; readonly b: string; readonly ada: TestSession }> {
    const { place } = await makeHome();
    const a = await startTestServer({ config: { ...adaAdministers, databaseUrl: place.url } });
    const b = await startProcess(place.url, place.folder);
    return { a, b, ada: await signIn(a) };
  }

  test('a session begun on one is used on the other at once, and refused there when it was ended on the other', async () => {
    const { a, b, ada } = await start();
    try {
      for (let round = 0; round < 20; round += 1) {
        const session = await signIn(a, 'user:default/ada');
        const used = await fetch(`${b}/api/v1/account/sessions`, { headers: session.headers });
        expect([round, used.status]).toEqual([round, 200]);
      }
      const ending = await signIn(a, 'user:default/ada');
      const stream = await openSse(`${a.url}/api/v1/events`, ending.headers);
      await stream.next('bookmark');
      const headers = { ...ada.headers };
      const ended = await fetch(`${b}/api/v1/account/sessions/${ending.id}`, { method: 'DELETE', headers });
      expect(ended.status).toBe(204);
      const ask = (): Promise<Response> => a.get('/api/v1/account/sessions', { headers: ending.headers });
      expect(await untilStatus(ask, 401)).toBeLessThan(2000);
      expect(await stream.ended()).toMatch(/event: ended\n/);
    } finally {
      await a.close();
    }
  });

  test('a token and a role made on one hold on the other', async () => {
    const { a, b, ada } = await start();
    try {
      const send = (url: string, method: string, path: string, body: unknown): Promise<Response> =>
        fetch(`${url}${path}`, {
          method,
          headers: { ...ada.headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const order = { name: 't', expiresInDays: 1, service: 'ci' };
      const made = (await (await send(b, 'POST', '/api/v1/access/tokens', order)).json()) as MadeToken;
      const asCi = (url: string): Promise<Response> =>
        fetch(`${url}/api/v1/entities`, { headers: { authorization: `Bearer ${made.token}` } });
      expect([(await asCi(a.url)).status, (await asCi(b)).status]).toEqual([403, 403]);
      const binding = { role: 'viewer', subjects: ['service:default/ci'] };
      expect((await send(a.url, 'PUT', '/api/v1/access/bindings/ci', binding)).status).toBe(200);
      expect((await asCi(a.url)).status).toBe(200);
      expect(await untilStatus(() => asCi(b), 200)).toBeLessThan(2000);
    } finally {
      await a.close();
    }
  });
});
