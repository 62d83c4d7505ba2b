// What the watch cache costs: filling it, asking it, telling watchers, and how long it holds the event loop.
// The catalogs are made up; the store is the tests' one in memory, so that only the graph is measured.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { compileExpression } from '../src/cel/expression.ts';
import { type Graph, openGraph } from '../src/graph/graph.ts';
import type { View, Visibility } from '../src/graph/view.ts';
import { Readable } from 'node:stream';
import { builtinKinds } from '../src/model/builtin-kinds.ts';
import type { Predicate } from '../src/model/predicate.ts';
import { createKindTable } from '../src/model/relations.ts';
import type { SnapshotPage } from '../src/store/store.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { type Figure, figure, given, keep } from './measure.ts';
import { components } from './synthetic.ts';

const { values: flags } = parseArgs({
  options: { entities: { type: 'string', default: '13700,100000' }, name: { type: 'string', default: 'graph' } },
});
const kinds = createKindTable(builtinKinds);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const figures: Figure[] = [];
/** Far above the default: what a scan costs is measured here, not when it is stopped. */
const scan = { maxEntities: 1_000_000, maxMs: 60_000 };

function open(store: MemoryStore): Promise<Graph> {
  return openGraph({ store, kinds, clock: systemClock, log: quiet, checkMs: 0, scan });
}

function visibility(key: string, predicate?: Predicate): Visibility {
  const principal = { ref: 'user:default/one', claims: new Set(['user:default/one', 'group:default/team-7']) };
  return predicate ? { kind: 'filter', key, predicate, principal } : { kind: 'all', key: 'all', principal };
}

function cel(source: string): Predicate {
  const result = compileExpression(source);
  if (!result.ok) throw new Error(result.problem.message);
  return result.expression.predicate;
}

const field = (key: string, ...values: string[]): Predicate => ({ op: 'field', key, values });

/** Microseconds a call, after warming up. */
async function micro(name: string, calls: number, work: () => unknown): Promise<void> {
  for (let call = 0; call < calls / 4; call += 1) work();
  const round = (): number => {
    const started = performance.now();
    for (let call = 0; call < calls; call += 1) work();
    return ((performance.now() - started) / calls) * 1000;
  };
  figures.push(await figure(name, 'us', round, 5));
}

async function measureQuestions(label: string, view: View): Promise<void> {
  const where: Predicate = { op: 'and', args: [field('kind', 'component'), field('spec.type', 'service')] };
  const order = { path: 'metadata.title', direction: 'desc' } as const;
  const mixed = cel('spec.type == "service" && size(metadata.tags) > 1');
  const text: Predicate = { op: 'fieldText', keys: ['metadata.name', 'metadata.title'], term: '77' };
  const paths = ['kind', 'spec.type', 'spec.lifecycle', 'metadata.tags'];
  await micro(`${label}: page of 20, two conditions`, 2000, () => view.list({ where, limit: 20 }));
  await micro(`${label}: page of 20, by title`, 2000, () => view.list({ where, order, limit: 20 }));
  await micro(`${label}: page of 20, owned by a team`, 2000, () =>
    view.list({ where: field('relations.ownedby', 'group:default/team-7'), limit: 20 }),
  );
  await micro(`${label}: page of 20, CEL that evaluates a third`, 5, () => view.list({ where: mixed, limit: 20 }));
  await micro(`${label}: page of 20, text in two fields`, 20, () => view.list({ where: text, limit: 20 }));
  await micro(`${label}: four facets`, 200, () => view.facets(paths, where));
  const { ids } = view.list({ where, limit: 20 });
  await micro(`${label}: bytes of a page`, 2000, () => ids.map((id) => view.bytes(id)));
}

/** One transaction of all entities, and how long the event loop stood still for it. */
async function measureStall(label: string, store: MemoryStore, graph: Graph, count: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const writes = components(count, 43).map((entity) => ({ op: 'putEntity' as const, entity }));
  const { revision } = await store.commit(writes);
  await new Promise((resolve) => setImmediate(resolve));
  delay.enable();
  const started = performance.now();
  await graph.waitFor(revision, { timeoutMs: 120_000 });
  figures.push(given(`${label}: all entities changed in one transaction`, 'ms', [performance.now() - started]));
  delay.disable();
  figures.push(given(`${label}: longest turn of the event loop for it`, 'ms', [delay.max / 1e6]));
}

async function measureVolatile(label: string, graph: Graph, count: number): Promise<void> {
  let round = 0;
  await micro(`${label}: 1,000 volatile facts`, 20, () => {
    round += 1;
    const facts = Array.from({ length: 1000 }, (_, index) => ({
      entityRef: `component:default/component-${index % count}`,
      path: 'ready',
      value: (round * 7 + index) % 50,
    }));
    graph.setVolatileFacts('live', 'cluster', { expiresAt: systemClock.now() + 60_000 }, facts);
  });
}

async function measureWatchers(label: string, store: MemoryStore, graph: Graph): Promise<void> {
  const stop = new AbortController();
  const view = graph.view(visibility('all'));
  let told = 0;
  const read = async (team: number): Promise<void> => {
    const where = field('relations.ownedby', `group:default/team-${team}`);
    for await (const batch of view.watch({ where, signal: stop.signal })) told += batch.changes.length;
  };
  const readers = Array.from({ length: 1000 }, (_, index) => read(index % 100));
  const changed = components(20, 44).map((entity) => ({ op: 'putEntity' as const, entity }));
  let round = 0;
  const once = async (): Promise<number> => {
    round += 1;
    const writes = changed.map((write) => ({ ...write, entity: { ...write.entity, hash: `${round}` } }));
    const started = performance.now();
    const { revision } = await store.commit(writes);
    await graph.waitFor(revision);
    return performance.now() - started;
  };
  figures.push(await figure(`${label}: 20 changes, 1,000 watchers of 100 questions`, 'ms', once, 9));
  stop.abort();
  await Promise.all(readers);
  if (told === 0) throw new Error('no watcher was told anything');
}

for (const count of flags.entities.split(',').map(Number)) {
  const label = `${count.toLocaleString('en')} entities`;
  const store = new MemoryStore();
  await store.commit(components(count).map((entity) => ({ op: 'putEntity' as const, entity })));
  const loads: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    // Pages read beforehand: what the store takes to read them is its own affair.
    const pages: SnapshotPage[] = [];
    for await (const page of store.snapshot()) pages.push(page);
    const read = Readable.from(pages);
    const source = new Proxy(store, {
      get(target, name) {
        if (name === 'snapshot') return () => read;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const started = performance.now();
    const graph = await openGraph({ store: source, kinds, clock: systemClock, log: quiet, checkMs: 0, scan });
    loads.push(performance.now() - started);
    await graph.close();
  }
  figures.push(given(`${label}: fill the cache`, 'ms', loads));
  const graph = await open(store);
  await measureQuestions(`${label}, all seen`, graph.view(visibility('all')));
  const one = visibility('one', field('metadata.name', 'component-77'));
  await measureQuestions(`${label}, one seen`, graph.view(one));
  await measureVolatile(label, graph, count);
  await measureWatchers(label, store, graph);
  await measureStall(label, store, graph, count);
  figures.push(given(`${label}: heap of all`, 'MiB', [process.memoryUsage().heapUsed / 2 ** 20]));
  await graph.close();
}
keep(flags.name, figures);
