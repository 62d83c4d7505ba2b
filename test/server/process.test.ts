import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSse } from '../support/sse.ts';

const root = resolve(import.meta.dirname, '../..');

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-sigterm-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A plugin that forgets an await. */
const careless = `export const manifest = { id: 'careless', title: 'Careless', routes: [{
  contract: { method: 'GET', path: '/api/plugins/careless/a', summary: 'a', tag: 'a', permission: 'careless.thing.read',
    response: { type: 'object', properties: {} } },
  handle: () => { void Promise.reject(new Error('nobody waits for me')); return {}; },
}] };`;

/** Runs the program until it says where it listens. */
async function start(): Promise<{ url: string; ended: Promise<number | null> }> {
  const documents = Array.from({ length: 300 }, (_, at) => descriptor(`n${at}`));
  await writeFile(join(folder, 'catalog-info.yaml'), documents.join('---\n'));
  await writeFile(join(folder, 'callboard.yaml'), 'plugins: [./careless.mjs]\n');
  await writeFile(join(folder, 'careless.mjs'), careless);
  const args = ['serve', '--port', '0', '--catalog', join(folder, 'catalog-info.yaml'), '--data', join(folder, 'data')];
  const started = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: folder, stdio: 'pipe' });
  child = started;
  const ended = new Promise<number | null>((done) => started.on('close', done));
  let printed = '';
  const url = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const said = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
      if (said !== undefined) found(said);
    };
    started.stdout.on('data', read);
    started.stderr.on('data', read);
    void ended.then((code) => failed(new Error(`It ended with ${code}: ${printed}`)));
  });
  return { url, ended };
}

function descriptor(name: string): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name} }
spec: { type: service, lifecycle: production, owner: stage }
`;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

test('SIGTERM under load: every answer that began is whole, streams end with a hint, the exit is clean', async () => {
  const { url, ended } = await start();
  for (let round = 0; round < 200 && !(await fetch(`${url}/readyz`)).ok; round++) await sleep(50);
  const stream = await openSse(`${url}/api/v1/events`);
  await stream.next('bookmark');
  let isTold = false;
  const seen = { whole: 0, refusedBefore: 0, torn: 0 };
  const load = async (): Promise<void> => {
    for (;;) {
      let response: Response;
      try {
        response = await fetch(`${url}/api/v1/entities?limit=300`);
      } catch {
        // No answer began: the server has stopped accepting, or closed an idle connection just then.
        if (!isTold) seen.refusedBefore++;
        return;
      }
      const items = await response.json().then(
        (body) => (body as { items: unknown[] }).items.length,
        () => -1,
      );
      if (items === 300) seen.whole++;
      else seen.torn++;
    }
  };
  const loads = Array.from({ length: 6 }, load);
  while (seen.whole < 30 && seen.refusedBefore === 0) await sleep(10);
  isTold = true;
  child?.kill('SIGTERM');
  expect(await stream.ended()).toMatch(/retry: \d+\n: the server closes\n\n$/);
  await Promise.all(loads);
  expect(seen).toMatchObject({ refusedBefore: 0, torn: 0 });
  expect(await ended).toBe(0);
});

test('a promise that a plugin forgot to wait for is logged and counted, and ends nothing', async () => {
  const { url, ended } = await start();
  expect((await fetch(`${url}/api/plugins/careless/a`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^callboard_stray_rejections_total 1$/m);
  child?.kill('SIGTERM');
  expect(await ended).toBe(0);
});
