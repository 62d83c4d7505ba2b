import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { loadPlugins } from './load-plugins.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** For modules that end: a machine that is busy must not make them look as if they hung. */
const LONG_MS = 60_000;

async function load(name: string, text: string, timeoutMs = LONG_MS): Promise<unknown> {
  const path = join(folder, name);
  await writeFile(path, text);
  return loadPlugins([path], { clock: systemClock, timeoutMs });
}

test('a module with a manifest is loaded, with where it came from', async () => {
  const loaded = await load('good.mjs', `export const pluginApiVersion = 1; export const manifest = { id: 'good' };`);
  expect(loaded).toEqual([{ manifest: { id: 'good' }, plugin: join(folder, 'good.mjs') }]);
});

test.each([
  ['throws.mjs', `throw new Error('no good');`, 'PLUGIN_LOAD_FAILED', 'no good'],
  ['syntax.mjs', `export const manifest = {`, 'PLUGIN_LOAD_FAILED', 'syntax.mjs'],
  ['empty.mjs', `export const other = 1;`, 'PLUGIN_LOAD_FAILED', 'no export named manifest'],
  ['newer.mjs', `export const pluginApiVersion = 99; export const manifest = {};`, 'PLUGIN_LOAD_FAILED', 'version 99'],
])('%s says what is wrong with it', async (name, text, code, message) => {
  await expect(load(name, text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  await expect(load(name, text)).rejects.toThrow(join(folder, name));
});

test('hangs.mjs is not waited for', async () => {
  const loaded = load('hangs.mjs', `await new Promise(() => undefined);`, 200);
  await expect(loaded).rejects.toMatchObject({
    code: 'PLUGIN_LOAD_TIMEOUT',
    message: expect.stringContaining('within 0.2 seconds'),
  });
  await expect(loaded).rejects.toThrow(join(folder, 'hangs.mjs'));
});

test('a missing module is named', async () => {
  const path = join(folder, 'absent.mjs');
  await expect(loadPlugins([path], { clock: systemClock, timeoutMs: LONG_MS })).rejects.toThrow(path);
});
