import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { FileRequest } from './file-read.ts';
import { FileReader } from './file-reader.ts';
import { kindSet } from './kind-set.ts';

let root: string;
let reader: FileReader;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'callboard-reader-')));
  reader = new FileReader(kindSet(builtinKinds), systemClock);
});

afterEach(async () => {
  await reader.close();
  await rm(root, { recursive: true, force: true });
});

async function requests(count: number, padding = ''): Promise<FileRequest[]> {
  const made: FileRequest[] = [];
  for (let index = 0; index < count; index += 1) {
    const path = join(root, `${index}.yaml`);
    const metadata = `{name: g${index}, description: "${padding}"}`;
    await writeFile(
      path,
      `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: ${metadata}\nspec: {type: team, children: []}\n`,
    );
    made.push({
      location: `file:${path}`,
      path,
      root,
      mode: 'search',
      origin: `file:${root}`,
      rules: { exact: false },
    });
  }
  return made;
}

test('reads the same here and in its thread', async () => {
  const few = await requests(8);
  const here = await reader.read(few);
  const inThread = await reader.read([...few, ...few]);
  expect(inThread.slice(0, 8)).toEqual(here);
  expect(here.map((result) => result.status)).toEqual(Array.from({ length: 8 }, () => 'read'));
});

test('answers in part where there is much', async () => {
  const large = await requests(10, 'x'.repeat(1024 * 1024));
  const results = await reader.read(large);
  expect(results.length).toBeGreaterThan(0);
  expect(results.length).toBeLessThan(10);
});

test('does not parse what it knows', async () => {
  const [request] = await requests(1);
  if (request === undefined) throw new Error('no request');
  const [first] = await reader.read([request]);
  if (first?.status !== 'read') throw new Error('not read');
  const [byContent] = await reader.read([{ ...request, knownContent: first.content }]);
  const [byStamp] = await reader.read([{ ...request, knownContent: first.content, knownStamp: first.stamp }]);
  const [asOther] = await reader.read([{ ...request, knownContent: first.content, mode: 'named' }]);
  expect([byContent?.status, byStamp?.status, asOther?.status]).toEqual(['unchanged', 'unchanged', 'read']);
});

test('rejects what waits when it is closed, and reads again afterwards', async () => {
  const many = await requests(200);
  const reading = reader.read(many);
  await systemClock.sleep(5);
  const closing = reader.close();
  await expect(reading).rejects.toMatchObject({ code: 'READER_FAILED' });
  await closing;
  expect((await reader.read(many)).length).toBe(200);
});
