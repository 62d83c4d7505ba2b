import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Revision, revisionQuery } from './paging.ts';
import { Severity } from './problems.ts';
import { defineRoute } from './route.ts';

const tag = 'Sources';

const Presence = Type.Union([Type.Literal('required'), Type.Literal('optional')], {
  description: '`optional`: it is no problem that there is nothing. Default `required`.',
});

const TYPE = { description: '`url` or `git`.', examples: ['url'] };
const TARGET = {
  description: 'For `url` an http(s) URL of a descriptor, for `git` a repository.',
  examples: ['https://git.example.com/stage/lights/raw/main/catalog-info.yaml'],
};

const locationParts = {
  type: Type.String(TYPE),
  target: Type.String(TARGET),
  presence: Type.Optional(Presence),
  entityRef: EntityRef,
};

const ID = { description: 'Stays while it is registered.', examples: ['0f4c2f0e-8b57-4f0b-9a53-0d3f5b1c7c11'] };

/** A location that somebody registered. */
export const RegisteredLocation = Type.Object({ id: Type.String(ID), ...locationParts });
export type RegisteredLocation = Static<typeof RegisteredLocation>;

/** `GET /api/v1/locations/registered` */
export const listRegistrations = defineRoute({
  method: 'GET',
  path: '/api/v1/locations/registered',
  summary: 'List registered locations',
  description: 'The locations that were registered over the API, by id. Configured ones are not among them.',
  tag,
  permission: 'catalog.location.read',
  query: Type.Object(revisionQuery),
  response: Type.Object({ revision: Revision, items: Type.Array(RegisteredLocation) }),
});

/** What one entity of a location does, or would do, to the catalog. */
export const LocationChange = Type.Object({
  ref: EntityRef,
  change: Type.Union(
    [Type.Literal('create'), Type.Literal('update'), Type.Literal('unchanged'), Type.Literal('conflict')],
    { description: '`conflict`: another location declares it (`owner`), so this one changes nothing.' },
  ),
  location: Type.Optional(Type.String({ description: 'Location that declares it.' })),
  line: Type.Optional(Type.Integer({ minimum: 1, description: 'Line of its first key, from 1.' })),
  owner: Type.Optional(
    Type.Object(
      { location: Type.String(), line: Type.Integer({ minimum: 1 }) },
      { description: 'Where it is declared now, for a conflict.' },
    ),
  ),
});
export type LocationChange = Static<typeof LocationChange>;

/** Something wrong with what a location says. */
export const LocationFinding = Type.Object({
  severity: Severity,
  code: Type.String({ description: 'Machine word.', examples: ['entity-schema'] }),
  message: Type.String(),
  fix: Type.Optional(Type.String({ description: 'What to do about it.' })),
  location: Type.String({ description: 'Location ref, `type:target`.' }),
  line: Type.Optional(Type.Integer({ minimum: 1, description: 'Line, from 1.' })),
  column: Type.Optional(Type.Integer({ minimum: 1, description: 'Column in the line, from 1.' })),
  path: Type.Optional(Type.String({ description: 'The offending field.', examples: ['metadata.name'] })),
  entityRef: Type.Optional(EntityRef),
});
export type LocationFinding = Static<typeof LocationFinding>;

/** What registering a location does, or would do. */
export const RegistrationOutcome = Type.Object({
  revision: Revision,
  dryRun: Type.Boolean({ description: 'True where nothing was stored.' }),
  exists: Type.Boolean({ description: 'True when it was registered or configured before.' }),
  location: Type.Object({ id: Type.Optional(Type.String(ID)), ...locationParts }),
  changes: Type.Array(LocationChange, {
    description: 'The Location entity that stands for it, and the entities that it leads to.',
  }),
  findings: Type.Array(LocationFinding, { description: 'What is wrong with it, at most 1,000.' }),
  pending: Type.Boolean({
    description: 'True where not all of it was read when the answer was made; the rest follows.',
  }),
});
export type RegistrationOutcome = Static<typeof RegistrationOutcome>;

const dryRun = Type.Optional(
  Type.Boolean({ default: false, description: 'Says what would happen and stores nothing.', examples: [true] }),
);

/** `POST /api/v1/locations` */
export const registerLocation = defineRoute({
  method: 'POST',
  path: '/api/v1/locations',
  summary: 'Register a location, or preview it',
  description:
    'Reads a URL or a git repository from now on, and answers what came of it. Only hosts that the configuration allows ' +
    'are read. With `dryRun` it is read once and nothing is stored.',
  tag,
  permission: 'catalog.location.create',
  query: Type.Object({ dryRun }),
  body: Type.Object(
    {
      type: Type.String({ minLength: 1, maxLength: 20, ...TYPE }),
      target: Type.String({ minLength: 1, maxLength: 2048, ...TARGET }),
      presence: Type.Optional(Presence),
    },
    { additionalProperties: false },
  ),
  response: RegistrationOutcome,
});

/** `DELETE /api/v1/locations/registered/:id` */
export const unregisterLocation = defineRoute({
  method: 'DELETE',
  path: '/api/v1/locations/registered/:id',
  summary: 'Take a registered location back, or preview it',
  description: 'Takes it out with all that came from it alone. With `dryRun` nothing is removed.',
  tag,
  permission: 'catalog.location.delete',
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, ...ID }) }),
  query: Type.Object({ dryRun }),
  response: Type.Object({
    revision: Revision,
    dryRun: Type.Boolean({ description: 'True where nothing was removed.' }),
    location: RegisteredLocation,
    removed: Type.Array(EntityRef, { description: 'Entities that went with it, or would, its own first.' }),
  }),
});
