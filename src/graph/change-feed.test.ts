import { afterEach, expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import { settle } from '../../test/support/watch-client.ts';
import type { Write } from '../store/store.ts';
import type { Visibility } from './view.ts';

const everybody: Visibility = { kind: 'all', key: 'all', principal: { ref: 'user:default/ada', claims: new Set() } };
const opened: ScriptedCatalog[] = [];
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
});

async function open(...args: ConstructorParameters<typeof ScriptedCatalog>): Promise<ScriptedCatalog> {
  const catalog = await new ScriptedCatalog(...args).open();
  opened.push(catalog);
  return catalog;
}

function put(name: string, content = 'x'): Write {
  const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default' }, spec: { p: content } };
  const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: `${name} ${content}` };
  return { op: 'putEntity', entity: { ...entity, location: 'file:/x', source: 's', line: 1 } };
}

function refs(catalog: ScriptedCatalog): string[] {
  const view = catalog.graph.view(everybody);
  return view.list({ limit: 1000 }).ids.map((id) => view.refOf(id));
}

/** Runs the event loop, and timers up to a second at a time, until something holds. */
async function until(catalog: ScriptedCatalog, holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn += 1) {
    if (turn > 100) throw new Error('it does not come to hold');
    await settle();
    if (!holds()) catalog.clock.advance(5_000);
  }
}

test('a hint brings a write at once; without hints a poll does', async () => {
  const catalog = await open();
  await catalog.do({ do: 'commit', writes: [put('a')] });
  expect(refs(catalog)).toEqual(['component:default/a']);
  // The feed looks once more after it has applied something.
  await settle();
  catalog.store.hints = false;
  await catalog.store.commit([put('b')]);
  await settle();
  expect(catalog.graph.revision).toBe(1);
  catalog.clock.advance(5_000);
  await catalog.settled(2);
  expect(refs(catalog)).toHaveLength(2);
});

test('a compacted log makes the cache anew, and watchers are told to list again', async () => {
  const catalog = await open();
  await catalog.do({ do: 'commit', writes: [put('a'), put('b')] });
  const stop = new AbortController();
  const batches = catalog.graph.view(everybody).watch({ signal: stop.signal })[Symbol.asyncIterator]();
  catalog.store.hints = false;
  await catalog.store.commit([
    put('a', 'changed'),
    put('c'),
    { op: 'deleteEntity', ref: 'component:default/b', location: 'file:/x' },
  ]);
  await catalog.store.compact();
  await until(catalog, () => catalog.graph.revision === 2);
  expect(refs(catalog)).toEqual(['component:default/a', 'component:default/c']);
  await expect(batches.next()).rejects.toMatchObject({ code: 'REVISION_EXPIRED' });
  expect(catalog.graph.stats()).toMatchObject({ reloads: 1, error: undefined });
  expect(await catalog.graph.check()).toEqual({ outcome: 'equal', revision: 2 });
  catalog.store.hints = true;
  await catalog.do({ do: 'commit', writes: [put('d')] });
  expect(refs(catalog)).toHaveLength(3);
});

test('a gap in the log makes the cache anew', async () => {
  const catalog = await open();
  catalog.store.hints = false;
  for (const name of ['a', 'b', 'c']) await catalog.store.commit([put(name)]);
  catalog.store.loseTransaction(2);
  await until(catalog, () => catalog.graph.revision === 3);
  expect(refs(catalog)).toHaveLength(3);
  expect(catalog.log.lines).toContain('warn the change log does not lead on');
});

test('an older database put in place of the store is taken over', async () => {
  const catalog = await open();
  const older = new MemoryStore();
  await older.commit([put('old')]);
  for (const name of ['a', 'b', 'c']) await catalog.do({ do: 'commit', writes: [put(name)] });
  catalog.store.become(older);
  await until(catalog, () => catalog.graph.revision === 1);
  expect(refs(catalog)).toEqual(['component:default/old']);
  expect(await catalog.graph.check()).toEqual({ outcome: 'equal', revision: 1 });
});

test('while the store is away the cache answers and says since when; then it catches up', async () => {
  const catalog = await open();
  await catalog.do({ do: 'commit', writes: [put('a')] });
  const { lastReadAt } = catalog.graph.stats();
  catalog.store.fault = new Error('the database is away');
  await until(catalog, () => catalog.graph.stats().error !== undefined);
  catalog.clock.advance(60_000);
  await settle();
  expect(catalog.graph.ready).toBe(true);
  expect(refs(catalog)).toHaveLength(1);
  expect(catalog.graph.stats()).toMatchObject({ error: 'the database is away' });
  expect(catalog.graph.stats().lastReadAt).toBeLessThan(lastReadAt + 1_000);
  catalog.store.fault = undefined;
  await catalog.store.commit([put('b')]);
  await until(catalog, () => catalog.graph.revision === 2);
  expect(catalog.graph.stats().error).toBeUndefined();
  expect(catalog.log.lines.filter((line) => line === 'error the change log cannot be read')).toHaveLength(1);
});

test('a store that cannot be read at the start is a failure of the start', async () => {
  const catalog = new ScriptedCatalog();
  catalog.store.fault = new Error('the database is away');
  await expect(catalog.open()).rejects.toThrow('the database is away');
});

test('one entity that cannot be read is kept out and said, and everything else goes on', async () => {
  const catalog = await open();
  await catalog.do({ do: 'commit', writes: [put('a'), put('b')] });
  const stored = { ...catalog.storedEntity('component:default/b'), body: '{torn' };
  catalog.store.corrupt({ type: 'entity', key: stored.ref, value: stored });
  const another = await catalog.openAnother();
  expect(another.stats().entities).toBe(1);
  expect(catalog.log.lines).toContain('error an entity cannot be read from the store');
  expect(await another.check()).toMatchObject({ outcome: 'equal' });
  await another.close();
});

test('a cache that differs from the store is found, said, and made anew', async () => {
  const catalog = await open({ checkMs: 60_000 });
  await catalog.do({ do: 'commit', writes: [put('a'), put('b')] });
  expect(await catalog.graph.check()).toEqual({ outcome: 'equal', revision: 1 });
  const stored = { ...catalog.storedEntity('component:default/b'), hash: 'another' };
  catalog.store.corrupt({ type: 'entity', key: stored.ref, value: stored });
  catalog.store.corrupt({ type: 'entity', key: 'component:default/a', value: null });
  catalog.clock.advance(60_000);
  await until(catalog, () => catalog.graph.stats().reloads === 1);
  expect(catalog.graph.stats()).toMatchObject({ checks: 2, checksFailed: 1, entities: 1 });
  expect(catalog.log.lines).toContain('error the cache differs from the store');
  expect(await catalog.graph.check()).toMatchObject({ outcome: 'equal' });
  catalog.store.fault = new Error('away');
  expect(await catalog.graph.check()).toEqual({ outcome: 'inconclusive', reason: 'away' });
});

test('a reader waits for its write, as long as it likes', async () => {
  const catalog = await open();
  catalog.store.hints = false;
  const { revision } = await catalog.store.commit([put('a')]);
  const arrives = catalog.graph.waitFor(revision, { timeoutMs: 60_000 });
  await settle();
  catalog.clock.advance(5_000);
  await arrives;
  const behind = expect(catalog.graph.waitFor(9, { timeoutMs: 100 })).rejects.toMatchObject({
    code: 'CACHE_BEHIND',
    status: 503,
  });
  catalog.clock.advance(100);
  await behind;
  const stop = new AbortController();
  const aborted = expect(catalog.graph.waitFor(9, { signal: stop.signal })).rejects.toThrow('enough');
  stop.abort(new Error('enough'));
  await aborted;
  await expect(catalog.graph.waitFor(9, { signal: stop.signal })).rejects.toThrow('enough');
  const closed = expect(catalog.graph.waitFor(9)).rejects.toMatchObject({ code: 'GRAPH_CLOSED' });
  await catalog.graph.close();
  await closed;
});

test('volatile facts add nothing to the store', async () => {
  const catalog = await open();
  await catalog.do({ do: 'commit', writes: Array.from({ length: 100 }, (_, index) => put(`c-${index}`)) });
  for (let round = 0; round < 60; round += 1) {
    catalog.setVolatile(catalog.graph, {
      do: 'volatile',
      collector: 'live',
      source: 'one',
      lastsMs: 60_000,
      facts: Array.from({ length: 100 }, (_, index) => ({
        entityRef: `component:default/c-${index}`,
        path: 'restarts',
        value: round + index,
      })),
    });
    catalog.clock.advance(100);
  }
  await settle();
  expect(await catalog.store.revision()).toBe(1);
  const view = catalog.graph.view(everybody);
  expect(view.list({ where: { op: 'field', key: 'facts.live.restarts', values: ['60'] }, limit: 5 }).total).toBe(1);
  expect(catalog.graph.stats().facts).toBe(100);
  const [fact] = view.facts(view.find('component:default/c-1') ?? -1);
  expect(fact).toMatchObject({ collector: 'live', source: 'one', path: 'restarts', value: 60 });
});
