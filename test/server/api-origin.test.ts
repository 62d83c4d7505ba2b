import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClientError, createClient, type Client } from '../../src/client.ts';
import { until } from '../support/running-catalog.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

let folder: string;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-origin-'));
  const location = { apiVersion: 'backstage.io/v1alpha1', kind: 'Location', metadata: { name: 'all' } };
  await writeFile(join(folder, 'all.yaml'), JSON.stringify({ ...location, spec: { target: './parts.yaml' } }));
  const parts = ['lights', 'sound'].map((name) => JSON.stringify(component(name)));
  await writeFile(join(folder, 'parts.yaml'), parts.join('\n---\n'));
  server = await startTestServer({ catalog: [join(folder, 'all.yaml')] });
  client = createClient({ baseUrl: server.url });
  const view = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  await until(() => view.find('component:default/sound') !== undefined);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function refusal(call: Promise<unknown>): Promise<string> {
  const thrown: unknown = await call.catch((error: unknown) => error);
  return thrown instanceof ClientError ? `${thrown.status} ${thrown.code}` : 'no refusal';
}

describe('GET /api/v1/entities/:kind/:namespace/:name/origin', () => {
  const origin = (kind: string, name: string) =>
    client.call('GET /api/v1/entities/:kind/:namespace/:name/origin', { params: { kind, namespace: 'default', name } });

  test('names place, source, and the Locations that lead there, nearest first', async () => {
    const found = await origin('Component', 'sound');
    expect(found).toEqual({
      revision: expect.any(Number),
      location: `file:${folder}/parts.yaml`,
      source: `file:${folder}/all.yaml`,
      line: 3,
      broken: false,
      ancestry: [
        { ref: 'location:default/all' },
        { ref: expect.stringMatching(/^location:default\/generated-\w{40}$/) },
      ],
    });
    const [, top] = found.ancestry;
    expect(await origin('location', top?.ref.split('/')[1] ?? '')).toMatchObject({ ancestry: [] });
  });

  test('says when a document at the place cannot be read, until it can again', async () => {
    const file = join(folder, 'parts.yaml');
    const text = await readFile(file, 'utf8');
    const isBroken = (): Promise<boolean> => origin('component', 'sound').then(({ broken }) => broken);
    await writeFile(file, 'kind: Component\nmetadata: {name: [');
    await expect.poll(isBroken, { timeout: 10_000 }).toBe(true);
    await writeFile(file, text);
    await expect.poll(isBroken, { timeout: 10_000 }).toBe(false);
  });

  test('of an entity that is not there is refused', async () => {
    expect(await refusal(origin('component', 'none'))).toBe('404 ENTITY_NOT_FOUND');
  });
});

describe('POST /api/v1/entities/bulk', () => {
  const bulk = (refs: string[], fields?: string[]) =>
    client.call('POST /api/v1/entities/bulk', { body: { refs, ...(fields && { fields }) } });

  test('answers one item for each ref in their order, null for what is not there', async () => {
    const { items } = await bulk(['component:default/sound', 'component:none', 'Component:Lights', 'component:sound']);
    expect(items.map((item) => item?.metadata.name)).toEqual(['sound', undefined, 'lights', 'sound']);
    expect(items[1]).toBeNull();
    expect(items[0]).toMatchObject({ relations: [{ type: 'ownedBy' }] });
    expect((await bulk([])).items).toEqual([]);
  });

  test('cuts items down to fields', async () => {
    const { items } = await bulk(['component:none', 'component:lights'], ['metadata.name', 'kind']);
    expect(items).toEqual([null, { kind: 'Component', metadata: { name: 'lights' } }]);
  });

  test('refuses what is no ref, and more than a thousand', async () => {
    expect(await refusal(bulk(['lights']))).toBe('400 ENTITY_REF_INVALID');
    expect(await refusal(bulk(Array.from({ length: 1001 }, () => 'component:a')))).toMatch(/^400 /);
    expect((await bulk(Array.from({ length: 1000 }, () => 'component:lights'))).items).toHaveLength(1000);
  });
});
