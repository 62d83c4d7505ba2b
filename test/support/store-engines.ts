import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, inject, test } from 'vitest';
import { openStore, type OpenStoreOptions } from '../../src/store/open-store.ts';
import { DATABASE_FILE } from '../../src/store/sqlite-driver.ts';
import type { Store } from '../../src/store/store.ts';
import { KEEP_ALL } from './keep-all.ts';
import { createDatabase } from './postgres.ts';

/** An empty database of one test, which can be opened several times. */
export interface TestHome {
  readonly engine: Store['engine'];
  /** What `openStore` needs to open it. */
  readonly place: { readonly url: string | undefined; readonly folder: string };
  /** Runs statements behind the store's back. */
  execute(statements: string): Promise<void>;
  /** Rows of one statement. */
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Opens it; the store is closed after the test if the test does not. */
  open(options?: Partial<OpenStoreOptions>): Promise<Store>;
}

/** Runs the same tests on SQLite and on the run's PostgreSQL. `makeHome` may be called several times in a test. */
export function describeEngines(
  name: string,
  suite: (makeHome: () => Promise<TestHome>, engine: Store['engine']) => void,
): void {
  describe(`${name} (sqlite)`, () => suite(homes('sqlite'), 'sqlite'));
  const server = inject('postgres');
  if ('missing' in server) {
    describe(`${name} (postgres)`, () => test.skip(server.missing, () => undefined));
    return;
  }
  describe(`${name} (postgres)`, () => suite(homes('postgres'), 'postgres'));
}

/** Makes homes whose stores and data go after each test. Call it inside `describe`. */
export function homes(engine: Store['engine']): () => Promise<TestHome> {
  const cleanup: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of cleanup.splice(0).reverse()) await step();
  });
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'callboard-store-'));
    cleanup.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    let url: string | undefined;
    let query = (text: string) => inFile(folder, (database) => database.prepare(text).all());
    let execute = (statements: string) => inFile(folder, (database) => database.exec(statements));
    if (engine === 'postgres') {
      const server = inject('postgres');
      if ('missing' in server) throw new Error(server.missing);
      const database = await createDatabase(server.url);
      cleanup.push(() => database.drop());
      url = database.url;
      query = (text) => database.query(text) as ReturnType<typeof query>;
      execute = async (statements) => void (await database.query(statements));
    }
    const place = { url, folder };
    return {
      engine,
      place,
      execute,
      query,
      open: async (options = {}) => {
        const store = await openStore({ ...place, retention: KEEP_ALL, ...options });
        cleanup.push(() => store.close());
        return store;
      },
    };
  };
}

async function inFile<T>(folder: string, work: (database: DatabaseSync) => T): Promise<T> {
  const database = new DatabaseSync(join(folder, DATABASE_FILE), { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
