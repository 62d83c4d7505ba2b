import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { kinds, QuietLog } from '../../test/support/scripted-catalog.ts';
import { describeEngines } from '../../test/support/store-engines.ts';
import { putEntity, putFact } from '../../test/support/writes.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { KEPT_REVISIONS } from '../store/compaction.ts';
import type { Store } from '../store/store.ts';
import { type Graph, openGraph } from './graph.ts';

function open(store: Store, clock: Clock = systemClock): Promise<Graph> {
  return openGraph({ store, kinds, clock, log: new QuietLog(), checkMs: 0 });
}

function refs(graph: Graph): string[] {
  const view = graph.view({ kind: 'all', key: 'all', principal: graph.principalContext('user:default/ada') });
  return view.list({ limit: 1000 }).ids.map((id) => view.refOf(id));
}

describeEngines('a graph over a real store', (makeHome) => {
  test('loads, follows, and equals the store', async () => {
    const store = await (await makeHome()).open();
    await store.commit([putEntity('a'), putEntity('b')]);
    const graph = await open(store);
    expect(refs(graph)).toEqual(['component:default/a', 'component:default/b']);
    const first = await store.commit([putEntity('c'), putFact('c', 'x.y', { value: { k: [1, 'two'] } })]);
    await graph.waitFor(first.revision);
    await store.commit([
      { op: 'putLease', lease: { collector: 'test', source: 'here', lastSuccessAt: 1, expiresAt: 2 } },
    ]);
    const last = await store.commit([
      { op: 'deleteEntity', ref: 'component:default/a', location: 'file:/catalog/a.yaml' },
    ]);
    await graph.waitFor(last.revision);
    expect(refs(graph)).toEqual(['component:default/b', 'component:default/c']);
    expect(await graph.check()).toEqual({ outcome: 'equal', revision: last.revision });
    const again = await open(store);
    expect(refs(again)).toEqual(refs(graph));
    expect(await again.check()).toEqual({ outcome: 'equal', revision: last.revision });
    await again.close();
    await graph.close();
  });

  test('starts from the image that the last one left, and goes on from there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'callboard-graph-image-'));
    const home = await makeHome();
    const store = await home.open();
    const log = new QuietLog();
    const image = { folder, leastEntities: 0 };
    const start = (): Promise<Graph> => openGraph({ store, kinds, clock: systemClock, log, checkMs: 0, image });
    await store.commit([putEntity('a'), putEntity('b'), putFact('a', 'x.y', { value: { k: [1, 'two'] } })]);
    await (await start()).close();
    await store.commit([putEntity('c')]);
    const graph = await start();
    expect(log.lines).toContain('info the watch cache was filled from its image');
    expect(refs(graph)).toEqual(['component:default/a', 'component:default/b', 'component:default/c']);
    const { revision } = await store.commit([putEntity('a', { content: 'second' }), putEntity('d')]);
    await graph.waitFor(revision);
    expect(await graph.check()).toEqual({ outcome: 'equal', revision });
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  test('a log compacted beyond the cache is followed by a reload', async () => {
    const retention = { revisions: 1, logRows: 1, historyDays: 1 };
    const store = await (await makeHome()).open({ retention });
    await store.commit([putEntity('a')]);
    // A store without hints, and a clock that stands still: the log is cut before the next poll.
    const deaf: Store = new Proxy(store, {
      get: (target, name) => (name === 'onHint' ? () => () => undefined : bound(target, name)),
    });
    const clock = new ManualClock();
    const graph = await open(deaf, clock);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const newest = KEPT_REVISIONS + 3;
    for (let revision = 2; revision <= newest; revision += 1) await store.commit([putEntity(`c-${revision}`)]);
    await store.compact();
    const arrives = graph.waitFor(newest, { timeoutMs: 60_000 });
    clock.advance(5_000);
    await arrives;
    expect(refs(graph)).toHaveLength(newest);
    expect(graph.stats().reloads).toBe(1);
    expect(await graph.check()).toEqual({ outcome: 'equal', revision: newest });
    await graph.close();
  });
});

function bound(target: Store, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
