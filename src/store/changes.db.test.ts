import { expect, test } from 'vitest';
import { describeEngines } from '../../test/support/store-engines.ts';
import { putEntity } from '../../test/support/writes.ts';
import { systemClock } from '../base/clock.ts';
import type { ChangesRequest } from './changes.ts';
import type { Store } from './store.ts';

const location = 'file:/a';
const body = (name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default' }, spec });
const put = (name: string, hash = 'h1', spec: object = {}) =>
  putEntity(name, { hash, body: body(name, spec), location });
const told = async (store: Store, request: Partial<ChangesRequest> = {}): Promise<unknown[]> => {
  const { revisions, isEnd } = await store.changes({ limit: 100, ...request });
  const lines = revisions.map(({ revision, refs, isCut }) => {
    const names = refs.map((ref) => ref.slice(ref.indexOf('/') + 1)).join();
    return `${revision} ${names}${isCut ? '...' : ''}`;
  });
  return isEnd ? lines : [...lines, 'more'];
};

describeEngines('changes of the whole catalog', (makeHome) => {
  test('come newest first, by revision and ref; nothing is told of what changed nothing', async () => {
    const store = await (await makeHome()).open();
    expect(await told(store)).toEqual([]);
    await store.commit([put('b'), put('a')]);
    await store.commit([put('a')]);
    await store.commit([put('a', 'h2')]);
    await store.commit([{ op: 'deleteEntity', ref: 'component:default/b', location }]);
    expect(await told(store)).toEqual(['3 b', '2 a', '1 a,b']);
    expect(await told(store, { before: 3 })).toEqual(['2 a', '1 a,b']);
  });

  test('are read in stretches of whole revisions; only a large one is cut, and said to be', async () => {
    const store = await (await makeHome()).open();
    await store.commit([put('a'), put('b'), put('c'), put('d'), put('e')]);
    await store.commit([put('a', 'h2'), put('b', 'h2')]);
    await store.commit([put('a', 'h3')]);
    expect(await told(store, { limit: 2 })).toEqual(['3 a', 'more']);
    expect(await told(store, { limit: 3 })).toEqual(['3 a', '2 a,b', 'more']);
    expect(await told(store, { limit: 2, before: 2 })).toEqual(['1 d,e...', 'more']);
    expect(await told(store, { limit: 5, before: 2 })).toEqual(['1 a,b,c,d,e']);
  });

  test('since a moment', async () => {
    let now = 1_000;
    const store = await (await makeHome()).open({ clock: { ...systemClock, now: () => now } });
    for (const hash of ['h1', 'h2', 'h3']) {
      await store.commit([put('a', hash)]);
      now += 1_000;
    }
    expect(await told(store, { since: 2_000 })).toEqual(['3 a', '2 a']);
    expect(await told(store, { since: 2_001 })).toEqual(['3 a']);
    expect(await told(store, { since: 9_000 })).toEqual([]);
  });

  test('are described with what an update changed, where the version before is known', async () => {
    const home = await makeHome();
    const store = await home.open({ clock: { ...systemClock, now: () => 5_000 } });
    const ref = 'component:default/a';
    await store.commit([put('a', 'h1', { owner: 'one', type: 'service' })]);
    await store.commit([put('a', 'h2', { owner: 'two', type: 'service', tier: 1 })]);
    await store.commit([{ op: 'deleteEntity', ref, location }]);
    const described = await store.changedEntities([
      { ref, revision: 3 },
      { ref, revision: 2 },
      { ref, revision: 1 },
      { ref, revision: 9 },
      { ref: 'component:default/none', revision: 1 },
    ]);
    expect(described.map(({ revision, op, paths }) => ({ revision, op, paths }))).toEqual([
      { revision: 3, op: 'deleted', paths: undefined },
      { revision: 2, op: 'updated', paths: ['spec.owner', 'spec.tier'] },
      { revision: 1, op: 'created', paths: undefined },
    ]);
    expect(described[0]).toMatchObject({ ref, at: 5_000, location });
    await home.execute('DELETE FROM entity_history WHERE revision = 1');
    expect((await store.changedEntities([{ ref, revision: 2 }]))[0]).not.toHaveProperty('paths');
  });
});
