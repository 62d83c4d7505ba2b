import { CATALOG_FILTER_EXISTS, type CatalogClient } from '@backstage/catalog-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entity, RenderedEntity } from '../../src/model/entity.ts';
import {
  bare,
  bareAll,
  by,
  clientMethods,
  collect,
  refsOf,
  startClient,
  upkeepMethods,
  type ClientSetup,
} from '../support/catalog-client.ts';
import { generated, refOf, type ClientCatalog } from '../support/client-catalog.ts';

// Backstage's own published client reads entities, with every method that does, from a server that reads real files.

let setup: ClientSetup;
let client: CatalogClient;
let catalog: ClientCatalog;

beforeAll(async () => {
  setup = await startClient();
  ({ client, catalog } = setup);
});
afterAll(() => setup.close());

type Test = (entity: RenderedEntity) => boolean;
const chosen = (holds: Test): RenderedEntity[] => byRef(catalog.entities.filter(holds));
const refsWhere = (holds: Test): string[] => refsOf(chosen(holds));
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
};

function counts(values: readonly string[]): { value: string; count: number }[] {
  return [...new Set(values)]
    .toSorted()
    .map((value) => ({ value, count: values.filter((other) => other === value).length }));
}

test('every method that reads entities has a case', () => {
  const methods = clientMethods().filter((name) => !upkeepMethods.includes(name));
  expect(methods).toEqual(Object.keys(cases).toSorted());
});

test.each(Object.entries(cases))('%s', async (_name, check) => check());
