import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { count, Instant, pageParts, pageQuery, Revision } from './paging.ts';
import { defineRoute } from './route.ts';

/** What is known of one location. */
export const LocationItem = Type.Object({
  ref: Type.String({ description: 'Location ref, `type:target`.', examples: ['file:/srv/catalog/desk.yaml'] }),
  source: Type.String({ description: 'Id of the source that reads it.' }),
  parent: Type.Optional(Type.String({ description: 'Ref of the location that named this one.' })),
  parentEntity: Type.Optional(
    Type.String({
      description: 'Ref of the Location entity that names it; a generated one for configured and registered locations.',
      examples: ['location:default/stage'],
    }),
  ),
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
    parentEntity: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Only those that this Location entity names, by its full ref.',
        examples: ['location:default/stage'],
      }),
    ),
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
  source: Type.String({ description: 'Id of the source; in the catalog the ref of its location.' }),
  type: Type.Optional(Type.String({ description: 'Type of the location.', examples: ['file', 'url', 'git'] })),
  target: Type.Optional(Type.String({ description: 'Where it is: a path, a URL, a repository.' })),
  configuredAt: Type.Optional(
    Type.String({ description: 'Where the configuration names it.', examples: ['callboard.yaml:4'] }),
  ),
  registrationId: Type.Optional(Type.String({ description: 'Id of the registration, where it was registered.' })),
  namedBy: Type.Optional(Type.String({ description: 'Ref of the Location entity that leads to it, where one does.' })),
  state: SourceState,
  checkedAt: Type.Optional(Instant('Last successful look.')),
  ageSeconds: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds since the last successful look.' })),
  expiresAt: Instant('From then on what it says is stale.'),
  error: Type.Optional(Type.String({ description: 'Why the last look failed.' })),
  fix: Type.Optional(Type.String({ description: 'What to do about it.' })),
  nextLookAt: Type.Optional(
    Instant('When it is looked at again, where this server knows it. Files are watched and need none.'),
  ),
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

/** What a refresh did to one entity. */
export const EntityChange = Type.Object({
  ref: EntityRef,
  change: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('deleted')]),
});
export type EntityChange = Static<typeof EntityChange>;

/** What a refresh did. */
export const RefreshReport = Type.Object({
  revision: Revision,
  locations: Type.Array(Type.String(), { description: 'Locations that were looked at again.' }),
  changes: Type.Array(EntityChange, { description: 'What changed in the catalog, by ref.' }),
  failures: Type.Array(Type.Object({ source: Type.String(), error: Type.String() }), {
    description: 'Sources and locations that could not be read.',
  }),
  pending: Type.Boolean({ description: 'True where not all was looked at when the wait ended; it goes on.' }),
});
export type RefreshReport = Static<typeof RefreshReport>;

/** `POST /api/v1/sources/refresh` */
export const refreshSources = defineRoute({
  method: 'POST',
  path: '/api/v1/sources/refresh',
  summary: 'Look again now',
  description:
    'Looks again at where an entity comes from, up to the root that leads to it, or at a location, or at all of a source, ' +
    'and waits for it. Answers what changed. Who may do it for some entities only names one of them.',
  tag: 'Sources',
  permission: 'catalog.entity.refresh',
  checksEntity: true,
  body: Type.Object(
    {
      entityRef: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'An entity. Either this or `location` is given.',
          examples: ['component:default/ticket-desk'],
        }),
      ),
      location: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 4096,
          description: 'A location, or the id of a source for all of it.',
          examples: ['file:/srv/catalog/desk.yaml'],
        }),
      ),
      waitSeconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 25, default: 10, description: 'How long to wait for it at most.' }),
      ),
    },
    { additionalProperties: false },
  ),
  response: RefreshReport,
});
