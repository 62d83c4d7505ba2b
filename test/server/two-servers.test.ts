import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openSse, type SseReader } from '../support/sse.ts';
import { homes, type TestHome } from '../support/store-engines.ts';
import { putEntity } from '../support/writes.ts';

const root = resolve(import.meta.dirname, '../..');
const WRITERS = 8;
const COMMITS = 10;

/** Makes transactions overlap, so that revisions are not taken in the order in which writers began. */
const DELAYS = `
  CREATE FUNCTION delay() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_sleep(random() * 0.03); RETURN NULL; END $$;
  CREATE TRIGGER slow_write AFTER INSERT OR UPDATE ON entity FOR EACH STATEMENT EXECUTE FUNCTION delay();
`;

const children: ChildProcess[] = [];
const streams: SseReader[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a server process on the database and resolves with its URL. */
function startServer(home: TestHome, name: string): Promise<string> {
  const args = ['serve', '--no-demo', '--port', '0', '--data', `${home.place.folder}/${name}`];
  const env = { ...process.env, CALLBOARD_DATABASE: home.place.url };
  const child = spawn(process.execPath, [resolve(root, 'src/main.ts'), ...args], {
    cwd: home.place.folder,
    env,
    stdio: 'pipe',
  });
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

async function follow(url: string): Promise<SseReader> {
  const stream = await openSse(`${url}/api/v1/events`);
  streams.push(stream);
  await stream.next('bookmark');
  return stream;
}

/** Reads a stream until all refs were told; each with the revision it was told at. */
async function tellings(stream: SseReader, count: number): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  let last = 0;
  while (told.size < count) {
    const { data } = await stream.next('change', 'relist');
    expect(data.changes, 'the stream did not fall behind').toBeDefined();
    const revision = data.revision ?? Number.NaN;
    // What a server works out for itself changes without a revision of its own.
    const entities = (data.changes ?? []).filter(({ parts }) => parts.includes('entity'));
    if (entities.length > 0) expect(revision, 'revisions only grow').toBeGreaterThan(last);
    last = revision;
    for (const { ref } of entities) {
      expect(told.has(ref), `${ref} is told once`).toBe(false);
      told.set(ref, revision);
    }
  }
  return told;
}

describe.skipIf('missing' in inject('postgres'))('two server processes on one PostgreSQL', () => {
  const makeHome = homes('postgres');

  test('watchers of both hear every write of eight delayed writers once and in order', async () => {
    const home = await makeHome();
    const urls = [await startServer(home, 'a'), await startServer(home, 'b')];
    const watching = await Promise.all([...urls, ...urls].map(follow));
    const stores = [await home.open(), await home.open({ notify: false })];
    await home.execute(DELAYS);
    const heard = Promise.all(watching.map((stream) => tellings(stream, WRITERS * COMMITS)));

    const committed = new Map<string, number>();
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let index = 0; index < COMMITS; index += 1) {
          await systemClock.sleep(systemClock.random() * 20);
          const write = putEntity(`w${writer}-${index}`);
          const result = await stores[writer % stores.length]?.commit([write]);
          if (write.op === 'putEntity' && result !== undefined) committed.set(write.entity.ref, result.revision);
        }
      }),
    );

    expect(committed.size).toBe(WRITERS * COMMITS);
    for (const told of await heard) {
      expect([...told.keys()].sort()).toEqual([...committed.keys()].sort());
      // A watcher may fold revisions that come together, but never tells a write before its revision, or out of order.
      const order = [...told].map(([ref, at]) => ({ at, revision: committed.get(ref) ?? Number.NaN }));
      for (const { at, revision } of order) expect(at).toBeGreaterThanOrEqual(revision);
      const batches = new Map<number, number[]>();
      for (const { at, revision } of order) batches.set(at, [...(batches.get(at) ?? []), revision]);
      let before = 0;
      for (const revisions of batches.values()) {
        expect(Math.min(...revisions)).toBeGreaterThan(before);
        before = Math.max(...revisions);
      }
    }

    const answers = await Promise.all(
      urls.map(async (url) => (await fetch(`${url}/api/v1/entities?limit=1000`)).json() as Promise<{ total: number }>),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.total).toBe(WRITERS * COMMITS);
  });

  test('a server that was killed leaves the other as it was, and its successor shows the same', async () => {
    const home = await makeHome();
    const [first, second] = [await startServer(home, 'a'), await startServer(home, 'b')];
    const store = await home.open();
    const stream = await follow(second);
    await store.commit([putEntity('before')]);
    expect((await stream.nextEntities()).told).toEqual(['put component:default/before']);
    children[0]?.kill('SIGKILL');
    await store.commit([putEntity('after')]);
    expect((await stream.nextEntities()).told).toEqual(['put component:default/after']);
    const successor = await startServer(home, 'a');
    expect(successor).not.toBe(first);
    const totals = [second, successor].map(async (url) => {
      const { total } = (await (await fetch(`${url}/api/v1/entities?limit=0`)).json()) as { total: number };
      return total;
    });
    expect(await Promise.all(totals)).toEqual([2, 2]);
  });
});
