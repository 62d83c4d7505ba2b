import { CATALOG_FILTER_EXISTS, CatalogClient } from '@backstage/catalog-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Entity, RenderedEntity } from '../../src/model/entity.ts';
import {
  generated,
  placed,
  refOf,
  serve as serveAt,
  startFileServer,
  withRelations,
  writeClientCatalog,
  type ClientCatalog,
  type FileServer,
} from '../support/client-catalog.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

// Backstage's own published client, every method of it, against a server that reads real files and URLs.

let catalog: ClientCatalog;
let web: FileServer;
let server: TestServer;
let client: CatalogClient;

beforeAll(async () => {
  [catalog, web] = await Promise.all([writeClientCatalog(), startFileServer()]);
  server = await startTestServer({
    config: { catalog: catalogOf([catalog.root]), reading: { allow: [{ host: web.host }] } },
  });
  client = new CatalogClient({ discoveryApi: { getBaseUrl: async () => `${server.url}/api/catalog` } });
  await eventually(async () => {
    const { totalItems } = await client.queryEntities({ limit: 0 });
    expect(totalItems).toBe(catalog.entities.length);
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([web.close(), catalog.close()]);
});

/** Asks again until the answer is as wanted, at most ten seconds. */
async function eventually(check: () => Promise<void>): Promise<void> {
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
function bare(answered: object | undefined): object {
  const { metadata, ...rest } = answered as RenderedEntity;
  const { uid, etag, ...own } = metadata;
  expect(uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(etag).toMatch(/^[0-9a-f]{40}$/);
  return { ...rest, metadata: own };
}

const bareAll = (answered: readonly (object | undefined)[]): object[] => answered.map(bare);
const refsOf = (entities: readonly object[]): string[] => entities.map((entity) => refOf(entity as Entity));

type Test = (entity: RenderedEntity) => boolean;
const chosen = (holds: Test): RenderedEntity[] => byRef(catalog.entities.filter(holds));
const refsWhere = (holds: Test): string[] => refsOf(chosen(holds));
const by = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
const byText = (texts: readonly string[]): string[] => by(texts, (text) => text);
const byRef = <Item extends object>(items: readonly Item[]): Item[] => by(items, (item) => refOf(item as never));
const isComponent: Test = ({ kind }) => kind === 'Component';
const specText = ({ spec }: Entity, key: string): string => {
  const value = spec?.[key];
  return typeof value === 'string' ? value.toLowerCase() : '';
};
const titleOf = ({ metadata }: Entity): string => (metadata.title ?? '').toLowerCase();

function entityOf(ref: string): RenderedEntity {
  const found = catalog.entities.find((entity) => refOf(entity) === ref);
  if (found === undefined) throw new Error(`the files have no ${ref}`);
  return found;
}

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

async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

async function refsAt(url: string): Promise<string[]> {
  const filter = { 'metadata.annotations.backstage.io/managed-by-location': `url:${url}` };
  return refsOf((await client.getEntities({ filter })).items).toSorted();
}

/** One case a method; a method without one fails below. */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  async getEntities() {
    expect(byRef(bareAll((await client.getEntities()).items))).toEqual(byRef(catalog.entities));
    const filter = [{ kind: ['component', 'api'], 'spec.type': 'SERVICE' }, { 'metadata.tags': 't1' }];
    const holds: Test = (entity) =>
      (['Component', 'API'].includes(entity.kind) && specText(entity, 'type') === 'service') ||
      (entity.metadata.tags ?? []).includes('t1');
    expect(byRef(bareAll((await client.getEntities({ filter })).items))).toEqual(chosen(holds));
    const annotated = { 'metadata.annotations.example.com/slug': CATALOG_FILTER_EXISTS };
    expect(
      refsOf((await client.getEntities({ filter: annotated, order: { field: 'metadata.name', order: 'asc' } })).items),
    ).toEqual(
      refsOf(
        by(
          chosen(({ metadata }) => 'example.com/slug' in (metadata.annotations ?? {})),
          ({ metadata }) => metadata.name,
        ),
      ),
    );
    const page = {
      filter: { kind: 'component' },
      offset: 10,
      limit: 7,
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
    };
    expect((await client.getEntities(page)).items).toEqual(
      chosen(isComponent)
        .slice(10, 17)
        .map(({ kind, metadata: { name, namespace } }) => ({ kind, metadata: { name, namespace } })),
    );
    const after = Buffer.from(JSON.stringify({ limit: 3, offset: 20 })).toString('base64');
    expect(refsOf((await client.getEntities({ after })).items)).toEqual(refsWhere(() => true).slice(20, 23));
    const order = [
      { field: 'spec.lifecycle', order: 'desc' as const },
      { field: 'metadata.title', order: 'asc' as const },
    ];
    const titled = await client.getEntities({
      filter: { 'metadata.title': CATALOG_FILTER_EXISTS },
      order,
      limit: 2_000,
    });
    const production = by(
      chosen((entity) => titleOf(entity) !== '' && specText(entity, 'lifecycle') === 'production'),
      titleOf,
    );
    const experimental = by(
      chosen((entity) => titleOf(entity) !== '' && specText(entity, 'lifecycle') === 'experimental'),
      titleOf,
    );
    expect(refsOf(titled.items)).toEqual(refsOf([...production, ...experimental]));
  },

  async queryEntities() {
    const orderFields = { field: 'metadata.title', order: 'desc' as const };
    const titles = chosen((entity) => isComponent(entity) && titleOf(entity) !== '')
      .map(titleOf)
      .toSorted()
      .toReversed();
    const pages: RenderedEntity[][] = [];
    let page = await client.queryEntities({ filter: { kind: 'component' }, orderFields, limit: 60 });
    expect(page.pageInfo.prevCursor).toBeUndefined();
    for (;;) {
      expect(page.totalItems).toBe(titles.length);
      pages.push(page.items as RenderedEntity[]);
      if (page.pageInfo.nextCursor === undefined) break;
      page = await client.queryEntities({ cursor: page.pageInfo.nextCursor, limit: 60 });
    }
    expect(pages.flat().map(titleOf)).toEqual(titles);
    expect(new Set(refsOf(pages.flat())).size).toBe(titles.length);
    for (const earlier of pages.slice(0, -1).toReversed()) {
      const cursor = page.pageInfo.prevCursor ?? '';
      page = await client.queryEntities({ cursor, limit: 60 });
      expect(refsOf(page.items)).toEqual(refsOf(earlier));
    }
    expect(page.pageInfo.prevCursor).toBeUndefined();

    const query = {
      $all: [
        { kind: 'component' },
        { $not: { 'spec.type': { $in: ['library'] } } },
        { 'metadata.name': { $hasPrefix: 'PART-00' } },
      ],
    };
    const wanted = refsWhere(
      (entity) =>
        isComponent(entity) && specText(entity, 'type') === 'service' && entity.metadata.name.startsWith('part-00'),
    );
    const first = await client.queryEntities({ query, limit: 30, fields: ['kind', 'metadata'] });
    const second = await client.queryEntities({
      cursor: first.pageInfo.nextCursor ?? '',
      limit: 30,
      fields: ['kind', 'metadata'],
    });
    expect(first.totalItems).toBe(wanted.length);
    expect([...refsOf(first.items), ...refsOf(second.items)].toSorted()).toEqual(wanted);
    expect(second.pageInfo.nextCursor).toBeUndefined();

    const text = { term: ' Part 4 ', fields: ['metadata.title', 'metadata.name'] };
    const found = await client.queryEntities({ fullTextFilter: text, limit: 500, offset: 2, totalItems: 'exclude' });
    expect(found.totalItems).toBe(0);
    expect(found.items).toHaveLength(refsWhere((entity) => titleOf(entity).includes('part 4')).length - 2);
    const owned = { relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/team-3' } } };
    const ofTeam: Test = ({ relations }) =>
      relations.some(({ type, targetRef }) => type === 'ownedBy' && targetRef === 'group:default/team-3');
    const both = await client.queryEntities({ query: owned, filter: { kind: ['api', 'component'] }, limit: 1_000 });
    expect(refsOf(both.items).toSorted()).toEqual(
      refsWhere((entity) => ofTeam(entity) && ['API', 'Component'].includes(entity.kind)),
    );
  },

  async streamEntities() {
    const streamed = await collect(client.streamEntities({ filter: { kind: 'component' }, pageSize: 90 }));
    expect(byRef(bareAll(streamed))).toEqual(chosen(isComponent));
    const query = { 'metadata.namespace': 'edge' };
    const edge = await collect(client.streamEntities({ query, fields: ['metadata.name'], pageSize: 50 }));
    expect(byText(edge.map(({ metadata }) => metadata.name))).toEqual(
      chosen(({ metadata }) => metadata.namespace === 'edge').map(({ metadata }) => metadata.name),
    );
  },

  async getEntitiesByRefs() {
    const everything = refsWhere(() => true).toReversed();
    expect(everything.length).toBeGreaterThan(1_000);
    const entityRefs = ['component:default/nobody', ...everything, 'api:default/nobody'];
    const { items } = await client.getEntitiesByRefs({ entityRefs });
    expect(items.map((item) => item && bare(item))).toEqual([undefined, ...everything.map(entityOf), undefined]);
    const filtered = { entityRefs: everything.slice(0, 50), filter: { kind: 'user' }, fields: ['kind'] };
    expect((await client.getEntitiesByRefs(filtered)).items).toEqual(
      everything.slice(0, 50).map((ref) => (ref.startsWith('user:') ? { kind: 'User' } : undefined)),
    );
    const queried = { ...filtered, query: { 'metadata.name': 'user-3' } };
    expect((await client.getEntitiesByRefs(queried)).items).toEqual(
      everything.slice(0, 50).map((ref) => (ref === 'user:default/user-3' ? { kind: 'User' } : undefined)),
    );
  },

  async getEntityByRef() {
    expect(bare(await client.getEntityByRef('Group:default/TEAM-3'))).toEqual(entityOf('group:default/team-3'));
    const named = { kind: 'system', namespace: 'default', name: 'system-2' };
    expect(bare(await client.getEntityByRef(named))).toEqual(entityOf('system:default/system-2'));
    expect(await client.getEntityByRef('component:default/nobody')).toBeUndefined();
  },

  async getEntityByName() {
    expect(bare(await client.getEntityByName({ kind: 'API', namespace: 'default', name: 'api-7' }))).toEqual(
      entityOf('api:default/api-7'),
    );
    expect(await client.getEntityByName({ kind: 'API', namespace: 'edge', name: 'api-7' })).toBeUndefined();
  },

  async getEntityAncestors() {
    const entityRef = 'component:default/part-0005';
    const { rootEntityRef, items } = await client.getEntityAncestors({ entityRef });
    const root = refOf(generated(`file:${catalog.root}`));
    const way = [entityRef, 'location:default/parts', 'location:default/root', root];
    expect(rootEntityRef).toBe(entityRef);
    expect(items.map(({ entity, parentEntityRefs }) => ({ entity: bare(entity), parentEntityRefs }))).toEqual(
      way.map((ref, index) => ({ entity: entityOf(ref), parentEntityRefs: way.slice(index + 1, index + 2) })),
    );
    await expect(client.getEntityAncestors({ entityRef: 'api:default/nobody' })).rejects.toMatchObject({
      cause: { name: 'NotFoundError' },
    });
  },

  async getEntityFacets() {
    const facets = ['kind', 'spec.type', 'metadata.tags', 'relations.ownedBy'];
    const expected = (holds: Test): object => ({
      kind: counts(chosen(holds).map(({ kind }) => kind)),
      'spec.type': counts(
        chosen(holds).flatMap(({ spec }) => (typeof spec?.['type'] === 'string' ? [spec['type']] : [])),
      ),
      'metadata.tags': counts(chosen(holds).flatMap(({ metadata }) => metadata.tags ?? [])),
      'relations.ownedBy': counts(
        chosen(holds).flatMap(({ relations }) =>
          relations.filter(({ type }) => type === 'ownedBy').map(({ targetRef }) => targetRef),
        ),
      ),
    });
    const sorted = (answer: Record<string, { value: string; count: number }[]>): object =>
      Object.fromEntries(Object.entries(answer).map(([facet, values]) => [facet, by(values, ({ value }) => value)]));
    expect(sorted((await client.getEntityFacets({ facets })).facets)).toEqual(expected(() => true));
    const filter = { kind: 'component', 'metadata.namespace': 'edge' };
    const inEdge: Test = (entity) => isComponent(entity) && entity.metadata.namespace === 'edge';
    expect(sorted((await client.getEntityFacets({ facets, filter })).facets)).toEqual(expected(inEdge));
    const query = { $any: [{ kind: 'api' }, { kind: 'resource' }] };
    expect(sorted((await client.getEntityFacets({ facets, query })).facets)).toEqual(
      expected(({ kind }) => kind === 'API' || kind === 'Resource'),
    );
  },

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
      expect(bare(after)).toEqual(entityOf(ref));
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

function counts(values: readonly string[]): { value: string; count: number }[] {
  return [...new Set(values)]
    .toSorted()
    .map((value) => ({ value, count: values.filter((other) => other === value).length }));
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

/** Methods that the client's own methods are made of. */
const inner = [
  'queryEntitiesByPredicate',
  'getEntityFacetsByPredicate',
  'requestIgnored',
  'requestRequired',
  'requestOptional',
  'getFilterValue',
];

test('every method of the client has a case', () => {
  const methods = Object.getOwnPropertyNames(CatalogClient.prototype).filter((name) => name !== 'constructor');
  expect(methods.filter((name) => !inner.includes(name)).toSorted()).toEqual(Object.keys(cases).toSorted());
});

test.each(Object.entries(cases))('%s', async (_name, check) => check());
