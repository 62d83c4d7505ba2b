// How fast the store takes writes, durably, on both engines: bulk, one at a time, and many writers at once.
import { openStore, openTemporaryStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { createDatabase, findPostgres, startPostgres } from '../test/support/postgres.ts';
import { type Figure, figure, given, keep, percentile } from './measure.ts';
import { components } from './synthetic.ts';

const COUNT = 20_000;
const BATCH = 500;
const retention = { revisions: 100_000, logRows: 10_000_000, historyDays: 365 };

async function bulk(store: Store, seed: number): Promise<number> {
  const writes = components(COUNT, seed).map((entity) => ({ op: 'putEntity' as const, entity }));
  const started = performance.now();
  for (let at = 0; at < writes.length; at += BATCH) await store.commit(writes.slice(at, at + BATCH));
  return (COUNT / (performance.now() - started)) * 1000;
}

async function single(store: Store): Promise<number[]> {
  const durations: number[] = [];
  for (const entity of components(300, 7)) {
    const started = performance.now();
    await store.commit([{ op: 'putEntity', entity }]);
    durations.push(performance.now() - started);
  }
  return durations;
}

async function grouped(store: Store, seed: number): Promise<number> {
  const entities = components(2000, seed);
  const started = performance.now();
  await Promise.all(entities.map((entity) => store.commit([{ op: 'putEntity', entity }])));
  return (entities.length / (performance.now() - started)) * 1000;
}

async function measure(name: string, open: () => Promise<Store>): Promise<Figure[]> {
  const store = await open();
  try {
    let seed = 100;
    const figures = [
      await figure(`${name}: bulk, ${BATCH} entities a commit`, 'entities/s', () => bulk(store, (seed += 1))),
      await figure(`${name}: the same again, nothing changed`, 'entities/s', () => bulk(store, seed)),
    ];
    const durations = await single(store);
    figures.push(given(`${name}: one entity a commit, p50`, 'ms', [percentile(durations, 0.5)]));
    figures.push(given(`${name}: one entity a commit, p99`, 'ms', [percentile(durations, 0.99)]));
    figures.push(
      await figure(`${name}: 2,000 commits at once (group commit)`, 'commits/s', () => grouped(store, (seed += 1))),
    );
    return figures;
  } finally {
    await store.close();
  }
}

const figures = await measure('SQLite', () => openTemporaryStore({ retention }));
const binaries = findPostgres();
if (binaries === undefined) {
  console.log('PostgreSQL is not installed: only SQLite is measured and nothing is kept');
} else {
  const postgres = await startPostgres(binaries);
  try {
    const { url } = await createDatabase(postgres.url);
    figures.push(...(await measure('PostgreSQL', () => openStore({ url, folder: '.', retention }))));
    keep('store', figures);
  } finally {
    await postgres.remove();
  }
}
