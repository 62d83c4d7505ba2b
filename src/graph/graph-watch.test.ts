import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition, script, type ScriptStep, who } from '../../test/support/catalog-script.ts';
import { ScriptedCatalog, visibilityOf, withCatalog } from '../../test/support/scripted-catalog.ts';
import { settle, WatchClient } from '../../test/support/watch-client.ts';
import { EVERYTHING, type Predicate } from '../model/predicate.ts';
import type { Write } from '../store/store.ts';
import type { View, WatchBatch, WatchRequest } from './view.ts';

/** Lets coalesced changes go out. */
async function deliver(catalog: ScriptedCatalog): Promise<void> {
  catalog.clock.advance(200);
  await settle();
}

const where = fc.oneof(fc.constant(EVERYTHING), condition);

test('a client that follows a watch has what a fresh list has, and hears of nothing that it never saw', async () => {
  const cases = fc.record({ before: script, after: script, who, where });
  const check = fc.asyncProperty(cases, (input) =>
    withCatalog(input.before, async (catalog, plain) => {
      const visibility = visibilityOf(input.who, plain);
      const client = new WatchClient(catalog.graph.view(visibility), input.where);
      client.start();
      const seen = new Set(client.entities.keys());
      for (const step of input.after) {
        await catalog.do(step);
        await deliver(catalog);
        for (const ref of client.expected().keys()) seen.add(ref);
        expect(client.ended).toBeUndefined();
        expect(client.entities).toEqual(client.expected());
      }
      expect(client.strangeDeletes).toEqual([]);
      for (const batch of client.batches) for (const { ref } of batch.changes) expect(seen).toContain(ref);
      await client.pause();
      expect(catalog.graph.stats().watchers).toBe(0);
    }),
  );
  await fc.assert(check, { numRuns: 60 });
});

test('a client that was away learns exactly what it missed, or is told to list again', async () => {
  const logged = script.map((steps) => steps.filter((step) => isLogged([step])));
  const steps = fc.oneof(fc.record({ before: script, away: script }), fc.record({ before: logged, away: logged }));
  const cases = fc.record({ steps, who, where });
  const check = fc.asyncProperty(cases, (input) =>
    withCatalog(input.steps.before, async (catalog, plain) => {
      const visibility = visibilityOf(input.who, plain);
      const client = new WatchClient(catalog.graph.view(visibility), input.where);
      client.start();
      await client.pause();
      await catalog.play(input.steps.away);
      await deliver(catalog);
      await client.resume();
      expect(client.ended).toBeUndefined();
      expect(client.entities).toEqual(client.expected());
      if (isLogged([...input.steps.before, ...input.steps.away])) {
        expect(client.lists).toBe(1);
        expect(client.strangeDeletes).toEqual([]);
      }
      await client.pause();
    }),
  );
  await fc.assert(check, { numRuns: 100 });
});

/** True without volatile facts and leases, which have no history. */
function isLogged(steps: readonly ScriptStep[]): boolean {
  return steps.every((step) => step.do === 'commit' && !step.writes.some((write) => write.op.endsWith('Lease')));
}

const everybody = {
  kind: 'all',
  key: 'all',
  principal: { ref: 'user:default/ada', claims: new Set<string>() },
} as const;

function put(name: string, type = 'service', more: object = {}): Write {
  const body = {
    apiVersion: 'v1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type, ...more },
  };
  const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: JSON.stringify(body) };
  return { op: 'putEntity', entity: { ...entity, location: 'file:/x', source: 's', line: 1 } };
}

const remove = (name: string): Write => ({ op: 'deleteEntity', ref: `component:default/${name}`, location: 'file:/x' });
const services: Predicate = { op: 'field', key: 'spec.type', values: ['service'] };

/** A watch read by hand, one batch at a time. */
function open(
  view: View,
  request: Omit<WatchRequest, 'signal'> = {},
): { next(): Promise<WatchBatch | undefined>; stop(): void } {
  const stop = new AbortController();
  const batches = view.watch({ ...request, signal: stop.signal })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await batches.next();
      return result.done ? undefined : result.value;
    },
    stop: () => stop.abort(),
  };
}

const brief = (batch: WatchBatch | undefined): string[] =>
  (batch?.changes ?? []).map(({ type, ref, parts }) => `${type} ${ref.split('/')[1]} ${parts.join('+')}`);

test('a watch tells what entered, changed in, and left its set', async () => {
  await withCatalog([], async (catalog) => {
    await catalog.do({ do: 'commit', writes: [put('a'), put('b', 'library')] });
    const watch = open(catalog.graph.view(everybody), { where: services });
    const commit = (...writes: Write[]): Promise<void> => catalog.do({ do: 'commit', writes });
    await commit(put('b'), put('c', 'library'));
    expect(brief(await watch.next())).toEqual(['put b entity']);
    await commit(put('a', 'library'), remove('b'), remove('c'));
    expect(brief(await watch.next()).sort()).toEqual(['delete a entity', 'delete b entity']);
    await commit(put('d', 'service', { dependsOn: ['component:e'] }), put('e'));
    expect(brief(await watch.next())).toEqual(['put d entity+relations', 'put e entity+relations']);
    await commit(put('d'));
    expect(await watch.next()).toMatchObject({
      revision: 5,
      sources: false,
      changes: [{ ref: 'component:default/d' }, { ref: 'component:default/e', parts: ['relations'] }],
    });
    watch.stop();
    expect(await watch.next()).toBeUndefined();
  });
});

test('an entity that is hidden or shown changes what its neighbours show, also for who was away', async () => {
  await withCatalog([], async (catalog) => {
    const shown = (name: string, more: object = {}): Write => put(name, 'open', more);
    await catalog.do({ do: 'commit', writes: [shown('a', { dependsOn: ['component:b'] }), shown('b'), shown('c')] });
    const predicate: Predicate = { op: 'field', key: 'spec.type', values: ['open'] };
    const view = catalog.graph.view({ kind: 'filter', key: 'open', predicate, principal: everybody.principal });
    const client = new WatchClient(view, { op: 'field', key: 'metadata.name', values: ['a', 'c'] });
    for (const type of ['shut', 'open', 'shut']) {
      client.start();
      await client.pause();
      await catalog.do({ do: 'commit', writes: [put('b', type)] });
      await client.resume();
      expect([client.ended, client.entities]).toEqual([undefined, client.expected()]);
      await catalog.do({ do: 'commit', writes: [put('b', type === 'open' ? 'shut' : 'open')] });
      await deliver(catalog);
      expect(client.entities).toEqual(client.expected());
      await catalog.do({ do: 'commit', writes: [put('b', type)] });
      await deliver(catalog);
      await client.pause();
    }
    expect(client.lists).toBe(3);
    const told = client.batches.flatMap((batch) => batch.changes.map(({ ref }) => ref));
    expect(new Set(told)).toEqual(new Set(['component:default/a']));
  });
});

test('what came and went within one transaction is undone in the right order', async () => {
  await withCatalog([], async (catalog) => {
    const onB = { dependsOn: ['component:b'] };
    await catalog.do({ do: 'commit', writes: [put('a', 'service', onB), put('b')] });
    await catalog.do({ do: 'commit', writes: [remove('a'), put('a', 'library', onB)] });
    const dependsOnB: Predicate = { op: 'field', key: 'relations.dependson', values: ['component:default/b'] };
    const where: Predicate = { op: 'and', args: [dependsOnB, services] };
    const watch = open(catalog.graph.view(everybody), { where, after: 1 });
    expect(brief(await watch.next())).toEqual(['delete a entity+relations']);
  });
});

test('who asks about facts lists again when facts changed without the log meanwhile', async () => {
  await withCatalog([], async (catalog) => {
    await catalog.do({ do: 'commit', writes: [put('a')] });
    const ready = (value: number): void =>
      catalog.graph.setVolatileFacts('live', 'one', { expiresAt: 9_000_000 }, [
        { entityRef: 'component:default/a', path: 'ready', value },
      ]);
    ready(1);
    const view = catalog.graph.view(everybody);
    const busy: Predicate = { op: 'field', key: 'facts.live.ready', values: ['3'] };
    await catalog.do({ do: 'commit', writes: [put('b')] });
    ready(3);
    await expect(open(view, { where: busy, after: 2 }).next()).rejects.toMatchObject({ code: 'REVISION_EXPIRED' });
    expect(brief(await open(view, { where: services, after: 2 }).next())).toEqual(['put a facts']);
  });
});

test('who does not ask for facts is not told of them', async () => {
  await withCatalog([], async (catalog) => {
    await catalog.do({ do: 'commit', writes: [put('a')] });
    const watch = open(catalog.graph.view(everybody), { facts: false });
    catalog.graph.setVolatileFacts('live', 'one', { expiresAt: 9_000_000 }, [
      { entityRef: 'component:default/a', path: 'ready', value: { of: ['b'] } },
    ]);
    await catalog.do({ do: 'commit', writes: [put('b')] });
    expect(brief(await watch.next())).toEqual(['put b entity']);
    watch.stop();
  });
});

test('changes that wait are folded together, and what came and went is not told', async () => {
  await withCatalog([], async (catalog) => {
    await catalog.do({ do: 'commit', writes: [put('old')] });
    const watch = open(catalog.graph.view(everybody));
    for (const writes of [
      [put('new')],
      [remove('new'), put('old', 'x')],
      [put('old', 'y'), put('last')],
      [remove('old')],
    ]) {
      await catalog.do({ do: 'commit', writes });
    }
    const batch = await watch.next();
    expect(brief(batch)).toEqual(['delete old entity', 'put last entity']);
    expect(batch?.revision).toBe(5);
    watch.stop();
  });
});

test('a reader that lags too far is told to list again, and the others are not held up', async () => {
  await withCatalog([], async (catalog) => {
    const view = catalog.graph.view(everybody);
    const slow = open(view, { maxPending: 3 });
    const fast = open(view, { maxPending: 3 });
    const told: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await catalog.do({ do: 'commit', writes: [put(name)] });
      told.push(...brief(await fast.next()));
      // Changes of one entity count once, however many wait.
      await catalog.do({ do: 'commit', writes: [put('a', name)] });
      told.push(...brief(await fast.next()));
    }
    expect(told).toHaveLength(10);
    await expect(slow.next()).rejects.toMatchObject({ code: 'WATCH_OVERFLOW', status: 410 });
    expect(catalog.graph.stats().watchers).toBe(1);
    fast.stop();
  });
});

test('a revision that history does not reach is refused; without changes there are bookmarks', async () => {
  const catalog = await new ScriptedCatalog({ history: { events: 4 } }).open();
  try {
    for (let index = 0; index < 6; index += 1) await catalog.do({ do: 'commit', writes: [put(`c-${index}`)] });
    const view = catalog.graph.view(everybody);
    await expect(open(view, { after: 0 }).next()).rejects.toMatchObject({ code: 'REVISION_EXPIRED', status: 410 });
    expect(brief(await open(view, { after: 4 }).next())).toEqual(['put c-5 entity', 'put c-4 entity']);
    const watch = open(view, { where: services, after: 6 });
    await catalog.do({ do: 'commit', writes: [put('other', 'library')] });
    catalog.clock.advance(5_000);
    expect(await watch.next()).toEqual({ revision: 7, changes: [], sources: false });
    await catalog.do({
      do: 'commit',
      writes: [{ op: 'putLease', lease: { collector: 'c', source: 's', lastSuccessAt: 1, expiresAt: 2 } }],
    });
    expect(await watch.next()).toEqual({ revision: 8, changes: [], sources: true });
  } finally {
    await catalog.close();
  }
});

test('a reader that comes from a server further ahead waits for this one', async () => {
  await withCatalog([], async (catalog) => {
    const view = catalog.graph.view(everybody);
    const early = open(view, { after: 1 });
    const impossible = open(view, { after: 99 });
    await catalog.do({ do: 'commit', writes: [put('a')] });
    await settle();
    await catalog.do({ do: 'commit', writes: [put('b')] });
    expect(brief(await early.next())).toEqual(['put b entity']);
    const refused = expect(impossible.next()).rejects.toMatchObject({ code: 'REVISION_EXPIRED' });
    catalog.clock.advance(5_000);
    await refused;
  });
});

test('volatile facts reach watchers folded together, and turn stale by the clock alone', async () => {
  await withCatalog([], async (catalog) => {
    await catalog.do({ do: 'commit', writes: [put('a'), put('b')] });
    const view = catalog.graph.view(everybody);
    const busy: Predicate = { op: 'field', key: 'facts.live.ready', values: ['3'] };
    const all = open(view);
    const some = open(view, { where: busy });
    for (let value = 1; value <= 3; value += 1) {
      catalog.setVolatile(catalog.graph, {
        do: 'volatile',
        collector: 'live',
        source: 'one',
        lastsMs: 60_000,
        facts: [{ entityRef: 'component:default/a', path: 'ready', value }],
      });
    }
    catalog.clock.advance(200);
    expect(brief(await all.next())).toEqual(['put a facts']);
    expect(brief(await some.next())).toEqual(['put a facts']);
    catalog.clock.advance(60_000);
    expect(brief(await all.next())).toEqual(['put a facts']);
    expect(brief(await some.next())).toEqual(['delete a facts']);
    expect(view.list({ where: busy, limit: 1 }).total).toBe(0);
    catalog.graph.setVolatileFacts('live', 'one', { expiresAt: 9_000_000 }, []);
    catalog.clock.advance(200);
    expect(brief(await some.next())).toEqual(['put a facts']);
    all.stop();
    some.stop();
  });
});

test('a condition that fails or costs too much ends its own watch only', async () => {
  const catalog = await new ScriptedCatalog({ scan: { maxEntities: 3, maxMs: 1_000 } }).open();
  try {
    const view = catalog.graph.view(everybody);
    const scan = (source: string, evaluate: () => boolean): Predicate => ({ op: 'scan', source, evaluate });
    const broken = open(view, {
      where: scan('broken', () => {
        throw new Error('no');
      }),
    });
    const costly = open(view, { where: scan('costly', () => true) });
    const plain = open(view);
    await catalog.do({ do: 'commit', writes: ['a', 'b', 'c', 'd'].map((name) => put(name)) });
    await expect(broken.next()).rejects.toMatchObject({ code: 'WATCH_FAILED' });
    await expect(costly.next()).rejects.toMatchObject({ code: 'QUERY_TOO_EXPENSIVE' });
    expect(brief(await plain.next())).toHaveLength(4);
    await expect(open(view, { where: scan('costly', () => true) }).next()).rejects.toMatchObject({
      code: 'QUERY_TOO_EXPENSIVE',
    });
    plain.stop();
  } finally {
    await catalog.close();
  }
});

test('closing the graph ends its watches', async () => {
  const catalog = await new ScriptedCatalog().open();
  const watch = open(catalog.graph.view(everybody));
  const view = catalog.graph.view(everybody);
  const waiting = watch.next();
  await catalog.close();
  expect(await waiting).toBeUndefined();
  expect(() => view.list({ limit: 1 })).toThrow(expect.objectContaining({ code: 'GRAPH_CLOSED' }));
  expect(() => catalog.graph.view(everybody)).toThrow(expect.objectContaining({ code: 'GRAPH_CLOSED' }));
  expect(catalog.clock.timers).toBe(0);
});
