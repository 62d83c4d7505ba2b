import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { Entity } from '../../api/entity.ts';
import { defineRoute } from '../../api/route.ts';
import type { JsonObject } from '../../model/json.ts';

/** Tag of all these routes on the API page. */
export const tag = 'Backstage catalog';
const permission = 'catalog.entity.read';

const list = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));
const integer = (description: string, minimum = 0) => Type.Optional(Type.Integer({ minimum, description }));

const Filter = list('`key`, `key=value`, joined by commas for AND; repeated for OR.');
const FieldList = list('Dotted paths, joined by commas or repeated.');
/** A condition in Backstage's predicate language. */
export const Query = Type.Optional(
  Type.Unsafe<JsonObject>({
    type: 'object',
    description: 'Field map with `$all`, `$any`, `$not`, `$in`, `$exists`, `$hasPrefix`.',
  }),
);
const TotalItems = Type.Optional(
  Type.Union([Type.Literal('include'), Type.Literal('exclude')], { description: '`exclude` answers 0.' }),
);

/** An object of the properties, or no body at all; unknown keys are passed over. */
export function optionalBody<Properties extends TProperties>(properties: Properties) {
  return Type.Unsafe<Static<TObject<Properties>> | null | undefined>({
    ...Type.Object(properties),
    type: ['object', 'null'],
  });
}

/** `GET /api/catalog/entities` */
export const listEntities = defineRoute({
  method: 'GET',
  path: '/api/catalog/entities',
  summary: 'List entities as an array',
  description:
    'With `limit`, `offset` or `after` the next page is named by the `Link` header; without them all are sent.',
  tag,
  permission,
  query: Type.Object({
    fields: FieldList,
    filter: Filter,
    limit: integer('Entities on a page, more than 0.'),
    offset: integer('Entities to leave out first.'),
    after: Type.Optional(Type.String({ description: 'From the `Link` header; goes before `limit` and `offset`.' })),
    order: list('`asc:path` or `desc:path`; more than one breaks ties.'),
  }),
  response: Type.Array(Entity),
});

const QueryPage = Type.Object({
  items: Type.Array(Entity),
  totalItems: Type.Integer(),
  pageInfo: Type.Object({ nextCursor: Type.Optional(Type.String()), prevCursor: Type.Optional(Type.String()) }),
});

/** `GET /api/catalog/entities/by-query` */
export const queryByGet = defineRoute({
  method: 'GET',
  path: '/api/catalog/entities/by-query',
  summary: 'Query entities page by page',
  tag,
  permission,
  query: Type.Object({
    fields: FieldList,
    filter: Filter,
    limit: integer('Entities on a page; default 200. 0 answers the count alone.'),
    offset: integer('Entities to leave out first; only without a cursor.'),
    orderField: list('`path`, `path,asc` or `path,desc`; the first counts. Entities without the path are left out.'),
    cursor: Type.Optional(Type.String({ description: 'From `pageInfo` of another page.' })),
    fullTextFilterTerm: Type.Optional(Type.String({ description: 'Text to look for.' })),
    fullTextFilterFields: list('Where to look; default the order field, else `metadata.uid`.'),
    totalItems: TotalItems,
  }),
  response: QueryPage,
});

/** Body of a query. */
export const QueryBody = optionalBody({
  query: Query,
  limit: integer('Entities on a page; default 200.'),
  offset: integer('Entities to leave out first; only without a cursor.'),
  orderBy: Type.Optional(
    Type.Array(Type.Object({ field: Type.String(), order: Type.Union([Type.Literal('asc'), Type.Literal('desc')]) }), {
      description: 'The first counts.',
    }),
  ),
  fullTextFilter: Type.Optional(
    Type.Object({ term: Type.Optional(Type.String()), fields: Type.Optional(Type.Array(Type.String())) }),
  ),
  fields: FieldList,
  totalItems: TotalItems,
  cursor: Type.Optional(Type.String({ minLength: 1 })),
});

/** `POST /api/catalog/entities/by-query` */
export const queryByPost = defineRoute({
  method: 'POST',
  path: '/api/catalog/entities/by-query',
  reads: true,
  summary: 'Query entities page by page, with a predicate',
  tag,
  permission,
  body: QueryBody,
  response: QueryPage,
});

/** An entity as its path names it. */
export const NamedEntity = Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() });

/** `GET /api/catalog/entities/by-name/:kind/:namespace/:name` */
export const getByName = defineRoute({
  method: 'GET',
  path: '/api/catalog/entities/by-name/:kind/:namespace/:name',
  summary: 'Read one entity by its name',
  tag,
  permission,
  params: NamedEntity,
  response: Entity,
});

/** `GET /api/catalog/entities/by-uid/:uid` */
export const getByUid = defineRoute({
  method: 'GET',
  path: '/api/catalog/entities/by-uid/:uid',
  summary: 'Read one entity by its uid',
  tag,
  permission,
  params: Type.Object({ uid: Type.String() }),
  response: Entity,
});

/** `POST /api/catalog/entities/by-refs` */
export const getByRefs = defineRoute({
  method: 'POST',
  path: '/api/catalog/entities/by-refs',
  reads: true,
  summary: 'Read entities by their refs',
  description:
    'Items stand in the order of the refs; `null` where there is no such entity or the condition leaves it out.',
  tag,
  permission,
  query: Type.Object({ filter: Filter }),
  body: Type.Object({
    entityRefs: Type.Array(Type.String(), { maxItems: 10_000 }),
    fields: FieldList,
    query: Query,
  }),
  response: Type.Object({ items: Type.Array(Type.Union([Entity, Type.Null()])) }),
});

const FacetAnswer = Type.Object({
  facets: Type.Record(Type.String(), Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))),
});

/** `GET /api/catalog/entity-facets` */
export const facetsByGet = defineRoute({
  method: 'GET',
  path: '/api/catalog/entity-facets',
  summary: 'Count entities by value',
  tag,
  permission,
  query: Type.Object({ facet: list('Dotted paths.'), filter: Filter }),
  response: FacetAnswer,
});

/** `POST /api/catalog/entity-facets` */
export const facetsByPost = defineRoute({
  method: 'POST',
  path: '/api/catalog/entity-facets',
  reads: true,
  summary: 'Count entities by value, with a predicate',
  tag,
  permission,
  body: Type.Object({ facets: Type.Array(Type.String(), { maxItems: 100 }), query: Query }),
  response: FacetAnswer,
});
