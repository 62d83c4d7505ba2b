import { Type } from 'typebox';
import { Entity } from '../../api/entity.ts';
import { defineRoute } from '../../api/route.ts';
import type { JsonObject } from '../../model/json.ts';
import { NamedEntity, tag } from './contracts.ts';

/** `GET /api/catalog/entities/by-name/:kind/:namespace/:name/ancestry` */
export const getAncestry = defineRoute({
  method: 'GET',
  path: '/api/catalog/entities/by-name/:kind/:namespace/:name/ancestry',
  summary: 'Read the Locations that lead to an entity',
  description: 'From the entity up to the registered or configured location.',
  tag,
  permission: 'catalog.entity.read',
  params: NamedEntity,
  response: Type.Object({
    rootEntityRef: Type.String(),
    items: Type.Array(Type.Object({ entity: Entity, parentEntityRefs: Type.Array(Type.String()) })),
  }),
});

/** `POST /api/catalog/refresh` */
export const refreshEntity = defineRoute({
  method: 'POST',
  path: '/api/catalog/refresh',
  summary: 'Look again at where an entity comes from',
  description: 'Answers once that was looked at, or after two seconds where it takes longer.',
  tag,
  permission: 'catalog.entity.refresh',
  checksEntity: true,
  body: Type.Object(
    {
      entityRef: Type.String({ examples: ['component:default/cart'] }),
      authorizationToken: Type.Optional(Type.String({ description: 'Not used.' })),
    },
    { additionalProperties: false },
  ),
});

/** `DELETE /api/catalog/entities/by-uid/:uid` */
export const deleteByUid = defineRoute({
  method: 'DELETE',
  path: '/api/catalog/entities/by-uid/:uid',
  summary: 'Take an entity out',
  description: 'A location that still declares it brings it back.',
  tag,
  permission: 'catalog.entity.delete',
  checksEntity: true,
  params: Type.Object({ uid: Type.String() }),
  status: 204,
});

/** `POST /api/catalog/validate-entity` */
export const validateEntity = defineRoute({
  method: 'POST',
  path: '/api/catalog/validate-entity',
  reads: true,
  summary: 'Check an entity without storing it',
  description: 'Answers nothing where it is valid, and 400 with what is wrong where it is not.',
  tag,
  permission: 'catalog.entity.validate',
  body: Type.Object({
    location: Type.String({ examples: ['url:https://git.example.com/shop/cart/blob/main/catalog-info.yaml'] }),
    entity: Type.Unsafe<JsonObject>({ type: 'object' }),
  }),
  response: Type.Object({ errors: Type.Array(Type.Object({ name: Type.String(), message: Type.String() })) }),
});

/** `GET /api/catalog/openapi.json` */
export const getOpenApi = defineRoute({
  method: 'GET',
  path: '/api/catalog/openapi.json',
  summary: 'Description of the compatible catalog API as OpenAPI 3.1',
  tag,
  permission: 'public',
  contentType: 'application/json; charset=utf-8',
});
