import { channel } from 'node:diagnostics_channel';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { KEEP_ALL } from '../../test/support/keep-all.ts';
import { readSnapshot } from '../../test/support/store-contents.ts';
import { describeEngines, homes } from '../../test/support/store-engines.ts';
import { forkStoreProcess, killed, nextMessage } from '../../test/support/store-fork.ts';
import { putEntity } from '../../test/support/writes.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { openStore, openTemporaryStore } from './open-store.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { dataTables } from './tables.ts';

const workers: Worker[] = [];
channel('worker_threads').subscribe((message) => void workers.push((message as { worker: Worker }).worker));
afterEach(() => void workers.splice(0));

/** Restarts come a hundred times sooner. */
const hasty: Clock = { ...systemClock, after: (delayMs, callback) => systemClock.after(delayMs / 100, callback) };

describeEngines('opening', (makeHome, engine) => {
  test('makes the schema once, and finds it again', async () => {
    const home = await makeHome();
    const first = await home.open();
    expect(first.engine).toBe(engine);
    await first.commit([putEntity('a')]);
    await first.close();
    expect((await readSnapshot(await home.open())).entities).toHaveLength(1);
  });

  test('refuses a database of a newer program', async () => {
    const home = await makeHome();
    await (await home.open()).close();
    await home.execute(`INSERT INTO schema_migration (version, name, at) VALUES (${SCHEMA_VERSION + 1}, 'later', 0)`);
    const newer = { code: 'STORE_SCHEMA_NEWER', details: { found: SCHEMA_VERSION + 1, known: SCHEMA_VERSION } };
    await expect(home.open()).rejects.toMatchObject(newer);
    await expect(home.open({ mode: 'read' })).rejects.toMatchObject(newer);
  });

  test('for reading only changes nothing and refuses writes', async () => {
    const home = await makeHome();
    const serving = await home.open();
    await serving.commit([putEntity('a')]);
    const reader = await home.open({ mode: 'read' });
    expect((await readSnapshot(reader)).entities).toHaveLength(1);
    await serving.commit([putEntity('b')]);
    expect(await reader.revision()).toBe(2);
    await expect(reader.commit([putEntity('c')])).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    await expect(reader.compact()).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
  });

  test('for reading only refuses a schema that must be brought up to date first', async () => {
    const home = await makeHome();
    await (await home.open()).close();
    for (const statement of ['DELETE FROM schema_migration', 'DROP TABLE schema_migration']) {
      await home.execute(statement);
      await expect(home.open({ mode: 'read' })).rejects.toMatchObject({ code: 'STORE_SCHEMA_OLDER' });
    }
  });

  test('starts a worker anew that died; calls under way fail with a code', async () => {
    const home = await makeHome();
    const store = await home.open({ clock: hasty });
    await store.commit([putEntity('a')]);
    const under = store.commit(Array.from({ length: 3_000 }, (_, index) => putEntity(`e${index}`)));
    const failed = expect(under).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await workers.at(-1)?.terminate();
    await failed;
    expect(store.health.status).toBe('unavailable');
    await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect.poll(() => store.health.status, { timeout: 20_000 }).toBe('ok');
    expect((await store.commit([putEntity('b')])).revision).toBeGreaterThan(1);
  });

  test('may be closed while its worker starts anew', async () => {
    const home = await makeHome();
    const store = await home.open({ clock: hasty });
    const count = workers.length;
    await workers.at(-1)?.terminate();
    await expect.poll(() => workers.length, { interval: 1 }).toBeGreaterThan(count);
    await store.close();
    await expect.poll(() => workers.every((worker) => worker.threadId === -1)).toBe(true);
    await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(await (await home.open()).revision()).toBe(0);
  });

  test('gives up on a worker that keeps dying, and says so', async () => {
    const store = await (await makeHome()).open({ clock: hasty });
    for (let death = 0; death < 6; death++) {
      await expect.poll(() => store.health.status, { timeout: 20_000 }).toBe('ok');
      await workers.at(-1)?.terminate();
      await expect.poll(() => store.health.status).not.toBe('ok');
    }
    expect(store.health.status).toBe('failed');
    await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store.close();
  });
});

describe('a data folder', () => {
  const makeHome = homes('sqlite');

  test('belongs to one serving process; the second learns whose it is and what to do', async () => {
    const home = await makeHome();
    const store = await home.open();
    await expect(home.open()).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: expect.stringMatching(new RegExp(`${home.place.folder}.* process ${process.pid} .*--data`)) as string,
    });
    const child = forkStoreProcess({ task: 'hold', folder: home.place.folder });
    expect(await nextMessage(child)).toMatchObject({ code: 'STORE_LOCKED' });
    await store.close();
    await (await home.open()).commit([putEntity('a')]);
  });

  test('of a killed process is taken over', async () => {
    const home = await makeHome();
    const child = forkStoreProcess({ task: 'hold', folder: home.place.folder });
    expect(await nextMessage(child)).toEqual({ open: true });
    await expect(home.open()).rejects.toMatchObject({ code: 'STORE_LOCKED', details: { pid: String(child.pid) } });
    await killed(child);
    expect(await (await home.open()).revision()).toBe(0);
  });

  test('is made when it is missing, for its owner only', async () => {
    const home = await makeHome();
    const folder = join(home.place.folder, 'deep', 'er');
    const store = await home.open({ folder });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test('without a database cannot be read', async () => {
    const home = await makeHome();
    await expect(home.open({ mode: 'read' })).rejects.toMatchObject({ code: 'STORE_MISSING' });
    expect(existsSync(join(home.place.folder, 'callboard.db'))).toBe(false);
  });

  test('with a file that is no database is refused and left alone', async () => {
    const home = await makeHome();
    writeFileSync(join(home.place.folder, 'callboard.db'), 'x'.repeat(5_000));
    await expect(home.open()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    mkdirSync(join(home.place.folder, 'other'));
    await (await home.open({ folder: join(home.place.folder, 'other') })).close();
  });
});

test('a temporary store goes when it is closed', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'callboard-test-'));
  vi.stubEnv('TMPDIR', parent);
  const store = await openTemporaryStore();
  expect((await store.commit([putEntity('a')])).revision).toBe(1);
  expect(readdirSync(parent)).toHaveLength(1);
  await store.close();
  expect(readdirSync(parent)).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true });
});

describe.skipIf('missing' in inject('postgres'))('a database server', () => {
  const makeHome = homes('postgres');

  test('that is not there is named, without the password', async () => {
    const opening = openStore({
      url: 'postgres://someone:secret-word@127.0.0.1:1/none',
      folder: '/nowhere',
      retention: KEEP_ALL,
    });
    const error = (await opening.catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('secret-word');
  });

  test('lets many processes open a new database at once', async () => {
    const home = await makeHome();
    const stores = await Promise.all(Array.from({ length: 6 }, () => home.open()));
    await Promise.all(stores.map((store, index) => store.commit([putEntity(`e${index}`)])));
    expect(await stores[0]?.revision()).toBe(6);
  });
});

describeEngines('the schema', (makeHome, engine) => {
  test('has the tables, columns and keys that the program names', async () => {
    const home = await makeHome();
    await (await home.open()).close();
    for (const table of dataTables) {
      const columns = await home.query(engine === 'sqlite' ? sqliteColumns(table.name) : postgresColumns(table.name));
      expect(
        columns.map(({ name, type }) => ({ name, type })),
        table.name,
      ).toEqual(table.columns);
      const keys = columns.filter(({ key }) => Number(key) > 0).sort((a, b) => Number(a['key']) - Number(b['key']));
      expect(
        keys.map(({ name }) => name),
        table.name,
      ).toEqual(table.key);
    }
  });
});

function sqliteColumns(table: string): string {
  return `SELECT name, lower(type) AS type, pk AS key FROM pragma_table_info('${table}') ORDER BY cid`;
}

function postgresColumns(table: string): string {
  return `SELECT c.column_name AS name, CASE c.data_type WHEN 'bigint' THEN 'integer' ELSE c.data_type END AS type,
      coalesce(k.ordinal_position, 0) AS key
    FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k
      ON k.table_name = c.table_name AND k.column_name = c.column_name
    WHERE c.table_name = '${table}' ORDER BY c.ordinal_position`;
}
