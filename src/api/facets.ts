import { Type, type Static } from 'typebox';
import { Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { selectionQuery } from './selection.ts';

/** The values of one path. */
export const Facet = Type.Object({
  values: Type.Array(
    Type.Object({
      value: Type.String({ description: 'The value in its written case.', examples: ['service'] }),
      count: Type.Integer({ minimum: 1, description: 'Number of entities that have it.', examples: [42] }),
    }),
  ),
  more: Type.Boolean({ description: 'True when there are more values than `limit`.' }),
  absent: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Number of entities without a value there, where `absent` is asked.' }),
  ),
});
export type Facet = Static<typeof Facet>;

/** `GET /api/v1/facets` */
export const getFacets = defineRoute({
  method: 'GET',
  path: '/api/v1/facets',
  summary: 'Count entities by value',
  description:
    'For each path the values that the chosen entities have there, most frequent first. An element of a list counts as a value.',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    path: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      minItems: 1,
      maxItems: 32,
      description: 'Dotted paths (repeatable); letter case does not count.',
      examples: [['kind', 'spec.type']],
    }),
    ...selectionQuery,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Values per path.', examples: [20] }),
    ),
    absent: Type.Optional(Type.Boolean({ default: false, description: 'Counts the entities without a value too.' })),
    ...revisionQuery,
  }),
  response: Type.Object({
    revision: Revision,
    facets: Type.Record(Type.String(), Facet, { description: 'By path as it was asked.' }),
  }),
});
