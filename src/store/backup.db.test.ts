import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { describeEngines, homes, type TestHome } from '../../test/support/store-engines.ts';
import { putEntity, putFact } from '../../test/support/writes.ts';
import { backupStore, copyStore, restoreStore } from './backup.ts';
import type { DumpRow, Store } from './store.ts';
import { dataTables } from './tables.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-backup-'));
  file = join(folder, 'all.backup');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function allRows(store: Store): Promise<DumpRow[]> {
  const rows: DumpRow[] = [];
  for await (const page of store.dump()) rows.push(...page);
  return rows;
}

/** A store with at least one row in each table, also those that nothing writes yet. */
async function fullStore(home: TestHome): Promise<Store> {
  const seed = await home.open();
  await seed.load(oneRowEach());
  await seed.commit([
    ...Array.from({ length: 700 }, (_, index) => putEntity(`e${index}`, { content: `Ünï \u{1f600} ${index}` })),
    putFact('e1', 'x', { value: { nested: ['"', '\\', '\u2028', null] }, error: 'half' }),
  ]);
  await seed.commit([{ op: 'deleteEntity', ref: 'component:default/e7', location: 'file:/catalog/a.yaml' }]);
  return seed;
}

async function* oneRowEach(): AsyncGenerator<readonly DumpRow[]> {
  const words: Record<string, string> = { op: 'created', state: 'queued', severity: 'error', value: 'null' };
  for (const table of dataTables) {
    const row = Object.fromEntries(
      table.columns.map(({ name, type }) => [name, type === 'integer' ? 1 : (words[name] ?? `${name} ✓`)]),
    );
    yield [{ table: table.name, row: table.name === 'revision' ? { id: 1, value: 1, compacted: 0 } : row }];
  }
}

describeEngines('backup', (makeHome) => {
  test('a restored store holds every row of every table', async () => {
    const store = await fullStore(await makeHome());
    const progress: number[] = [];
    const summary = await backupStore(store, file, { onProgress: ({ rows }) => progress.push(rows) });
    const before = await allRows(store);
    expect(new Set(before.map((row) => row.table))).toEqual(new Set(dataTables.map((table) => table.name)));
    expect(summary).toEqual({ revision: await store.revision(), rows: before.length });
    expect(progress.at(-1)).toBe(before.length);
    expect(readdirSync(folder)).toEqual(['all.backup']);

    const copy = await (await makeHome()).open();
    expect(await restoreStore(copy, file)).toEqual(summary);
    expect(await allRows(copy)).toEqual(before);
    expect(await copy.digest()).toEqual(await store.digest());
    expect(await copy.epoch(), 'readers of the other one list again').not.toBe(await store.epoch());
    expect((await copy.commit([putEntity('new')])).revision).toBe(summary.revision + 1);
  });

  test('the header says what it is', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a')]);
    await backupStore(store, file);
    const [header] = gunzipSync(readFileSync(file)).toString().split('\n');
    expect(JSON.parse(header!)).toMatchObject({
      format: 'callboard-backup',
      version: 1,
      revision: 1,
      engine: store.engine,
      createdAt: expect.stringMatching(/^\d{4}-/),
    });
  });

  test('what is not a whole backup is refused before the store is touched', async () => {
    const home = await makeHome();
    const store = await fullStore(home);
    await backupStore(store, file);
    const whole = readFileSync(file);
    const lines = gunzipSync(whole).toString().split('\n');
    const zipped = (...parts: string[]): Buffer => gzipSync(parts.join('\n'));
    const broken: Record<string, Buffer> = {
      'torn gzip': whole.subarray(0, whole.length / 2),
      'no gzip': Buffer.from('hello'),
      empty: Buffer.alloc(0),
      'no header': zipped(...lines.slice(1)),
      'no trailer': zipped(...lines.slice(0, -2), ''),
      'a row less': zipped(...lines.slice(0, 5), ...lines.slice(6)),
      'a changed row': zipped(...lines.map((line) => line.replace('"revision":1', '"revision":2'))),
      'rows after the end': zipped(...lines.slice(0, -1), lines[1]!, ''),
      'another format': zipped('{"format":"other"}', ...lines.slice(1)),
      'a newer format': zipped(lines[0]!.replace('"version":1', '"version":2'), ...lines.slice(1)),
      'no JSON': zipped(lines[0]!, 'row', ...lines.slice(1)),
      'a torn last line': zipped(...lines.slice(0, -2), lines.at(-2)!.slice(0, 20)),
    };
    const empty = await (await makeHome()).open();
    for (const [name, bytes] of Object.entries(broken)) {
      writeFileSync(file, bytes);
      await expect(restoreStore(empty, file), name).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    }
    await expect(restoreStore(empty, join(folder, 'none'))).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    expect(await empty.revision()).toBe(0);
    writeFileSync(file, whole);
    await restoreStore(empty, file);
    truncateSync(file);
  });

  test('a store that holds anything is not restored into', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a')]);
    await backupStore(store, file);
    await expect(restoreStore(store, file)).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
    expect(await store.revision()).toBe(1);
  });

  test('a load that breaks off leaves the store empty and usable', async () => {
    const store = await (await makeHome()).open();
    async function* broken(): AsyncGenerator<readonly DumpRow[]> {
      yield [{ table: 'location', row: { ref: 'a', source: 's', fingerprint: 'f', entities: 1, changed_at: 1 } }];
      throw new Error('disk pulled out');
    }
    await expect(store.load(broken())).rejects.toThrow('disk pulled out');
    for (const row of [
      { table: 'other', row: {} },
      { table: 'location', row: { ref: 5 } },
    ]) {
      const pages = (async function* () {
        yield [row];
      })();
      await expect(store.load(pages)).rejects.toMatchObject({ code: 'WRITE_INVALID' });
    }
    expect((await store.commit([putEntity('a')])).revision).toBe(1);
  });

  test('a dump is of one revision while writes go on', async () => {
    const store = await (await makeHome()).open();
    await store.commit(Array.from({ length: 1_200 }, (_, index) => putEntity(`e${index}`)));
    const dump = store.dump()[Symbol.asyncIterator]();
    const first = await dump.next();
    await store.commit([putEntity('zz')]);
    let rows = 0;
    for (let next = first; !next.done; next = await dump.next()) {
      rows += next.value.filter((row: DumpRow) => row.table === 'entity').length;
    }
    expect(rows).toBe(1_200);
  });
});

describe.skipIf('missing' in inject('postgres'))('from one database to the other', () => {
  const sqlite = homes('sqlite');
  const postgres = homes('postgres');

  test.each([
    ['sqlite', 'postgres'],
    ['postgres', 'sqlite'],
  ])('%s to %s loses nothing', async (from) => {
    const [source, target] = from === 'sqlite' ? [sqlite, postgres] : [postgres, sqlite];
    const store = await fullStore(await source());
    const copied = await (await target()).open();
    await copyStore(store, copied);
    expect(await allRows(copied)).toEqual(await allRows(store));
    await backupStore(store, file);
    const restored = await (await target()).open();
    await restoreStore(restored, file);
    expect(await restored.digest()).toEqual(await store.digest());
  });
});
