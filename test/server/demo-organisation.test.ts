import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient, type Client } from '../../src/client.ts';
import { readDefinition } from '../../web/pages/apis/definition-reader.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

// The demo organisation, read as any catalog is: what is wrong in it is wrong on purpose, and all else is right.

const demo = resolve(import.meta.dirname, '../../demo/organisation');
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startTestServer({ config: { catalog: catalogOf([demo]) } });
  client = createClient({ baseUrl: server.url });
  await vi.waitFor(
    async () => {
      const { items } = await client.call('GET /api/v1/sources', { query: { collector: 'catalog' } });
      expect(items.map(({ state }) => state)).toEqual(['fresh']);
    },
    { timeout: 20_000, interval: 100 },
  );
});
afterAll(() => server.close());

async function foundProblems(): Promise<readonly string[]> {
  const { items } = await client.call('GET /api/v1/problems', { query: { limit: 100 } });
  const found = items.map(({ location, code, path }) =>
    [location.replace(`file:${demo}/`, ''), code, path].filter(Boolean).join(' '),
  );
  return found.toSorted();
}

test('nothing is wrong but what is wrong on purpose', async () => {
  const wrong = [
    'cue-calling/old-cue-lights.yaml duplicate-ref metadata.name',
    'foyer/broken-umbrella-stand.yaml yaml-syntax',
    'live-stream/orchestra-pit.yaml dangling-relation spec.owner',
    'machine-room/forgotten-server.yaml entity-schema spec.owner',
    'props-store/broken-sword.yaml entity-envelope metadata.tags[0]',
    'props-store/broken-sword.yaml entity-schema spec.lifecycle',
    'sound-desk/echo-chamber.yaml placeholder-unreadable spec.definition',
    'sound-desk/echo-chamber.yaml placeholder-unsupported spec.definition',
    'touring/second-truck.yaml dangling-relation spec.consumesApis',
    'touring/second-truck.yaml dangling-relation spec.dependsOn',
    'touring/venues.yaml target-missing spec.target',
  ];
  // Dangling relations are looked for after the files.
  await vi.waitFor(async () => expect(await foundProblems()).toEqual(wrong), { timeout: 20_000, interval: 100 });
});

test('only what is lonely on purpose has no relation but its owner', async () => {
  const { items } = await client.call('GET /api/v1/entities', { query: { filter: ['kind=component'], limit: 500 } });
  const lonely = items.filter(({ relations }) => relations.every(({ type }) => type === 'ownedBy'));
  expect(lonely.map(({ metadata }) => metadata.name)).toEqual(['mystery-box']);
});

test('every API is provided by something, but for what is broken', async () => {
  const { items } = await client.call('GET /api/v1/entities', { query: { filter: ['kind=api'], limit: 500 } });
  const unprovided = items.filter(({ relations }) => !relations.some(({ type }) => type === 'apiProvidedBy'));
  expect(unprovided.map(({ metadata }) => metadata.name)).toEqual(['petty-cash']);
});

test('every definition has an outline with operations, but for the broken one', async () => {
  const { items } = await client.call('GET /api/v1/entities', { query: { filter: ['kind=api'], limit: 500 } });
  const without: string[] = [];
  for (const { metadata, spec } of items) {
    const { type, definition } = spec as Readonly<Record<string, string>>;
    if (definition === undefined) continue;
    const reading = await readDefinition(type ?? '', definition);
    if (reading.status !== 'read') without.push(`${metadata.name} ${reading.status}`);
    else {
      expect(reading.outline.remarks, metadata.name).toEqual([]);
      expect(reading.outline.groups[0]?.operations.length, metadata.name).toBeGreaterThan(0);
      const parts = reading.outline.groups.flatMap(({ operations }) => operations.flatMap((one) => one.parts()));
      expect(parts.length, metadata.name).toBeGreaterThan(0);
    }
  }
  expect(without).toEqual(['petty-cash failed', 'tour-desk plain']);
});
