import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import type { Entity } from '../model/entity.ts';
import {
  fieldText,
  type FindField,
  type FindMatch,
  findRank,
  matchTexts,
  readFindQuestion,
} from '../model/find-match.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import { entityRefOf } from '../model/ref.ts';
import type { Write } from '../store/store.ts';
import type { Visibility } from './view.ts';

const principal = { ref: 'user:default/ada', claims: new Set(['user:default/ada', 'group:default/crew']) };
const everybody: Visibility = { kind: 'all', key: 'all', principal };
/** Sees only what is tagged `seen`. */
const some: Visibility = {
  kind: 'filter',
  key: 'seen',
  predicate: { op: 'field', key: 'metadata.tags', values: ['seen'] },
  principal,
};

const opened: ScriptedCatalog[] = [];
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
});

async function open(...entities: readonly Entity[]): Promise<ScriptedCatalog> {
  const catalog = await new ScriptedCatalog().open();
  opened.push(catalog);
  await catalog.do({ do: 'commit', writes: entities.map(put) });
  return catalog;
}

function put(entity: Entity): Write {
  const body = JSON.stringify(entity);
  const ref = entityRefOf(entity);
  return { op: 'putEntity', entity: { ref, body, hash: body, location: `file:/${ref}`, source: 's', line: 1 } };
}

function entity(name: string, metadata: object = {}, spec: object = {}, kind = 'Component'): Entity {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default', ...metadata }, spec: { ...spec } };
}

interface Answer {
  readonly found: readonly (readonly [ref: string, how: string])[];
  readonly total: number;
  readonly more: boolean;
}

async function search(catalog: ScriptedCatalog, text: string, visibility = everybody, limit = 10): Promise<Answer> {
  const view = catalog.graph.view(visibility);
  const { items, total, more } = await view.search({ text, limit });
  const found = items.map(({ id, match }) => [view.refOf(id).replace(/^.*\//, ''), match?.kind ?? ''] as const);
  return { found, total, more };
}

test('exact names come before their beginnings, words, parts, other texts and typing errors', async () => {
  const catalog = await open(
    entity('tickets'),
    entity('ticket'),
    entity('my-ticket'),
    entity('seats', { title: 'Ticket seats' }),
    entity('superticket'),
    entity('desk', { description: 'Every ticket of the house' }),
    entity('tikcet-old'),
  );
  const { found } = await search(catalog, 'ticket');
  expect(found).toEqual([
    ['ticket', 'exact'],
    ['tickets', 'prefix'],
    ['seats', 'word'],
    ['my-ticket', 'word'],
    ['superticket', 'part'],
    ['desk', 'text'],
    ['tikcet-old', 'typo'],
  ]);
  expect(await search(catalog, 'ticket', everybody, 2)).toEqual({ found: found.slice(0, 2), total: 4, more: true });
  expect(await search(catalog, 'ticket', everybody, 5)).toMatchObject({ total: 5, more: true });
  expect((await search(catalog, 'component:default/my-ticket')).found).toEqual([['my-ticket', 'exact']]);
});

test('among equal matches come one’s own, then production; what is deprecated sinks', async () => {
  const crew = { owner: 'crew' };
  const catalog = await open(
    entity('crew', {}, { type: 'team', children: [] }, 'Group'),
    entity('lamp-a', {}, { lifecycle: 'deprecated', ...crew }),
    entity('lamp-b'),
    entity('lamp-c', {}, { lifecycle: 'Production' }),
    entity('lamp-d', {}, crew),
    entity('lamp-long', {}, { lifecycle: 'production', ...crew }),
  );
  const names = (answer: Answer): readonly string[] => answer.found.map(([name]) => name);
  expect(names(await search(catalog, 'lamp'))).toEqual(['lamp-long', 'lamp-d', 'lamp-c', 'lamp-b', 'lamp-a']);
  const view = catalog.graph.view(everybody);
  const { items } = await view.search({ text: 'lamp', mine: [], limit: 2 });
  expect(items.map(({ id }) => view.refOf(id))).toEqual(['component:default/lamp-c', 'component:default/lamp-long']);
  expect(names(await search(catalog, ''))).toEqual(['lamp-long', 'lamp-d', 'lamp-c', 'lamp-b', 'crew', 'lamp-a']);
});

test('what is hidden is not found, and changes neither order nor counts', async () => {
  const seen = { tags: ['seen'] };
  const catalog = await open(
    entity('lamp-one', seen),
    entity('lamp-three', seen, { owner: 'crew' }),
    entity('crew', {}, {}, 'Group'),
  );
  const before = await search(catalog, 'lamp', some);
  // Owned by a group that is hidden: whose it is does not show.
  expect(before).toEqual({
    found: [
      ['lamp-one', 'prefix'],
      ['lamp-three', 'prefix'],
    ],
    total: 2,
    more: false,
  });
  await catalog.do({ do: 'commit', writes: ['lamp', 'lamp-x', 'my-lamp'].map((name) => put(entity(name))) });
  expect(await search(catalog, 'lamp', some)).toEqual(before);
  expect(await search(catalog, 'component:default/lamp', some)).toMatchObject({ found: [], total: 0 });
  expect(await search(catalog, 'lamp')).toMatchObject({ total: 5 });
});

test('what changed since it was first asked for is found as it is now', async () => {
  const catalog = await open(entity('lamp'), entity('rope'));
  expect(await search(catalog, 'lamp')).toMatchObject({ total: 1 });
  const writes: Write[] = [
    put(entity('lantern', { title: 'Lamp of paper' })),
    put(entity('rope', { description: 'holds the lamp' })),
    { op: 'deleteEntity', ref: 'component:default/lamp', location: 'file:/component:default/lamp' },
  ];
  await catalog.do({ do: 'commit', writes });
  expect((await search(catalog, 'lamp')).found).toEqual([
    ['lantern', 'word'],
    ['rope', 'text'],
  ]);
});

test('so many changes that the texts are collected anew make no difference', async () => {
  const catalog = await open(entity('lamp'));
  await search(catalog, 'lamp');
  const many = Array.from({ length: 700 }, (_, at) => put(entity(`lamp-${at}`)));
  await catalog.do({ do: 'commit', writes: many });
  const both = await Promise.all([search(catalog, 'lamp'), search(catalog, 'lamp')]);
  expect(both.map(({ total }) => total)).toEqual([701, 701]);
  await catalog.do({
    do: 'commit',
    writes: [{ op: 'deleteEntity', ref: 'component:default/lamp', location: 'file:/component:default/lamp' }],
  });
  const { found, total } = await search(catalog, 'lamp-69');
  expect([found[0], total]).toEqual([['lamp-69', 'exact'], 11]);
});

test('a condition narrows what is looked for', async () => {
  const catalog = await open(entity('lamp'), entity('lamp', {}, {}, 'API'));
  const view = catalog.graph.view(everybody);
  const { items, total } = await view.search({
    text: 'lamp',
    where: { op: 'field', key: 'kind', values: ['api'] },
    limit: 5,
  });
  expect([items.map(({ id }) => view.refOf(id)), total]).toEqual([['api:default/lamp'], 1]);
});

// Against a plain scan of all entities.

const word = fc.constantFrom('pay', 'ment', 'desk', 'api', 'old', 'Éclair', 'x1');
const name = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .chain((words) => fc.constantFrom('-', '_', '.', '').map((by) => words.join(by)));
const made = fc.record({
  name,
  kind: fc.constantFrom('Component', 'API', 'User'),
  title: fc.option(fc.oneof(name, fc.constant('Payment Desk'), fc.constant('payMent deskApi'))),
  description: fc.option(fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))),
  tags: fc.uniqueArray(fc.constantFrom('seen', 'pay', 'old'), { maxLength: 3 }),
  displayName: fc.option(name),
  lifecycle: fc.constantFrom('production', 'deprecated', 'experimental'),
  owner: fc.constantFrom('crew', 'others', 'user:ada'),
});
type Made = typeof made extends fc.Arbitrary<infer Value> ? Value : never;
const asked = fc.oneof(
  fc.constantFrom(
    'pay',
    'p',
    'desk',
    'dsek',
    'paymnet',
    'pay desk',
    'pay-desk',
    'ment',
    'api old',
    'payment',
    '',
    'e',
    'eclair',
    'x',
    'mentd',
    'payx1',
  ),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
);

function built(input: Made): Entity {
  const { title, description, displayName, tags, lifecycle, owner, kind } = input;
  const metadata = { tags, ...(title !== null && { title }), ...(description !== null && { description }) };
  const profile = displayName === null ? {} : { profile: { displayName } };
  return entity(input.name, metadata, { lifecycle, owner, ...profile }, kind);
}

function matchOf({ metadata, spec }: Entity, text: string): FindMatch | undefined {
  const profile = isJsonObject(spec?.['profile']) ? spec['profile'] : {};
  const told: readonly (readonly [FindField, JsonValue | undefined])[] = [
    ['name', metadata.name],
    ['title', metadata.title],
    ['displayName', profile['displayName']],
    ['description', metadata.description],
    ...(metadata.tags ?? []).map((tag) => ['tag', tag] as const),
  ];
  const texts = told.flatMap(([field, value]) => (typeof value === 'string' ? fieldText(field, value) : []));
  return matchTexts(texts, readFindQuestion(text));
}

function plainSearch(entities: readonly Entity[], isShown: (entity: Entity) => boolean, text: string, limit: number) {
  const scored = entities.filter(isShown).flatMap((shown) => {
    const match = matchOf(shown, text);
    if (!match && readFindQuestion(text).words.length > 0) return [];
    const owner = shown.kind === 'User' ? undefined : shown.spec?.['owner'];
    const crew = entities.find(({ kind }) => kind === 'Group');
    const isMine = owner === 'user:ada' || (owner === 'crew' && crew !== undefined && isShown(crew));
    const lifecycle = { '"production"': 1, '"deprecated"': -4 }[JSON.stringify(shown.spec?.['lifecycle'])] ?? 0;
    const length = match ? shown.metadata.name.length : 0;
    const keys = [match ? findRank[match.kind] : 0, (isMine ? 2 : 0) + lifecycle, -length];
    return { ref: entityRefOf(shown), keys, rank: match ? findRank[match.kind] : 0 };
  });
  scored.sort((left, right) => {
    const at = left.keys.findIndex((key, place) => key !== right.keys[place]);
    return at === -1 ? (left.ref < right.ref ? -1 : 1) : (right.keys[at] ?? 0) - (left.keys[at] ?? 0);
  });
  const tiers = [findRank.word, findRank.part, findRank.text, findRank.typo];
  const tier = tiers.find((rank) => scored.filter((one) => one.rank >= rank).length >= limit) ?? 0;
  const total = scored.filter((one) => one.rank >= tier).length;
  return { refs: scored.slice(0, limit).map(({ ref }) => ref), total, more: tier > findRank.typo };
}

test('finds what a plain scan finds, in its order, before and after changes', async () => {
  const steps = fc.array(fc.array(made, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 });
  const check = fc.asyncProperty(
    steps,
    fc.array(asked, { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 8 }),
    async (batches, texts, limit) => {
      const catalog = await open();
      const now = new Map<string, Entity>();
      const crew = entity('crew', {}, {}, 'Group');
      for (const batch of [[], ...batches]) {
        const entities = batch.length === 0 ? [crew] : batch.map(built);
        for (const one of entities) now.set(entityRefOf(one), one);
        // One ref may come twice in a batch: the last one stays.
        await catalog.do({
          do: 'commit',
          writes: [...new Map(entities.map((one) => [entityRefOf(one), one])).values()].map(put),
        });
        for (const text of texts) {
          for (const visibility of [everybody, some]) {
            const isShown = (one: Entity): boolean =>
              visibility === everybody || (one.metadata.tags ?? []).includes('seen');
            const view = catalog.graph.view(visibility);
            const { items, total, more } = await view.search({ text, limit });
            const refs = items.map(({ id }) => view.refOf(id));
            expect({ refs, total, more }, text).toEqual(plainSearch([...now.values()], isShown, text, limit));
            for (const { id, match } of items) {
              const one = now.get(view.refOf(id));
              expect(match?.kind).toBe(one && matchOf(one, text)?.kind);
            }
          }
        }
      }
      await catalog.close();
    },
  );
  await fc.assert(check, { numRuns: 150 });
});
