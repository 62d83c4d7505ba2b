import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { refuseDifference } from './database.ts';
import { describeEngines, homes } from '../../test/support/store-engines.ts';
import type { TestHome } from '../../test/support/store-engines.ts';
import { runCommand } from '../../test/support/surroundings.ts';
import type { CommandOutcome } from '../../test/support/surroundings.ts';
import { putEntity, putFact } from '../../test/support/writes.ts';

const secret = (home: TestHome): string =>
  home.place.url === undefined ? 'no password' : new URL(home.place.url).password || 'no password';

/** Runs a `db` command on the home's database; no output may hold its password. */
async function db(home: TestHome, ...args: readonly string[]): Promise<CommandOutcome> {
  const { url, folder } = home.place;
  const place = url === undefined ? ['--data', folder] : ['--data', folder, '--database', url];
  const outcome = await runCommand(folder, ['db', ...args, ...place]);
  expect(outcome.out + outcome.err).not.toContain(secret(home));
  return outcome;
}

describeEngines('callboard db', (makeHome, engine) => {
  const otherHomes = homes(engine);
  const makeSqlite = homes('sqlite');
  let home: TestHome;

  beforeEach(async () => {
    home = await makeHome();
    const store = await home.open();
    await store.commit([putEntity('lights'), putEntity('sound'), putFact('lights', 'brightness')]);
    await store.commit([putEntity('lights', { content: 'second' })]);
    await store.close();
  });

  test('info says what the database holds', async () => {
    const { code, out } = await db(home, 'info');
    expect(code).toBe(0);
    expect(out).toMatch(/^revision {3}2$/m);
    expect(out).toMatch(/^entities {3}2$/m);
    const json = JSON.parse((await db(home, 'info', '-o', 'json')).out) as object;
    expect(json).toMatchObject({ engine, revision: 2, entities: 2, facts: 1 });
  });

  test('backup and restore into another database lose nothing', async () => {
    const file = join(home.place.folder, 'backup.gz');
    const backup = await db(home, 'backup', file, '-o', 'json');
    expect(backup.code).toBe(0);
    expect(JSON.parse(backup.out)).toMatchObject({ file, revision: 2, verified: true });
    const other = await otherHomes();
    expect(await db(other, 'restore', file)).toMatchObject({ code: 0 });
    const [before, after] = [await home.open({ mode: 'read' }), await other.open({ mode: 'read' })];
    expect(await after.digest()).toEqual(await before.digest());
    expect(await after.entityHistory('component:default/lights', { limit: 10 })).toHaveLength(2);
  });

  test('a backup does not replace a file unless it is told to', async () => {
    const file = join(home.place.folder, 'backup.gz');
    writeFileSync(file, 'mine');
    expect(await db(home, 'backup', file)).toMatchObject({
      code: 4,
      err: expect.stringContaining('FILE_EXISTS') as string,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await db(home, 'backup', file, '--force')).toMatchObject({ code: 0 });
  });

  test('a torn backup is refused, and so is a database that is not empty', async () => {
    const file = join(home.place.folder, 'backup.gz');
    await db(home, 'backup', file);
    expect(await db(home, 'restore', file)).toMatchObject({
      code: 4,
      err: expect.stringContaining('STORE_NOT_EMPTY') as string,
    });
    truncateSync(file, 100);
    expect(await db(await otherHomes(), 'restore', file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('BACKUP_INVALID') as string,
    });
  });

  test('migrate-to copies to the other engine and back, and compares', async () => {
    const sqlite = await makeSqlite();
    const there = await db(home, 'migrate-to', sqlite.place.folder, '-o', 'json');
    expect(there).toMatchObject({ code: 0 });
    expect(JSON.parse(there.out)).toMatchObject({ revision: 2, verified: true });
    const back = await otherHomes();
    expect(await db(sqlite, 'migrate-to', back.place.url ?? back.place.folder)).toMatchObject({ code: 0 });
    const [before, after] = [await home.open({ mode: 'read' }), await back.open({ mode: 'read' })];
    expect(await after.digest()).toEqual(await before.digest());
  });

  test('migrate-to refuses the database itself', async () => {
    const target = home.place.url ?? home.place.folder;
    expect(await db(home, 'migrate-to', target)).toMatchObject({
      code: 2,
      err: expect.stringContaining('ARGUMENT_INVALID') as string,
    });
  });
});

describe('callboard db on SQLite', () => {
  const makeHome = homes('sqlite');

  test('an empty folder has nothing to back up or copy', async () => {
    const home = await makeHome();
    for (const args of [['info'], ['backup', 'b.gz'], ['migrate-to', 'other']]) {
      expect(await db(home, ...args)).toMatchObject({
        code: 2,
        err: expect.stringContaining('STORE_MISSING') as string,
      });
    }
  });

  test('a served folder is left alone by what writes', async () => {
    const home = await makeHome();
    const store = await home.open();
    await store.commit([putEntity('lights')]);
    expect(await db(home, 'backup', 'b.gz')).toMatchObject({ code: 0 });
    expect(await db(home, 'migrate-to', 'other')).toMatchObject({
      code: 4,
      err: expect.stringContaining('STORE_LOCKED') as string,
    });
  });

  test('a copy that differs from its source is refused', async () => {
    const home = await makeHome();
    const store = await home.open();
    const before = await store.digest();
    const places = { source: 'one', target: 'other' };
    refuseDifference(before, { ...before }, places);
    await store.commit([putEntity('lights')]);
    const after = await store.digest();
    expect(() => refuseDifference(before, after, places)).toThrow('other does not hold the same as one');
  });
});
