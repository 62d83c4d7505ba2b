import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { describeEngines, type TestHome } from '../../test/support/store-engines.ts';
import { KEEP_ALL } from '../../test/support/keep-all.ts';
import { systemClock } from '../base/clock.ts';
import type { AccessStore, AuditEntry, AuditFilter } from './access-records.ts';
import { auditHash } from './audit-chain.ts';
import { backupStore, restoreStore } from './backup.ts';

const DAY_MS = 86_400_000;

const entry = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1_000 + n,
  actor: n % 2 === 0 ? 'user:default/even' : 'user:default/odd',
  action: `catalog.entity.${n % 3 === 0 ? 'refresh' : 'delete'}`,
  outcome: 'success',
  ...more,
});

async function write(access: AccessStore, count: number, from = 1): Promise<void> {
  for (let n = from; n < from + count; n += 400) {
    const batch = Array.from({ length: Math.min(400, from + count - n) }, (_, index) => entry(n + index));
    await access.commit([], batch);
  }
}

describeEngines('audit log', (makeHome, engine) => {
  const files: string[] = [];
  afterEach(async () => {
    for (const file of files.splice(0)) await rm(file, { force: true });
  });

  const sequences = async (access: AccessStore, filter: AuditFilter, page = {}): Promise<number[]> =>
    (await access.audit(filter, { limit: 100, ...page })).map(({ sequence }) => sequence);

  test('a record is read back as it was written, with its place in the chain', async () => {
    const { access } = await (await makeHome()).open();
    const full = entry(1, {
      target: 'url:https://x/ü',
      outcome: 'denied',
      requestId: 'r-1',
      data: { reason: 'NO', list: [1, { deep: 'a\u0000b' }] },
    });
    await access.commit([], [full, entry(2)]);
    const [second, first] = await access.audit({}, { limit: 10 });
    expect(first).toEqual({ ...full, sequence: 1, previousHash: '', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(second).toMatchObject({ sequence: 2, previousHash: first?.hash });
    expect(second?.target).toBeUndefined();
  });

  test('filters narrow, alone and together; text is searched whatever its case, and has no wildcards', async () => {
    const { access } = await (await makeHome()).open();
    await write(access, 6);
    await access.commit([], [entry(7, { target: 'file:/50%_done', outcome: 'failure', data: { via: 'Token 3F9C' } })]);
    expect(await sequences(access, { actor: 'user:default/even' })).toEqual([6, 4, 2]);
    expect(await sequences(access, { action: 'catalog.entity.refresh' })).toEqual([6, 3]);
    expect(await sequences(access, { action: 'catalog.*' })).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await sequences(access, { action: 'catalog.entity.r*', actor: 'user:default/odd' })).toEqual([3]);
    expect(await sequences(access, { target: 'file:/50%_done' })).toEqual([7]);
    expect(await sequences(access, { outcome: 'failure' })).toEqual([7]);
    expect(await sequences(access, { from: 1_003, until: 1_005 })).toEqual([4, 3]);
    expect(await sequences(access, { text: 'TOKEN 3f' })).toEqual([7]);
    expect(await sequences(access, { text: '%_d' })).toEqual([7]);
    expect(await sequences(access, { text: '5_%' })).toEqual([]);
  });

  test('pages go both ways without a gap, over any number of records', async () => {
    const { access } = await (await makeHome()).open();
    await write(access, 4_500);
    const rare = await sequences(access, {
      actor: 'user:default/even',
      action: 'catalog.entity.refresh',
      until: 1_020,
    });
    expect(rare).toEqual([18, 12, 6]);
    expect(await sequences(access, {}, { limit: 3, before: 4 })).toEqual([3, 2, 1]);
    expect(await sequences(access, {}, { limit: 3, after: 4_498 })).toEqual([4_499, 4_500]);
    let seen = 0;
    for (let after = 0; ; seen += 1_000) {
      const page = await access.audit({}, { limit: 1_000, after });
      expect(page.map(({ sequence }) => sequence)).toEqual(page.map((_, index) => after + 1 + index));
      after += page.length;
      if (page.length < 1_000) break;
    }
    expect(seen).toBe(4_000);
  });

  test('an untouched chain is intact, empty too', async () => {
    const { access } = await (await makeHome()).open();
    expect(await access.verifyAudit()).toEqual({ intact: true, records: 0 });
    await write(access, 1_200);
    const [newest] = await access.audit({}, { limit: 1 });
    expect(await access.verifyAudit()).toEqual({
      intact: true,
      records: 1_200,
      first: 1,
      last: 1_200,
      lastHash: newest?.hash,
    });
  });

  const tampering: readonly (readonly [string, string, number])[] = [
    ['a changed actor', "UPDATE audit SET actor = 'user:default/else' WHERE sequence = 700", 700],
    ['a changed outcome', "UPDATE audit SET outcome = 'denied' WHERE sequence = 1", 1],
    ['data that is no JSON any more', "UPDATE audit SET data = '{' WHERE sequence = 700", 700],
    ['a record taken out', 'DELETE FROM audit WHERE sequence = 700', 700],
    ['a block taken out', 'DELETE FROM audit WHERE sequence BETWEEN 100 AND 650', 100],
    ['the newest records taken away', 'DELETE FROM audit WHERE sequence > 1190', 1_191],
    ['the oldest records taken away', 'DELETE FROM audit WHERE sequence < 10', 1],
    [
      'two records changed places',
      'UPDATE audit SET sequence = CASE sequence WHEN 1200 THEN 9999 ELSE sequence END',
      1_200,
    ],
    ['another hash', "UPDATE audit SET hash = 'x' WHERE sequence = 1200", 1_200],
  ];
  test.each(tampering)('%s is found', async (_, statement, brokenAt) => {
    const home = await makeHome();
    const { access } = await home.open();
    await write(access, 1_200);
    await home.execute(statement);
    expect(await access.verifyAudit()).toMatchObject({ intact: false, brokenAt, problem: expect.any(String) });
  });

  test('a record whose hash was made anew does not fit the next one', async () => {
    const home = await makeHome();
    const { access } = await home.open();
    await write(access, 3);
    await forge(home, access);
    expect(await access.verifyAudit()).toMatchObject({
      intact: false,
      brokenAt: 3,
      problem: 'record 3 does not follow the one before it',
    });
  });

  test('retention lets go of the oldest records, and the rest is an intact chain that goes on', async () => {
    let now = 100 * DAY_MS;
    const home = await makeHome();
    const store = await home.open({
      clock: { ...systemClock, now: () => now },
      retention: { ...KEEP_ALL, auditDays: 30 },
    });
    const { access } = store;
    await access.commit([], [entry(1, { at: now }), entry(2, { at: now + 40 * DAY_MS }), entry(3, { at: now })]);
    expect(await store.compact()).toBe(0);
    now += 35 * DAY_MS;
    expect(await store.compact()).toBe(1);
    // A younger one stands before the third: the chain keeps its order.
    expect(await sequences(access, {})).toEqual([3, 2]);
    expect(await access.verifyAudit()).toMatchObject({ intact: true, records: 2, first: 2, last: 3 });
    now += 365 * DAY_MS;
    expect(await store.compact()).toBe(2);
    expect(await access.verifyAudit()).toEqual({ intact: true, records: 0 });
    await access.commit([], [entry(4, { at: now })]);
    expect(await access.verifyAudit()).toMatchObject({ intact: true, first: 4, last: 4 });
    await home.execute('DELETE FROM audit');
    expect(await access.verifyAudit()).toMatchObject({ intact: false, brokenAt: 4 });
  });

  test('retention drops any number of records, in slices', async () => {
    const home = await makeHome();
    const store = await home.open({ retention: { ...KEEP_ALL, auditDays: 30 } });
    await write(store.access, 4_100);
    await store.access.commit([], [entry(1, { at: systemClock.now() })]);
    expect(await store.compact()).toBe(4_100);
    expect(await store.access.verifyAudit()).toMatchObject({ intact: true, records: 1, first: 4_101 });
  });

  test('a restored backup keeps records and an intact chain, and both go on', async () => {
    const store = await (await makeHome()).open();
    await store.access.commit([{ op: 'put', type: 'role', key: 'a', value: { x: 1 } }], [entry(1), entry(2)]);
    const file = join(tmpdir(), `callboard-audit-${systemClock.token(6)}.gz`);
    files.push(file);
    await backupStore(store, file);
    const restored = await (await makeHome()).open();
    await restoreStore(restored, file);
    const { access } = restored;
    expect(await access.changes(0, 10)).toEqual(await store.access.changes(0, 10));
    expect(await access.commit([{ op: 'put', type: 'role', key: 'b', value: 2 }], [entry(3)])).toEqual({
      status: 'written',
      sequence: 2,
    });
    expect(await access.verifyAudit()).toMatchObject({ intact: true, records: 3, last: 3 });
    await expect(restoreStore(restored, file)).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
  });

  test('a store with nothing but audit records is not restored into', async () => {
    const store = await (await makeHome()).open();
    const file = join(tmpdir(), `callboard-audit-${systemClock.token(6)}.gz`);
    files.push(file);
    await backupStore(store, file);
    const other = await (await makeHome()).open();
    await other.access.commit([], [entry(1)]);
    await expect(restoreStore(other, file)).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
  });

  if (engine === 'sqlite') return;
  describe('of several servers', () => {
    test('is one intact chain, however they write at once', async () => {
      const home = await makeHome();
      const stores = [await home.open(), await home.open(), await home.open()];
      await Promise.all(
        stores.map(async ({ access }, server) => {
          for (let n = 0; n < 40; n += 1) {
            const key = `${server}-${n}`;
            await access.commit([{ op: 'put', type: 'role', key, value: n }], [entry(n), entry(n + 1)]);
          }
        }),
      );
      for (const { access } of stores) {
        expect(await access.verifyAudit()).toMatchObject({ intact: true, records: 240, last: 240 });
        expect((await access.changes(0, 1_000)).changes).toHaveLength(120);
      }
    });

    test('lets one of those that expect the same have it', async () => {
      const home = await makeHome();
      const stores = [await home.open(), await home.open(), await home.open()];
      for (let round = 0; round < 10; round += 1) {
        const results = await Promise.all(
          stores.map(({ access }, value) =>
            access.commit([{ op: 'put', type: 'cursor', key: `k${round}`, value, expect: 0 }], [entry(value)]),
          ),
        );
        expect(results.filter(({ status }) => status === 'written')).toHaveLength(1);
      }
    });

    test('tells the others of changed records at once', async () => {
      const home = await makeHome();
      const [here, there] = [await home.open(), await home.open()];
      let hints = 0;
      there.access.onHint(() => (hints += 1));
      await expect
        .poll(async () => {
          await here.access.commit([{ op: 'put', type: 'role', key: 'a', value: 1 }], []);
          return hints;
        })
        .toBeGreaterThan(0);
    });
  });
});

/** Changes record 2 and makes its hash fit, as somebody with access to the database could. */
async function forge(home: TestHome, access: AccessStore): Promise<void> {
  const record = (await access.audit({}, { limit: 10 })).find(({ sequence }) => sequence === 2)!;
  const forged = { ...record, actor: 'user:default/else' };
  const hash = auditHash(forged);
  await home.execute(`UPDATE audit SET actor = '${forged.actor}', hash = '${hash}' WHERE sequence = 2`);
}
