import { CatalogClient } from '@backstage/catalog-client';
import { expect } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Entity, RenderedEntity } from '../../src/model/entity.ts';
import { refOf, startFileServer, writeClientCatalog, type ClientCatalog, type FileServer } from './client-catalog.ts';
import { catalogOf, startTestServer } from './server.ts';

/** The published client at a server that reads a catalog in files, and may read a web server. */
export interface ClientSetup {
  readonly client: CatalogClient;
  readonly catalog: ClientCatalog;
  readonly web: FileServer;
  close(): Promise<void>;
}

/** Starts all of it, and waits until the catalog has been read. */
export async function startClient(): Promise<ClientSetup> {
  const [catalog, web] = await Promise.all([writeClientCatalog(), startFileServer()]);
  const server = await startTestServer({
    config: { catalog: catalogOf([catalog.root]), reading: { allow: [{ host: web.host }] } },
  });
  const client = new CatalogClient({ discoveryApi: { getBaseUrl: async () => `${server.url}/api/catalog` } });
  await eventually(async () => {
    const { totalItems } = await client.queryEntities({ limit: 0 });
    expect(totalItems).toBe(catalog.entities.length);
  });
  const close = async (): Promise<void> => {
    await server.close();
    await Promise.all([web.close(), catalog.close()]);
  };
  return { client, catalog, web, close };
}

/** Methods that work locations or one entity; all others read entities. */
export const upkeepMethods: readonly string[] = [
  'addLocation',
  'analyzeLocation',
  'getLocationByEntity',
  'getLocationById',
  'getLocationByRef',
  'getLocations',
  'queryLocations',
  'refreshEntity',
  'removeEntityByUid',
  'removeLocationById',
  'streamLocations',
  'updateLocation',
  'validateEntity',
];

/** Methods that the client's own methods are made of. */
const inner = [
  'queryEntitiesByPredicate',
  'getEntityFacetsByPredicate',
  'requestIgnored',
  'requestRequired',
  'requestOptional',
  'getFilterValue',
];

/** Every method that the client has for its callers, sorted. */
export function clientMethods(): readonly string[] {
  const own = Object.getOwnPropertyNames(CatalogClient.prototype);
  return own.filter((name) => name !== 'constructor' && !inner.includes(name)).toSorted();
}

/** Asks again until the answer is as wanted, at most ten seconds. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    try {
      await check();
      return;
    } catch {
      await systemClock.sleep(100);
    }
  }
  await check();
}

/** An answered entity without what the server makes up; that it is there is checked. */
export function bare(answered: object | undefined): object {
  const { metadata, ...rest } = answered as RenderedEntity;
  const { uid, etag, ...own } = metadata;
  expect(uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(etag).toMatch(/^[0-9a-f]{40}$/);
  return { ...rest, metadata: own };
}

/** The same of many. */
export const bareAll = (answered: readonly (object | undefined)[]): object[] => answered.map(bare);

/** Refs of entities. */
export const refsOf = (entities: readonly object[]): string[] => entities.map((entity) => refOf(entity as Entity));

/** Items sorted by a text. */
export const by = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));

/** All items of a stream of pages. */
export async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
