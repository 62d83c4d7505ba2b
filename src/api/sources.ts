import { Type, type Static } from 'typebox';
import { Instant, pageParts, pageQuery } from './paging.ts';
import { defineRoute } from './route.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** What is known of one location. */
export const LocationItem = Type.Object({
  ref: Type.String({ description: 'Location ref, `type:target`.', examples: ['file:/srv/catalog/desk.yaml'] }),
  source: Type.String({ description: 'Id of the source that reads it.' }),
  parent: Type.Optional(Type.String({ description: 'Ref of the location that named this one.' })),
  entities: count('Number of entities of it in the catalog (that you may see).'),
  errors: count('Number of problems that kept something out.'),
  warnings: count('Number of problems that did not.'),
  changedAt: Instant('When its content last changed.'),
});
export type LocationItem = Static<typeof LocationItem>;

/** `GET /api/v1/locations` */
export const listLocations = defineRoute({
  method: 'GET',
  path: '/api/v1/locations',
  summary: 'List locations',
  description: 'The files and URLs that the catalog is read from, by ref.',
  tag: 'Sources',
  permission: 'catalog.location.read',
  query: Type.Object({
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description: 'Only of this source.' })),
    q: Type.Optional(
      Type.String({ maxLength: 200, description: 'Only refs that contain this text; letter case does not count.' }),
    ),
    ...pageQuery(1000, 100),
  }),
  response: Type.Object({ ...pageParts, items: Type.Array(LocationItem) }),
});

/** State of one collector at one source. */
export const SourceState = Type.Union(
  [Type.Literal('fresh'), Type.Literal('stale'), Type.Literal('failed'), Type.Literal('never')],
  {
    description:
      '`fresh`: looked in time. `stale`: not looked in time. `failed`: the last look failed. `never`: no look has succeeded yet.',
  },
);

/** The freshness of what one collector says about one source. */
export const SourceItem = Type.Object({
  collector: Type.String({ description: 'Id of the collector; `catalog` reads descriptors.', examples: ['catalog'] }),
  source: Type.String({ description: 'Id of the source.' }),
  state: SourceState,
  checkedAt: Type.Optional(Instant('Last successful look.')),
  ageSeconds: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds since the last successful look.' })),
  expiresAt: Instant('From then on what it says is stale.'),
  error: Type.Optional(Type.String({ description: 'Why the last look failed.' })),
  locations: count('Locations of this source.'),
  errors: count('Problems that kept something out.'),
  warnings: count('Problems that did not.'),
});
export type SourceItem = Static<typeof SourceItem>;

/** `GET /api/v1/sources` */
export const listSources = defineRoute({
  method: 'GET',
  path: '/api/v1/sources',
  summary: 'List sources and their freshness',
  description: 'Every collector and source with its last successful look, its last error and how much it holds.',
  tag: 'Sources',
  permission: 'catalog.source.read',
  query: Type.Object({
    collector: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Only of this collector.' })),
    ...pageQuery(1000, 100),
  }),
  response: Type.Object({ ...pageParts, items: Type.Array(SourceItem) }),
});
