import { expect, test } from 'vitest';
import { readSnapshot } from '../../test/support/store-contents.ts';
import { KEEP_ALL } from '../../test/support/keep-all.ts';
import { describeEngines } from '../../test/support/store-engines.ts';
import { putEntity, putFact } from '../../test/support/writes.ts';
import { systemClock } from '../base/clock.ts';
import { DigestSum } from '../base/digest.ts';
import { factKey, type Transaction } from '../model/change.ts';
import { KEPT_REVISIONS } from './compaction.ts';
import { recordDigest } from './digest.ts';
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;

async function commitEach(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await store.commit([putEntity('a', { content: `version ${index}` })]);
}

const revisions = (transactions: readonly Transaction[]): number[] => transactions.map(({ revision }) => revision);

describeEngines('change log', (makeHome) => {
  test('gives whole transactions, about as many changes as asked for', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a'), putEntity('b'), putEntity('c')]);
    await store.commit([putFact('a', 'x', { value: { deep: [1, null, 'ü'] } })]);
    await store.commit([{ op: 'deleteFact', entityRef: 'component:default/a', collector: 'test', path: 'x' }]);
    expect(revisions(await store.readLog(0, 1))).toEqual([1]);
    expect(revisions(await store.readLog(0, 4))).toEqual([1, 2]);
    expect(revisions(await store.readLog(1, 100))).toEqual([2, 3]);
    expect(await store.readLog(3, 100)).toEqual([]);
    const [put, drop] = await store.readLog(1, 100);
    const { entities } = await readSnapshot(store);
    expect((await store.readLog(0, 1))[0]?.changes[0]).toEqual({
      type: 'entity',
      key: 'component:default/a',
      value: entities[0],
    });
    expect(put?.changes).toMatchObject([
      { type: 'fact', key: 'component:default/a|test|x', value: { value: { deep: [1, null, 'ü'] }, observedAt: 100 } },
    ]);
    expect(drop?.changes).toEqual([{ type: 'fact', key: 'component:default/a|test|x', value: null }]);
  });

  test('tells a reader that is behind the log, or ahead of it, to begin anew', async () => {
    const store = await (await makeHome()).open({ retention: { ...KEEP_ALL, revisions: 20 } });
    await commitEach(store, 40);
    expect(await store.compact()).toBe(20);
    await expect(store.readLog(19, 10)).rejects.toMatchObject({ code: 'REVISION_EXPIRED', status: 410 });
    expect(revisions(await store.readLog(20, 2))).toEqual([21, 22]);
    await expect(store.readLog(41, 10)).rejects.toMatchObject({ code: 'REVISION_EXPIRED' });
  });

  test.each([
    ['a revision in the middle', 'DELETE FROM log WHERE revision = 2'],
    ['a row of a transaction', 'DELETE FROM log WHERE revision = 2 AND position = 0'],
    ['the newest revision', 'DELETE FROM log WHERE revision = 3'],
  ])('never hides a gap: %s', async (_, statement) => {
    const home = await makeHome();
    const store = await home.open();
    await store.commit([putEntity('a')]);
    await store.commit([putEntity('b'), putEntity('c')]);
    await store.commit([putEntity('d')]);
    await store.close();
    await home.execute(statement);
    await expect((await home.open()).readLog(0, 100)).rejects.toMatchObject({ code: 'LOG_GAP' });
  });

  test('hints after a commit that changed something, until told to stop', async () => {
    const store = await (await makeHome()).open({ notify: false });
    let hints = 0;
    const stop = store.onHint(() => (hints += 1));
    await store.commit([putEntity('a')]);
    await expect.poll(() => hints).toBe(1);
    await store.commit([putEntity('a')]);
    await store.revision();
    expect(hints).toBe(1);
    stop();
    await store.commit([putEntity('b')]);
    await store.revision();
    expect(hints).toBe(1);
  });
});

describeEngines('compaction', (makeHome) => {
  test('keeps the asked number of revisions unless they have too many rows', async () => {
    const store = await (await makeHome()).open({ retention: { revisions: 1_000, logRows: 30, historyDays: 1 } });
    await commitEach(store, 50);
    expect(await store.compact()).toBe(20);
    expect(revisions(await store.readLog(20, 1_000))).toHaveLength(30);
    expect(await store.compact()).toBe(0);
  });

  test('keeps what readers that follow the log still need, whatever the settings', async () => {
    const store = await (await makeHome()).open({ retention: { revisions: 0, logRows: 0, historyDays: 1 } });
    await commitEach(store, KEPT_REVISIONS + 5);
    await store.compact();
    expect(await store.readLog(5, 1_000)).toHaveLength(KEPT_REVISIONS);
  });

  test('runs in slices of whole revisions and drops history by age', async () => {
    let now = 1_000 * DAY_MS;
    const clock = { ...systemClock, now: () => now };
    const store = await (
      await makeHome()
    ).open({ clock, retention: { revisions: 5, logRows: 9_000, historyDays: 30 } });
    const names = Array.from({ length: 1_500 }, (_, index) => `e${index}`);
    for (const content of ['one', 'two', 'three'])
      await store.commit(names.map((name) => putEntity(name, { content })));
    await commitEach(store, KEPT_REVISIONS);
    now += 31 * DAY_MS;
    await store.commit([putEntity('e1', { content: 'late' })]);
    expect(await store.compact()).toBe(4_501 + 4_516);
    expect(await store.entityHistory('component:default/e1', { limit: 10 })).toHaveLength(1);
    expect(await store.entityHistory('component:default/e2', { limit: 10 })).toHaveLength(0);
    expect((await readSnapshot(store)).entities).toHaveLength(1_501);
  });
});

describeEngines('history', (makeHome) => {
  test('has each step of an entity, newest first, in pages', async () => {
    const store = await (await makeHome()).open();
    const at = 'file:/catalog/a.yaml';
    await store.commit([putEntity('a', { commit: 'c1' })]);
    await store.commit([putEntity('a', { line: 7 })]);
    await store.commit([putEntity('a', { content: 'second', commit: 'c2' })]);
    await store.commit([{ op: 'deleteEntity', ref: 'component:default/a', location: at }]);
    await store.commit([putEntity('a', { content: 'third' })]);
    const items = await store.entityHistory('component:default/a', { limit: 10 });
    expect(items.map(({ revision, op, commit }) => [revision, op, commit])).toEqual([
      [5, 'created', undefined],
      [4, 'deleted', 'c2'],
      [3, 'updated', 'c2'],
      [1, 'created', 'c1'],
    ]);
    expect(items.map((item) => JSON.parse(item.body).spec.type)).toEqual(['third', 'second', 'second', 'first']);
    expect(items[0]).toMatchObject({ location: at, source: 'files' });
    const page = await store.entityHistory('component:default/a', { limit: 2, before: 5 });
    expect(page.map(({ revision }) => revision)).toEqual([4, 3]);
    expect(await store.entityHistory('component:default/none', { limit: 2 })).toEqual([]);
  });
});

describeEngines('snapshot', (makeHome) => {
  test('is of one revision while writes go on, and its records have the digest of that revision', async () => {
    const store = await (await makeHome()).open();
    const names = Array.from({ length: 1_300 }, (_, index) => `e${index}`);
    await store.commit([...names.map((name) => putEntity(name)), ...names.map((name) => putFact(name, 'x'))]);
    const digest = await store.digest();
    const sums = { entity: new DigestSum(), fact: new DigestSum() };
    let pages = 0;
    for await (const page of store.snapshot()) {
      if (pages === 0) await store.commit([putEntity('e1299', { content: 'later' }), putEntity('zzz')]);
      pages += 1;
      expect(page.revision).toBe(1);
      for (const value of page.entities) sums.entity.add(recordDigest({ type: 'entity', key: value.ref, value }));
      for (const value of page.facts) sums.fact.add(recordDigest({ type: 'fact', key: factKey(value), value }));
    }
    expect(pages).toBeGreaterThan(4);
    expect({ entity: String(sums.entity), fact: String(sums.fact) }).toEqual({
      entity: digest.digests.entity,
      fact: digest.digests.fact,
    });
    const later = await store.digest();
    expect(later.revision).toBe(2);
    expect(later.digests.entity).not.toBe(digest.digests.entity);
    expect(later.digests.fact).toBe(digest.digests.fact);
  });

  test('a reader that stops early frees its state; too many at once are refused', async () => {
    const store = await (await makeHome()).open();
    await store.commit(Array.from({ length: 600 }, (_, index) => putEntity(`e${index}`)));
    for (let round = 0; round < 20; round++) {
      for await (const page of store.snapshot()) {
        expect(page.entities).toHaveLength(500);
        break;
      }
    }
    const open = Array.from({ length: 8 }, () => store.snapshot()[Symbol.asyncIterator]());
    for (const iterator of open) await iterator.next();
    await expect(readSnapshot(store)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    for (const iterator of open) await iterator.return?.();
    expect((await readSnapshot(store)).entities).toHaveLength(600);
  });

  test('a reader that stands still loses its state, not the store', async () => {
    const store = await (await makeHome()).open({ idleMs: 500 });
    await store.commit(Array.from({ length: 1_100 }, (_, index) => putEntity(`e${index}`)));
    const iterator = store.snapshot()[Symbol.asyncIterator]();
    await iterator.next();
    await systemClock.sleep(2_000);
    // The second page was read ahead.
    await iterator.next();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await readSnapshot(store)).entities).toHaveLength(1_100);
  });

  test('a load that stands still is rolled back and lets the others write', async () => {
    const store = await (await makeHome()).open({ idleMs: 500 });
    const load = store.load(
      (async function* () {
        yield [{ table: 'location', row: { ref: 'a', source: 's', fingerprint: 'f', entities: 1, changed_at: 1 } }];
        await systemClock.sleep(2_000);
        yield [];
      })(),
    );
    await expect(load).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await store.commit([putEntity('a')])).revision).toBe(1);
    expect((await readSnapshot(store)).locations).toEqual([]);
  });
});
