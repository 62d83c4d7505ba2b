import type { CatalogClient } from '@backstage/catalog-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entity } from '../../src/model/entity.ts';
import {
  bare,
  bareAll,
  by,
  clientMethods,
  collect,
  eventually,
  refsOf,
  startClient,
  upkeepMethods,
  type ClientSetup,
} from '../support/catalog-client.ts';
import {
  generated,
  placed,
  refOf,
  serve as serveAt,
  withRelations,
  type FileServer,
} from '../support/client-catalog.ts';

// Backstage's own published client works locations and single entities, with every method that does, over real URLs.

let setup: ClientSetup;
let client: CatalogClient;
let web: FileServer;

beforeAll(async () => {
  setup = await startClient();
  ({ client, web } = setup);
});
afterAll(() => setup.close());

function partOf(name: string, spec: object = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'far' },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:default/team-1', ...spec },
  };
}

const serve = (path: string, ...entities: readonly Entity[]): string => serveAt(web, path, ...entities);

/** What an entity behind a URL looks like without the relations that others make. */
const fromUrl = (entity: Entity, url: string): Entity => placed(entity, `url:${url}`, `url:${url}`);

async function refsAt(url: string): Promise<string[]> {
  const filter = { 'metadata.annotations.backstage.io/managed-by-location': `url:${url}` };
  return refsOf((await client.getEntities({ filter })).items).toSorted();
}

type Location = Awaited<ReturnType<CatalogClient['addLocation']>>['location'];

/** Registers five locations, gives them by id, and takes them back. */
async function withLocations(check: (locations: readonly Location[]) => Promise<void>): Promise<void> {
  const added: Location[] = [];
  for (const n of [0, 1, 2, 3, 4]) {
    added.push((await client.addLocation({ target: serve(`/many-${n}.yaml`, partOf(`many-${n}`)) })).location);
  }
  try {
    await check(by(added, ({ id }) => id));
  } finally {
    for (const { id } of added) await client.removeLocationById(id);
  }
}

/** One case a method; a method without one fails below. */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  async addLocation() {
    const parts = [partOf('added-one'), partOf('added-two', { system: 'default/system-1' })];
    const target = serve('/added.yaml', ...parts);
    const ref = `url:${target}`;
    const entityRef = refOf(generated(ref));
    const preview = await client.addLocation({ type: 'url', target, dryRun: true });
    expect(preview).toEqual({
      exists: false,
      location: { id: ref, type: 'url', target, entityRef },
      entities: [generated(ref), ...parts.map((part) => fromUrl(part, target)).toReversed()],
    });
    expect(await refsAt(target)).toEqual([]);
    const added = await client.addLocation({ target });
    expect(added).toEqual({
      location: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: 'url', target, entityRef },
      entities: [],
    });
    const expected = withRelations([generated(ref), ...parts.map((part) => fromUrl(part, target))]);
    await eventually(async () => {
      expect(bareAll((await client.getEntitiesByRefs({ entityRefs: refsOf(expected) })).items)).toEqual(expected);
    });
    expect(await client.addLocation({ target, dryRun: true })).toMatchObject({ exists: true });
    await expect(client.addLocation({ target })).rejects.toMatchObject({ cause: { name: 'ConflictError' } });
    serve('/added.yaml', partOf('added-three'));
    expect((await client.addLocation({ target, onConflict: 'refresh' })).location).toEqual(added.location);
    await eventually(async () => expect(await refsAt(target)).toEqual(['component:far/added-three', entityRef]));
    web.files.set('/broken.yaml', 'kind: [unclosed');
    const broken = client.addLocation({ target: `${web.url}/broken.yaml`, dryRun: true });
    await expect(broken).rejects.toMatchObject({ cause: { name: 'InputError' } });
    const twice = client.addLocation({ target: serve('/twice.yaml', partOf('twin'), partOf('twin')), dryRun: true });
    await expect(twice).rejects.toMatchObject({
      cause: { name: 'InputError', message: expect.stringContaining('twin') },
    });
    await expect(client.addLocation({ type: 'file', target: '/etc/passwd' })).rejects.toMatchObject({
      cause: { name: 'InputError' },
    });
    await expect(client.addLocation({ target: 'http://127.0.0.2:1/x.yaml', dryRun: true })).rejects.toThrow();
    await client.removeLocationById(added.location.id);
  },

  async getLocations() {
    await withLocations(async (locations) => {
      expect(by((await client.getLocations()).items, ({ id }) => id)).toEqual(locations);
    });
  },

  async getLocationById() {
    await withLocations(async ([first]) => {
      expect(await client.getLocationById(first?.id ?? '')).toEqual(first);
    });
    expect(await client.getLocationById('nothing')).toBeUndefined();
    expect(await client.getLocationById('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  },

  async getLocationByRef() {
    await withLocations(async ([, second]) => {
      expect(await client.getLocationByRef(`url:${second?.target}`)).toEqual(second);
    });
    expect(await client.getLocationByRef('url:https://nowhere.example.com/x.yaml')).toBeUndefined();
  },

  async getLocationByEntity() {
    await withLocations(async (locations) => {
      const third = locations.find(({ target }) => target.endsWith('/many-2.yaml'));
      await eventually(async () => expect(await client.getLocationByEntity('component:far/many-2')).toEqual(third));
    });
    expect(await client.getLocationByEntity('component:default/part-0001')).toBeUndefined();
    expect(await client.getLocationByEntity('component:default/nobody')).toBeUndefined();
  },

  async queryLocations() {
    await withLocations(async (locations) => {
      const first = await client.queryLocations({ limit: 2, query: { type: 'url' } });
      expect(first).toEqual({
        items: locations.slice(0, 2),
        totalItems: 5,
        pageInfo: { nextCursor: expect.any(String) },
      });
      const second = await client.queryLocations({ cursor: first.pageInfo.nextCursor ?? '' });
      expect(second.items).toEqual(locations.slice(2, 4));
      const query = {
        $any: [{ target: { $hasPrefix: `${web.url}/MANY-3` } }, { id: { $in: [locations[0]?.id ?? ''] } }],
      };
      const isWanted = (target: string, id: string): boolean => target.includes('/many-3') || id === locations[0]?.id;
      expect((await client.queryLocations({ query })).items).toEqual(
        locations.filter(({ target, id }) => isWanted(target, id)),
      );
      expect(await client.queryLocations({ query: { $not: { entityRef: { $exists: true } } } })).toMatchObject({
        items: [],
      });
      await expect(client.queryLocations({ query: { kind: 'x' } })).rejects.toMatchObject({
        cause: { name: 'InputError' },
      });
    });
  },

  async streamLocations() {
    await withLocations(async (locations) => {
      expect(await collect(client.streamLocations({ limit: 2 }))).toEqual(locations);
      expect(await collect(client.streamLocations({ query: { $all: [] } }))).toEqual([]);
    });
  },

  async updateLocation() {
    const [from, to] = [serve('/from.yaml', partOf('moved-from')), serve('/to.yaml', partOf('moved-to'))];
    const { location } = await client.addLocation({ target: from });
    await eventually(async () => expect(await refsAt(from)).toEqual(['component:far/moved-from', location.entityRef]));
    const moved = await client.updateLocation(location.id, { target: to });
    expect(moved).toEqual({ ...location, target: to });
    await eventually(async () => expect(await refsAt(to)).toContain('component:far/moved-to'));
    await eventually(async () => expect(await refsAt(from)).not.toContain('component:far/moved-from'));
    const unknown = client.updateLocation('00000000-0000-0000-0000-000000000000', { target: to });
    await expect(unknown).rejects.toMatchObject({ cause: { name: 'NotFoundError' } });
    await client.removeLocationById(location.id);
  },

  async removeLocationById() {
    const target = serve('/leaving.yaml', partOf('leaving'));
    const { location } = await client.addLocation({ target });
    await eventually(async () => expect(await refsAt(target)).toHaveLength(2));
    await client.removeLocationById(location.id);
    expect(await client.getLocationById(location.id)).toBeUndefined();
    await eventually(async () => expect(await refsAt(target)).toEqual([]));
    await expect(client.removeLocationById(location.id)).rejects.toMatchObject({ cause: { name: 'NotFoundError' } });
  },

  async refreshEntity() {
    const target = serve('/fresh.yaml', partOf('fresh', { type: 'website' }));
    const { location } = await client.addLocation({ target });
    const typeNow = async (): Promise<unknown> => (await client.getEntityByRef('component:far/fresh'))?.spec?.['type'];
    await eventually(async () => expect(await typeNow()).toBe('website'));
    serve('/fresh.yaml', partOf('fresh', { type: 'library' }));
    await client.refreshEntity('component:far/fresh');
    await eventually(async () => expect(await typeNow()).toBe('library'));
    await expect(client.refreshEntity('component:far/nobody')).rejects.toMatchObject({
      cause: { name: 'NotFoundError' },
    });
    await client.removeLocationById(location.id);
  },

  async removeEntityByUid() {
    const ref = 'resource:default/store-14';
    const before = await client.getEntityByRef(ref);
    await client.removeEntityByUid(before?.metadata.uid ?? '');
    // Its file still declares it, so it comes back, as another one.
    await eventually(async () => {
      const after = await client.getEntityByRef(ref);
      expect(bare(after)).toEqual(setup.catalog.entities.find((entity) => refOf(entity) === ref));
      expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    });
    await client.removeEntityByUid('00000000-0000-0000-0000-000000000000');
  },

  async validateEntity() {
    const location = `url:${web.url}/any.yaml`;
    web.files.set('/note.txt', 'a note');
    const docs = { docs: { $text: './note.txt' } };
    expect(await client.validateEntity(partOf('fine', docs) as never, location)).toEqual({ valid: true });
    const { owner: _owner, ...spec } = partOf('x').spec as Record<string, string>;
    const wrong = await client.validateEntity({ ...partOf('x'), spec } as never, location);
    expect(wrong).toEqual({
      valid: false,
      errors: [{ name: 'InputError', message: expect.stringContaining('owner') }],
    });
    const nameless = { ...partOf('x'), metadata: {} } as never;
    expect(await client.validateEntity(nameless, location)).toMatchObject({
      valid: false,
      errors: [{ name: 'TypeError' }],
    });
    expect(await client.validateEntity(partOf('fine') as never, 'file:/any.yaml')).toMatchObject({ valid: false });
  },

  async analyzeLocation() {
    const target = 'https://github.com/harbour/crane/blob/main/catalog-info.yaml';
    expect(await client.analyzeLocation({ location: { type: 'url', target } })).toEqual({
      existingEntityFiles: [],
      generateEntities: [
        {
          entity: {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: { name: 'crane', annotations: { 'github.com/project-slug': 'harbour/crane' } },
            spec: { type: 'other', lifecycle: 'unknown' },
          },
          fields: [],
        },
      ],
    });
    const nowhere = client.analyzeLocation({ location: { type: 'url', target: 'no url' } });
    await expect(nowhere).rejects.toMatchObject({ cause: { name: 'InputError' } });
  },
};

test('every method that works locations or one entity has a case', () => {
  expect(Object.keys(cases).toSorted()).toEqual(upkeepMethods);
  expect(clientMethods()).toEqual(expect.arrayContaining([...upkeepMethods]));
});

test.each(Object.entries(cases))('%s', async (_name, check) => check());
