import { Type, type Static } from 'typebox';
import { Entity, EntityParams, EntityRef } from './entity.ts';
import { Instant, pageParts, pageQuery, Revision, revisionQuery, Unknown } from './paging.ts';
import { defineRoute } from './route.ts';
import { Fields, Order, selectionQuery } from './selection.ts';

const tag = 'Entities';
const permission = 'catalog.entity.read';

/** A page of entities. */
export const EntityPage = Type.Object({ ...pageParts, unknown: Unknown, items: Type.Array(Entity) });
export type EntityPage = Static<typeof EntityPage>;

/** `GET /api/v1/entities` */
export const listEntities = defineRoute({
  method: 'GET',
  path: '/api/v1/entities',
  summary: 'List entities',
  description:
    'The entities that hold for all of `where`, `filter` and `q`, page by page. Pages stay right while the catalog changes: ' +
    'what stays put is neither skipped nor repeated.',
  tag,
  permission,
  query: Type.Object({
    ...selectionQuery,
    order: Type.Optional(Order),
    fields: Type.Optional(Fields),
    ...pageQuery(1000, 50),
  }),
  response: EntityPage,
});

/** `GET /api/v1/entities/:kind/:namespace/:name` */
export const getEntity = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name',
  summary: 'Read one entity',
  description: 'Answers 404 `ENTITY_NOT_FOUND` for an entity that does not exist or that you may not see.',
  tag,
  permission,
  params: EntityParams,
  query: Type.Object(revisionQuery),
  response: Entity,
});

/** `POST /api/v1/entities/bulk` */
export const bulkEntities = defineRoute({
  method: 'POST',
  path: '/api/v1/entities/bulk',
  reads: true,
  summary: 'Read many entities by ref',
  description: 'One item for each ref, in the order of the refs; `null` where there is none, or none that you may see.',
  tag,
  permission,
  body: Type.Object(
    {
      refs: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 1000,
        description: 'Entity refs with their kind, in any letter case.',
        examples: [['component:default/ticket-desk', 'group:default/box-office']],
      }),
      fields: Type.Optional(Fields),
      ...revisionQuery,
    },
    { additionalProperties: false },
  ),
  response: Type.Object({ revision: Revision, items: Type.Array(Type.Union([Entity, Type.Null()])) }),
});

/** Where an entity is declared. */
export const EntityOrigin = Type.Object({
  revision: Revision,
  location: Type.String({ description: 'Location ref, `type:target`.', examples: ['file:/srv/catalog/desk.yaml'] }),
  source: Type.String({ description: 'Id of the source that reads it.' }),
  line: Type.Integer({ minimum: 1, description: 'Line of its first key, from 1.' }),
  commit: Type.Optional(Type.String({ description: 'Version of the source, e.g. a git commit.' })),
  broken: Type.Boolean({
    description: 'True when a document at this place cannot be read: what is shown may be as it was read before.',
  }),
  ancestry: Type.Array(Type.Object({ ref: EntityRef }), {
    description: 'The Location entities that lead to it, nearest first, up to the configured or registered one.',
  }),
});
export type EntityOrigin = Static<typeof EntityOrigin>;

/** `GET /api/v1/entities/:kind/:namespace/:name/origin` */
export const getOrigin = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/origin',
  summary: 'Read where an entity is declared',
  description: 'The place of its declaration, and the Locations that lead there.',
  tag,
  permission,
  params: EntityParams,
  query: Type.Object(revisionQuery),
  response: EntityOrigin,
});

/** One relation of an entity. */
export const Relation = Type.Object({
  type: Type.String({ description: 'Relation type as this entity shows it.', examples: ['ownedBy'] }),
  targetRef: EntityRef,
  exists: Type.Boolean({ description: 'False when the catalog holds no such entity.' }),
});
export type Relation = Static<typeof Relation>;

/** `GET /api/v1/entities/:kind/:namespace/:name/relations` */
export const listRelations = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/relations',
  summary: 'List the relations of an entity',
  description: 'Both directions: what the entity declares, and what others declare of it. Sorted by type, then by ref.',
  tag,
  permission,
  params: EntityParams,
  query: Type.Object({
    type: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 63 }), {
        maxItems: 32,
        description: 'Only relations of these types (repeatable).',
        examples: [['ownedBy']],
      }),
    ),
    ...pageQuery(1000, 200),
  }),
  response: Type.Object({ ...pageParts, items: Type.Array(Relation) }),
});

/** How much a fact is worth now. */
export const Freshness = Type.Union([Type.Literal('fresh'), Type.Literal('stale'), Type.Literal('failed')], {
  description:
    '`fresh`: seen as it is by the last look in time. `stale`: the collector has not looked in time, the value is what ' +
    'was known last. `failed`: the observation failed. Only fresh facts count in expressions.',
});

/** One fact of an entity. */
export const FactItem = Type.Object({
  collector: Type.String({ description: 'Who observed it.', examples: ['completeness'] }),
  path: Type.String({ description: 'Dotted path under the collector.', examples: ['score'] }),
  value: Type.Unknown({ description: 'Any JSON value.', examples: [80] }),
  error: Type.Optional(Type.String({ description: 'Why the observation failed.' })),
  source: Type.String({ description: 'Where the collector looked.', examples: ['catalog'] }),
  observedAt: Instant('When the value was first seen as it is.'),
  ageSeconds: Type.Number({ minimum: 0, description: 'Seconds since `observedAt`.', examples: [93] }),
  state: Freshness,
  checkedAt: Type.Optional(Instant('Last successful look of the collector at this source; absent if there was none.')),
  expiresAt: Type.Optional(Instant('From then on the fact is stale, unless the collector looks again.')),
});
export type FactItem = Static<typeof FactItem>;

/** `GET /api/v1/entities/:kind/:namespace/:name/facts` */
export const listFacts = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/facts',
  summary: 'List the facts of an entity',
  description:
    'What collectors observed, with the source, the age and the freshness. Sorted by collector, then by path.',
  tag,
  permission,
  params: EntityParams,
  query: Type.Object({
    collector: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Only facts of this collector.',
        examples: ['completeness'],
      }),
    ),
    ...pageQuery(1000, 200),
  }),
  response: Type.Object({ ...pageParts, items: Type.Array(FactItem) }),
});

/** One step in the life of an entity. */
export const HistoryItem = Type.Object({
  revision: Revision,
  at: Instant('When it was committed.'),
  op: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('deleted')]),
  location: Type.String({ description: 'Location that declared it.', examples: ['file:/srv/catalog/desk.yaml'] }),
  source: Type.String({ description: 'Id of the source.' }),
  commit: Type.Optional(Type.String({ description: 'Version of the source, e.g. a git commit.' })),
  entity: Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    additionalProperties: true,
    description: 'The entity as declared after the step; for `deleted` the last one. Without relations.',
  }),
});
export type HistoryItem = Static<typeof HistoryItem>;

/** `GET /api/v1/entities/:kind/:namespace/:name/history` */
export const listHistory = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/history',
  summary: 'List the history of an entity',
  description:
    'What changed, when, and from which source, newest first; as far back as the retention of history reaches. ' +
    '`next` continues with older steps. That of an entity that is gone is read by who may see all entities.',
  tag,
  permission,
  params: EntityParams,
  query: Type.Object(pageQuery(100, 20)),
  response: Type.Object({
    revision: Revision,
    items: Type.Array(HistoryItem),
    next: Type.Optional(Type.String({ description: 'Cursor of the next, older page; absent on the last.' })),
  }),
});
