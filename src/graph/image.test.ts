import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { condition, fieldKeys, order, script, who } from '../../test/support/catalog-script.ts';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { kinds, ScriptedCatalog, visibilityOf } from '../../test/support/scripted-catalog.ts';
import { putEntity, putFact } from '../../test/support/writes.ts';
import type { JsonObject } from '../model/json.ts';
import { createKindTable } from '../model/relations.ts';
import type { Write } from '../store/store.ts';
import type { Graph } from './graph.ts';
import { programBuild } from './program-build.ts';
import type { View } from './view.ts';

const FILLED = 'info the watch cache was filled from its image';
const REFUSED = 'info the image of the watch cache is not used';

const folders: string[] = [];
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-image-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openCatalog(folder = makeFolder()): Promise<ScriptedCatalog> {
  return new ScriptedCatalog({ image: { folder: join(folder, 'cache'), leastEntities: 0 } }).open();
}

function viewOf(graph: Graph): View {
  return graph.view({ kind: 'all', key: 'all', principal: graph.principalContext('user:default/ada') });
}

/** All that a graph answers to a reader who sees everything. */
function everythingOf(graph: Graph): unknown {
  const view = viewOf(graph);
  const refsIn = (ids: readonly number[]): string[] => ids.map((id) => view.refOf(id));
  const { ids } = view.list({ limit: 1000 });
  return {
    entities: ids.map((id) => Buffer.from(view.bytes(id)).toString()),
    declarations: ids.map((id) => view.declaration(id)),
    uids: ids.map((id) => view.findByUid(view.document(id).metadata.uid ?? '')).map((id) => refsIn([id ?? -1])),
    relations: ids.map((id) => view.relations(id)),
    facts: ids.map((id) => view.facts(id)),
    facets: [...view.facets(fieldKeys)],
    orders: ['metadata.title', 'metadata.tags', 'spec.p', 'facts.c.v'].map((path) =>
      refsIn(view.list({ limit: 1000, order: { path, direction: 'desc' } }).ids),
    ),
    leases: view.leases().toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    problems: view.problems().toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    locations: view.locations().toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    claims: [...graph.principalContext('user:default/ada').claims].sort(),
  };
}

/** Waits until the image has all of the catalog, if it has anything. */
async function untilWritten(catalog: ScriptedCatalog): Promise<void> {
  if (catalog.graph.revision === 0) return;
  const written = (): number => catalog.log.lines.filter((line) => line.includes('was written')).length;
  const before = written();
  // A change of an entity, so that there is something to write.
  await catalog.do({ do: 'commit', writes: [putEntity('changing', { content: `${catalog.graph.revision}` })] });
  const look = (): void => {
    catalog.clock.advance(60_000);
    expect(written()).toBe(before + 1);
  };
  await vi.waitFor(look, { interval: 2, timeout: 20_000 });
}

/** Lets the feed go round, which is when the cache lets go. */
async function adopted(catalog: ScriptedCatalog): Promise<void> {
  catalog.clock.advance(500);
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const withoutVolatile = script.map((steps) => steps.filter((step) => step.do !== 'volatile'));

test('a cache from an image, brought up to date, equals one that was filled from the store', async () => {
  const scripts = fc.tuple(script, fc.array(withoutVolatile, { minLength: 1, maxLength: 3 }), fc.boolean());
  const check = fc.asyncProperty(scripts, async ([first, later, looks]) => {
    const catalog = await openCatalog();
    try {
      await catalog.play(first);
      for (const steps of later) {
        await catalog.restart();
        // Some terms and records are made before the next changes come, and before the next image is written.
        if (looks) everythingOf(catalog.graph);
        await catalog.play(steps);
      }
      const fresh = await catalog.openAnother({});
      expect(everythingOf(catalog.graph)).toEqual(everythingOf(fresh));
      const { terms, facts, entities, revision } = catalog.graph.stats();
      expect(fresh.stats()).toMatchObject({ terms, facts, entities, revision });
      expect(await catalog.graph.check()).toMatchObject({ outcome: 'equal' });
      expect(catalog.log.lines).not.toContain(REFUSED);
      await fresh.close();
    } finally {
      await catalog.close();
    }
  });
  await fc.assert(check, { numRuns: 40 });
});

test('a cache that lets go of what its image says answers as before, and goes on from there', async () => {
  const scripts = fc.tuple(script, script, withoutVolatile, fc.boolean());
  const check = fc.asyncProperty(scripts, async ([first, second, third, looks]) => {
    const catalog = await openCatalog();
    try {
      await catalog.play(first);
      for (const steps of [second, third]) {
        if (looks) everythingOf(catalog.graph);
        await untilWritten(catalog);
        const before = everythingOf(catalog.graph);
        await adopted(catalog);
        expect(everythingOf(catalog.graph)).toEqual(before);
        await catalog.play(steps);
      }
      expect(await catalog.graph.check()).toMatchObject({ outcome: 'equal' });
      await catalog.restart();
      const fresh = await catalog.openAnother({});
      expect(everythingOf(catalog.graph)).toEqual(everythingOf(fresh));
      expect(catalog.graph.stats().terms).toBe(fresh.stats().terms);
      await fresh.close();
    } finally {
      await catalog.close();
    }
  });
  await fc.assert(check, { numRuns: 20 });
});

test('a cache from an image answers what a plain scan answers', async () => {
  const cases = fc.record({
    first: script,
    later: script,
    who,
    questions: fc.array(fc.tuple(condition, order), { minLength: 5, maxLength: 5 }),
  });
  const check = fc.asyncProperty(cases, async ({ first, later, who: person, questions }) => {
    const catalog = await openCatalog();
    try {
      await catalog.play(first);
      await catalog.restart();
      await catalog.play(later);
      const plain = await catalog.plain();
      const visibility = visibilityOf(person, plain);
      const view = catalog.graph.view(visibility);
      for (const [where, by] of questions) {
        const { ids } = view.list({ where, order: by, limit: 100 });
        expect(ids.map((id) => view.refOf(id))).toEqual(plain.list(visibility, where, by));
        const facets = view.facets(fieldKeys, where);
        for (const path of fieldKeys) expect(facets.get(path), path).toEqual(plain.facet(visibility, where, path));
      }
    } finally {
      await catalog.close();
    }
  });
  await fc.assert(check, { numRuns: 40 });
});

test('values of all kinds come back as they were', async () => {
  const catalog = await openCatalog();
  const spec = {
    texts: ['', 'ä', '\u{1F600}', '\ud800', '\udc00x', 'ÿ', '0', 'true', 'null', 'a\u0000b'],
    numbers: [0, -0, 1.5, -1e-7, 1e21, 2 ** 53, 0.1],
    others: [true, false, null],
  };
  await catalog.do({ do: 'commit', writes: [withSpec('a', '1', spec), withSpec('b', '2', { owner: '\ud800' })] });
  const before = viewOf(catalog.graph).facets(['spec.texts', 'spec.numbers', 'spec.others', 'spec.owner']);
  await catalog.restart();
  expect(catalog.log.lines).toContain(FILLED);
  expect(viewOf(catalog.graph).facets(['spec.texts', 'spec.numbers', 'spec.others', 'spec.owner'])).toEqual(before);
  expect(before.get('spec.texts')).toHaveLength(10);
  await catalog.close();
});

test('a watch on a cache from an image hears of later changes, of loaded entities too', async () => {
  const catalog = await openCatalog();
  await catalog.do({ do: 'commit', writes: [withSpec('a', '1', { owner: 'x' }), putEntity('b')] });
  await catalog.restart();
  const ended = new AbortController();
  const where = { op: 'field', key: 'spec.owner', values: ['x'] } as const;
  const heard: string[] = [];
  const following = (async () => {
    for await (const { changes } of viewOf(catalog.graph).watch({ where, signal: ended.signal })) {
      for (const change of changes) heard.push(`${change.type} ${change.ref}`);
      if (heard.length >= 2) return;
    }
  })();
  await catalog.do({ do: 'commit', writes: [withSpec('a', '2', { owner: 'y' })] });
  await catalog.do({ do: 'commit', writes: [withSpec('b', '2', { owner: 'x' })] });
  catalog.clock.advance(1_000);
  await following;
  expect(heard).toEqual(['delete component:default/a', 'put component:default/b']);
  await catalog.close();
});

/** An entity whose spec is this. */
function withSpec(name: string, content: string, spec: JsonObject): Write {
  const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default' }, spec };
  return putEntity(name, { content, body: JSON.stringify(body) });
}

async function writtenImage(): Promise<{ readonly catalog: ScriptedCatalog; readonly path: string }> {
  const folder = makeFolder();
  const catalog = await openCatalog(folder);
  await catalog.do({ do: 'commit', writes: [putEntity('a'), putEntity('b'), putFact('a', 'x.y', { value: 1 })] });
  await catalog.graph.close();
  return { catalog, path: join(folder, 'cache', 'watch-cache') };
}

async function opens(catalog: ScriptedCatalog): Promise<boolean> {
  catalog.log.lines.length = 0;
  await catalog.open();
  expect(viewOf(catalog.graph).list({ limit: 10 }).total).toBe(2);
  await catalog.graph.close();
  return catalog.log.lines.includes(FILLED);
}

test('a file that is torn or altered anywhere is as none, and is made anew', async () => {
  const { catalog, path } = await writtenImage();
  const whole = readFileSync(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await opens(catalog)).toBe(true);
  for (let length = 0; length < whole.length; length += 97) {
    writeFileSync(path, whole.subarray(0, length));
    expect(await opens(catalog), `${length} bytes`).toBe(false);
    expect(readFileSync(path).length).toBe(whole.length);
  }
  for (let at = 0; at < whole.length; at += 89) {
    const altered = Buffer.from(whole);
    altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(path, altered);
    expect(await opens(catalog), `byte ${at}`).toBe(false);
  }
  writeFileSync(path, Buffer.concat([whole, whole]));
  expect(await opens(catalog)).toBe(false);
  expect(await opens(catalog)).toBe(true);
  await catalog.store.close();
});

test('what a killed writer left is not read, and goes', async () => {
  const { catalog, path } = await writtenImage();
  writeFileSync(`${path}.0badcafe.unfinished`, 'torn');
  rmSync(path);
  expect(await opens(catalog)).toBe(false);
  expect(readdirSync(join(path, '..'))).toEqual(['watch-cache']);
  await catalog.store.close();
});

test('an image of another database, another program or another history is not used', async () => {
  const { catalog } = await writtenImage();
  const epoch = catalog.store.epoch.bind(catalog.store);
  catalog.store.epoch = () => Promise.resolve('another');
  expect(await opens(catalog)).toBe(false);
  catalog.store.epoch = epoch;
  expect(await opens(catalog)).toBe(false);
  expect(await opens(catalog)).toBe(true);

  // The same number of transactions, but others: as when an older copy of the database went on.
  const other = new MemoryStore();
  await other.commit([putEntity('a', { content: 'else' }), putEntity('c')]);
  catalog.store.become(other);
  expect(await opens(catalog)).toBe(false);
  expect(await opens(catalog)).toBe(true);
  // And the image is ahead of the database.
  catalog.store.become(new MemoryStore());
  await catalog.open();
  expect(viewOf(catalog.graph).list({ limit: 10 }).total).toBe(0);
  await catalog.close();
});

test('a log that was cut beyond the image fills the cache from the store', async () => {
  const { catalog } = await writtenImage();
  await catalog.store.commit([putEntity('a', { content: 'second' })]);
  await catalog.store.compact();
  expect(await opens(catalog)).toBe(false);
  await catalog.store.close();
});

test('what was caught up on by the log counts as changed', async () => {
  const { catalog } = await writtenImage();
  await catalog.store.commit([putEntity('a', { content: 'second' })]);
  const lines = catalog.log.lines;
  for (const written of [true, false]) {
    lines.length = 0;
    expect(await opens(catalog)).toBe(true);
    expect(lines.some((line) => line.includes('was written'))).toBe(written);
  }
  await catalog.store.close();
});

test('kinds that a server knows are part of what an image is made of', () => {
  const more = createKindTable([
    ...kinds.values(),
    { kind: 'Robot', apiVersions: ['v1'], description: '', spec: {}, relations: [] },
  ]);
  expect(programBuild(kinds)).toBe(programBuild(kinds));
  expect(programBuild(more)).not.toBe(programBuild(kinds));
});

test('an image is written when the cache has been quiet, and not before', async () => {
  const folder = makeFolder();
  const catalog = await openCatalog(folder);
  const written = (): number => catalog.log.lines.filter((line) => line.includes('was written')).length;
  const settle = async (ms: number): Promise<void> => {
    catalog.clock.advance(ms);
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await catalog.do({ do: 'commit', writes: [putEntity('a')] });
  await settle(4_000);
  await catalog.do({ do: 'commit', writes: [putEntity('b')] });
  await settle(4_000);
  expect(written()).toBe(0);
  await settle(5_000);
  await vi.waitFor(() => expect(written()).toBe(1));
  // Not again so soon, and not for nothing.
  await catalog.do({ do: 'commit', writes: [putEntity('c')] });
  await settle(20_000);
  expect(written()).toBe(1);
  await settle(300_000);
  await vi.waitFor(() => expect(written()).toBe(2));
  await settle(600_000);
  expect(written()).toBe(2);
  await catalog.close();
});
