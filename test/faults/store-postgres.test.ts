import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openStore, type OpenStoreOptions } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { KEEP_ALL } from '../support/keep-all.ts';
import { createDatabase, findPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { readSnapshot } from '../support/store-contents.ts';
import { putEntity } from '../support/writes.ts';

describe.skipIf('missing' in inject('postgres'))('a database server that fails', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres(findPostgres() ?? '');
  });
  afterAll(() => server.remove());

  async function withStore(work: (store: Store, url: string) => Promise<void>): Promise<void> {
    const database = await createDatabase(server.url);
    const options: OpenStoreOptions = { url: database.url, folder: '', retention: KEEP_ALL };
    const store = await openStore(options);
    try {
      await work(store, database.url);
    } finally {
      await store.close();
    }
  }

  test('is reported, and used again when it is back, with everything acknowledged in place', async () => {
    await withStore(async (store) => {
      let hints = 0;
      store.onHint(() => (hints += 1));
      await store.commit(Array.from({ length: 2000 }, (_, index) => putEntity(`e${index}`)));
      const reading = store.snapshot()[Symbol.asyncIterator]();
      await reading.next();
      await server.crash();
      await expect(store.commit([putEntity('lost')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      // The page after the one that was read may be here already.
      const readOn = async (): Promise<void> => {
        while ((await reading.next()).done !== true);
      };
      await expect(readOn()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.readLog(0, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(store.health.status).toBe('unavailable');
      await server.start();
      expect((await store.commit([putEntity('after')])).revision).toBe(2);
      expect(store.health.status).toBe('ok');
      expect((await readSnapshot(store)).entities).toHaveLength(2001);
      // The listener finds its way back by itself.
      const other = await store.revision();
      expect(other).toBe(2);
      await expect.poll(() => hints, { timeout: 20_000 }).toBeGreaterThan(1);
    });
  });

  test('and a connection cut in the middle of a commit cost that commit only', async () => {
    await withStore(async (store, url) => {
      const admin = new Client({ connectionString: url });
      await admin.connect();
      await store.commit([putEntity('a')]);
      await admin.query('BEGIN');
      await admin.query('SELECT * FROM revision FOR UPDATE');
      const stuck = store.commit([putEntity('b')]);
      const cut = expect(stuck).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect
        .poll(async () => {
          const { rowCount } = await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return rowCount;
        })
        .toBe(1);
      await cut;
      await admin.query('ROLLBACK');
      await admin.end();
      expect((await store.commit([putEntity('b')])).revision).toBe(2);
    });
  });

  test('and a transaction elsewhere that never ends delays a commit for seconds, not for ever', async () => {
    await withStore(async (store, url) => {
      await store.commit([putEntity('a')]);
      const frozen = new Client({ connectionString: url });
      await frozen.connect();
      await frozen.query('BEGIN');
      await frozen.query('SELECT * FROM revision FOR UPDATE');
      await expect(store.commit([putEntity('b')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect((await readSnapshot(store)).entities).toHaveLength(1);
      await frozen.query('ROLLBACK');
      await frozen.end();
      expect((await store.commit([putEntity('b')])).revision).toBe(2);
    });
  });
});
