import { expect, test } from 'vitest';
import { describeEngines } from '../../test/support/store-engines.ts';
import { readSnapshot } from '../../test/support/store-contents.ts';
import { entityWrite, putEntity, putFact } from '../../test/support/writes.ts';
import { systemClock } from '../base/clock.ts';
import type { StoredEntity } from '../model/change.ts';
import type { Store } from './store.ts';

async function onlyEntity(store: Store): Promise<StoredEntity> {
  const { entities } = await readSnapshot(store);
  expect(entities).toHaveLength(1);
  return entities[0]!;
}

const location = { ref: 'file:/a', source: 'files', fingerprint: 'f1', entities: 1, changedAt: 5 };
const lease = { collector: 'test', source: 'here', lastSuccessAt: 1, expiresAt: 2 };
const problem = {
  id: 'p1',
  source: 'files',
  location: 'file:/a',
  code: 'yaml-syntax',
  severity: 'error' as const,
  message: 'bad',
  line: 3,
  column: 4,
  since: 7,
};

describeEngines('writes', (makeHome) => {
  test('a new store is empty at revision 0', async () => {
    const store = await (await makeHome()).open();
    expect(await store.revision()).toBe(0);
    expect(await readSnapshot(store)).toMatchObject({ revision: 0, entities: [] });
    expect(await store.readLog(0, 10)).toEqual([]);
    expect(store.health).toEqual({ status: 'ok', reason: '' });
  });

  test('an entity gets a uid and its times, and keeps both uid and creation over updates', async () => {
    const home = await makeHome();
    const store = await home.open({ clock: { ...systemClock, now: () => 1_000 } });
    expect(await store.commit([putEntity('a', { commit: 'c1' })])).toEqual({
      revision: 1,
      outcomes: [{ status: 'written' }],
    });
    const first = await onlyEntity(store);
    expect(first).toMatchObject({
      ref: 'component:default/a',
      createdAt: 1_000,
      updatedAt: 1_000,
      commit: 'c1',
      line: 1,
    });
    expect(first.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(JSON.parse(first.body)).toEqual({
      ...JSON.parse(entityWrite('a').body),
      metadata: { name: 'a', namespace: 'default', uid: first.uid },
    });
    await store.commit([putEntity('a', { content: 'second' })]);
    const second = await onlyEntity(store);
    expect(second.uid).toBe(first.uid);
    expect(JSON.parse(second.body).spec).toEqual({ type: 'second' });
    expect(second.commit).toBeUndefined();
  });

  test('what changes nothing takes no revision and leaves no log row', async () => {
    const store = await (await makeHome()).open();
    const writes = [
      putEntity('a', { commit: 'c1' }),
      putFact('a', 'x', { value: { b: 1, a: [null] } }),
      { op: 'putLease', lease },
      { op: 'putProblem', problem },
      { op: 'putLocation', location },
    ] as const;
    await store.commit(writes);
    const again = await store.commit([
      putEntity('a', { commit: 'c2' }),
      putFact('a', 'x', { value: { a: [null], b: 1 }, observedAt: 200 }),
      { op: 'putLease', lease },
      { op: 'putProblem', problem: { ...problem, since: 99 } },
      { op: 'putLocation', location: { ...location, changedAt: 99 } },
      { op: 'deleteFact', entityRef: 'component:default/a', collector: 'test', path: 'none' },
      { op: 'deleteEntity', ref: 'component:default/none', location: 'file:/a' },
    ]);
    expect(again.revision).toBe(1);
    expect(again.outcomes.map((outcome) => outcome.status)).toEqual([
      ...Array<string>(5).fill('unchanged'),
      'absent',
      'absent',
    ]);
    expect(await store.readLog(1, 10)).toEqual([]);
    const all = await readSnapshot(store);
    expect(all.entities[0]?.commit).toBe('c1');
    expect(all.facts[0]).toMatchObject({ observedAt: 100, value: { a: [null], b: 1 } });
    expect(all.problems).toEqual([problem]);
    expect(all.locations).toEqual([location]);
    expect(all.leases).toEqual([lease]);
  });

  test('what means "since when" stays while other parts change', async () => {
    const store = await (await makeHome()).open();
    await store.commit([
      putEntity('a'),
      putFact('a', 'x', { source: 'one' }),
      { op: 'putProblem', problem },
      { op: 'putLocation', location },
    ]);
    await store.commit([
      putEntity('a', { line: 9 }),
      putFact('a', 'x', { source: 'two', observedAt: 200 }),
      { op: 'putProblem', problem: { ...problem, message: 'worse', since: 99 } },
      { op: 'putLocation', location: { ...location, entities: 2, changedAt: 99 } },
    ]);
    const all = await readSnapshot(store);
    expect(all.facts[0]).toMatchObject({ source: 'two', observedAt: 100 });
    expect(all.problems[0]).toMatchObject({ message: 'worse', since: 7 });
    expect(all.locations[0]).toMatchObject({ entities: 2, changedAt: 5 });
    expect(all.entities[0]).toMatchObject({ line: 9 });
    expect(all.entities[0]?.updatedAt).toBe(all.entities[0]?.createdAt);
    await store.commit([
      putFact('a', 'x', { error: 'no answer', observedAt: 300 }),
      { op: 'putLocation', location: { ...location, fingerprint: 'f2', changedAt: 300 } },
    ]);
    const later = await readSnapshot(store);
    expect(later.facts[0]).toMatchObject({ observedAt: 300, error: 'no answer' });
    expect(later.locations[0]).toMatchObject({ changedAt: 300 });
  });

  test('only the location that declares an entity changes or removes it', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a', { location: 'file:/one', line: 12 })]);
    const owner = { status: 'conflict', owner: { location: 'file:/one', line: 12 } };
    const result = await store.commit([
      putEntity('a', { location: 'file:/two', content: 'other' }),
      { op: 'deleteEntity', ref: 'component:default/a', location: 'file:/two' },
      putEntity('b', { location: 'file:/two' }),
    ]);
    expect(result.outcomes).toEqual([owner, owner, { status: 'written' }]);
    expect((await readSnapshot(store)).entities.map((entity) => entity.location)).toEqual(['file:/one', 'file:/two']);
  });

  test('an entity may move to another location in one commit and keeps its uid and facts', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a', { location: 'file:/one' }), putFact('a', 'x')]);
    const before = await onlyEntity(store);
    const result = await store.commit([
      { op: 'deleteEntity', ref: 'component:default/a', location: 'file:/one' },
      putEntity('a', { location: 'file:/two' }),
    ]);
    expect(result.outcomes).toEqual([{ status: 'written' }, { status: 'written' }]);
    expect(await onlyEntity(store)).toMatchObject({
      uid: before.uid,
      location: 'file:/two',
      createdAt: before.createdAt,
    });
    expect((await readSnapshot(store)).facts).toHaveLength(1);
    expect((await store.readLog(1, 10)).flatMap(({ changes }) => changes.map(({ type }) => type))).toEqual(['entity']);
  });

  test('deleting an entity deletes its facts, with log rows', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a'), putEntity('b'), putFact('a', 'x'), putFact('a', 'y'), putFact('b', 'x')]);
    await store.commit([{ op: 'deleteEntity', ref: 'component:default/a', location: 'file:/catalog/a.yaml' }]);
    expect((await readSnapshot(store)).facts.map((fact) => fact.entityRef)).toEqual(['component:default/b']);
    const [transaction] = await store.readLog(1, 10);
    expect(transaction?.changes).toEqual([
      { type: 'entity', key: 'component:default/a', value: null },
      { type: 'fact', key: 'component:default/a|test|x', value: null },
      { type: 'fact', key: 'component:default/a|test|y', value: null },
    ]);
  });

  test('a fact needs its entity', async () => {
    const store = await (await makeHome()).open();
    expect((await store.commit([putFact('a', 'x')])).outcomes).toEqual([{ status: 'absent' }]);
    expect((await store.commit([putEntity('a'), putFact('a', 'x')])).outcomes[1]).toEqual({ status: 'written' });
  });

  test('a write that cannot be held fails the whole commit and nothing else', async () => {
    const store = await (await makeHome()).open();
    const bad = [
      putEntity('nul', { source: 'a\0b' }),
      putEntity('surrogate', { source: '\ud800' }),
      putEntity('line', { line: 1.5 }),
      putEntity('empty', { ref: '' }),
      putEntity('long', { ref: 'x'.repeat(2_001) }),
      putEntity('not json', { body: '{' }),
      putEntity('no metadata', { body: '{}' }),
      putFact('a', 'function', { value: (() => 1) as unknown as null }),
      putFact('a', 'deep', { value: JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as null }),
    ];
    const good = store.commit([putEntity('good')]);
    for (const write of bad) {
      await expect(store.commit([putEntity('other'), write])).rejects.toMatchObject({ code: 'WRITE_INVALID' });
    }
    expect(await good).toMatchObject({ outcomes: [{ status: 'written' }] });
    expect(await onlyEntity(store)).toMatchObject({ ref: 'component:default/good' });
  });

  test('commits that wait together share revisions, which come without a gap', async () => {
    const store = await (await makeHome()).open();
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.commit([putEntity(`e${index}`)])));
    const revision = await store.revision();
    expect(revision).toBeLessThan(50);
    const transactions = await store.readLog(0, 1_000);
    expect(transactions.map((transaction) => transaction.revision)).toEqual(
      Array.from({ length: revision }, (_, index) => index + 1),
    );
    expect(transactions.flatMap(({ changes }) => changes)).toHaveLength(50);
  });

  test('a bad commit takes none of those along that wait with it', async () => {
    const store = await (await makeHome()).open();
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, index) => store.commit([putEntity(`e${index}`)])),
      store.commit([putEntity('bad', { body: '[]' })]),
      store.commit([]),
    ]);
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
    expect((await readSnapshot(store)).entities).toHaveLength(20);
  });

  test('too many waiting writes are refused, and one commit is always taken', async () => {
    const store = await (await makeHome()).open({ maxPendingWrites: 3 });
    const many = store.commit([1, 2, 3, 4].map((each) => putEntity(`e${each}`)));
    await expect(store.commit([putEntity('late')])).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await many;
    expect((await store.commit([putEntity('late')])).outcomes).toEqual([{ status: 'written' }]);
  });

  test('after close every call fails with STORE_CLOSED, and what was under way is finished', async () => {
    const home = await makeHome();
    const store = await home.open();
    // More than one group takes.
    const names = Array.from({ length: 2_600 }, (_, index) => `e${index}`);
    const under = Array.from({ length: 3 }, (_, round) => {
      return store.commit(names.map((name) => putEntity(name, { content: `round ${round}` })));
    });
    await Promise.all([store.close(), store.close()]);
    expect((await Promise.all(under)).map(({ revision }) => revision)).toEqual([1, 2, 3]);
    for (const call of [
      () => store.revision(),
      () => store.commit([]),
      () => store.readLog(0, 1),
      () => readSnapshot(store),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    }
    expect(await (await home.open()).revision()).toBe(3);
  });
});
