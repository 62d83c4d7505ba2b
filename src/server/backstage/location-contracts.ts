import { Type } from 'typebox';
import { defineRoute } from '../../api/route.ts';
import type { JsonObject } from '../../model/json.ts';
import { NamedEntity, optionalBody, Query, tag } from './contracts.ts';

/** A registered location. */
const Location = Type.Object({
  id: Type.String(),
  type: Type.String(),
  target: Type.String(),
  entityRef: Type.String({ description: 'Its Location entity, `location:default/generated-<sha1 of type:target>`.' }),
  presence: Type.Optional(Type.String()),
});

const Target = {
  type: Type.String({ examples: ['url'] }),
  target: Type.String({ maxLength: 4096, examples: ['https://git.example.com/shop/cart/blob/main/catalog-info.yaml'] }),
};

/** An entity as it would be stored, before it has a uid, an etag and relations. */
const PreviewedEntity = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });

/** `GET /api/catalog/locations` */
export const listLocations = defineRoute({
  method: 'GET',
  path: '/api/catalog/locations',
  summary: 'List registered locations',
  tag,
  permission: 'catalog.location.read',
  query: Type.Object({}),
  response: Type.Array(Type.Object({ data: Location })),
});

/** `POST /api/catalog/locations` */
export const createLocation = defineRoute({
  method: 'POST',
  path: '/api/catalog/locations',
  summary: 'Register a location, or preview it',
  description: 'A preview answers all entities that would be read, and 400 with what is wrong where any cannot be.',
  tag,
  permission: 'catalog.location.create',
  query: Type.Object({
    dryRun: Type.Optional(Type.String({ description: '`true`: preview; nothing is stored.' })),
    onConflict: Type.Optional(
      Type.Union([Type.Literal('refresh'), Type.Literal('reject')], {
        description:
          'What to do where it is registered already: `refresh` it, or `reject` with 409. Default: as configured, else `reject`.',
      }),
    ),
  }),
  body: Type.Object(
    { ...Target, presence: Type.Optional(Type.Union([Type.Literal('required'), Type.Literal('optional')])) },
    { additionalProperties: false },
  ),
  status: 201,
  response: Type.Object({
    location: Location,
    entities: Type.Array(PreviewedEntity),
    exists: Type.Optional(Type.Boolean({ description: 'Of a preview: it is registered already.' })),
  }),
});

/** `POST /api/catalog/locations/by-query` */
export const queryLocations = defineRoute({
  method: 'POST',
  path: '/api/catalog/locations/by-query',
  reads: true,
  summary: 'Query registered locations page by page',
  description: 'Fields of the query: `id`, `type`, `target`, `entityRef`. The order is by id.',
  tag,
  permission: 'catalog.location.read',
  body: optionalBody({
    query: Query,
    limit: Type.Optional(Type.Integer({ minimum: 1, description: 'Locations on a page; default 1000.' })),
    cursor: Type.Optional(Type.String({ minLength: 1, description: 'From `pageInfo` of another page.' })),
  }),
  response: Type.Object({
    items: Type.Array(Location),
    totalItems: Type.Integer(),
    pageInfo: Type.Object({ nextCursor: Type.Optional(Type.String()) }),
  }),
});

const LocationId = Type.Object({ id: Type.String() });

/** `GET /api/catalog/locations/:id` */
export const getLocation = defineRoute({
  method: 'GET',
  path: '/api/catalog/locations/:id',
  summary: 'Read a registered location',
  tag,
  permission: 'catalog.location.read',
  params: LocationId,
  response: Location,
});

/** `PUT /api/catalog/locations/:id` */
export const updateLocation = defineRoute({
  method: 'PUT',
  path: '/api/catalog/locations/:id',
  summary: 'Change where a registered location points to',
  description: 'Its id and its entity stay.',
  tag,
  permission: 'catalog.location.create',
  params: LocationId,
  body: Type.Object(Target, { additionalProperties: false }),
  response: Location,
});

/** `DELETE /api/catalog/locations/:id` */
export const deleteLocation = defineRoute({
  method: 'DELETE',
  path: '/api/catalog/locations/:id',
  summary: 'Take a registered location back, with the entities that came from it',
  tag,
  permission: 'catalog.location.delete',
  params: LocationId,
  status: 204,
});

/** `GET /api/catalog/locations/by-entity/:kind/:namespace/:name` */
export const getLocationByEntity = defineRoute({
  method: 'GET',
  path: '/api/catalog/locations/by-entity/:kind/:namespace/:name',
  summary: 'Read the registered location that an entity comes from',
  tag,
  permission: 'catalog.location.read',
  params: NamedEntity,
  response: Location,
});

/** `POST /api/catalog/analyze-location` */
export const analyzeLocation = defineRoute({
  method: 'POST',
  path: '/api/catalog/analyze-location',
  reads: true,
  summary: 'Propose a descriptor for a repository',
  description: 'By its URL alone; nothing is read.',
  tag,
  permission: 'catalog.location.analyze',
  body: Type.Object({
    location: Type.Object(Target, { additionalProperties: false }),
    catalogFilename: Type.Optional(Type.String()),
  }),
  response: Type.Object({
    existingEntityFiles: Type.Array(PreviewedEntity),
    generateEntities: Type.Array(
      Type.Object({ entity: PreviewedEntity, fields: Type.Array(Type.Unsafe<JsonObject>({ type: 'object' })) }),
    ),
  }),
});
