import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Instant, pageParts, pageQuery } from './paging.ts';
import { defineRoute } from './route.ts';

/** How bad a problem is. */
export const Severity = Type.Union([Type.Literal('error'), Type.Literal('warning')], {
  description: 'An `error` keeps something out of the catalog, a `warning` does not.',
});

/** Something wrong with what a source declares. */
export const ProblemItem = Type.Object({
  id: Type.String({ description: 'Stable while the problem stays the same.' }),
  severity: Severity,
  code: Type.String({ description: 'Machine word.', examples: ['entity-schema'] }),
  message: Type.String({ examples: ['metadata.name "Box Office" may not hold spaces'] }),
  fix: Type.Optional(Type.String({ description: 'What to do about it.' })),
  source: Type.String({ description: 'Id of the source that found it.' }),
  location: Type.String({ description: 'Location ref, `type:target`.', examples: ['file:/srv/catalog/desk.yaml'] }),
  line: Type.Optional(Type.Integer({ minimum: 1, description: 'Line in the file, from 1.' })),
  column: Type.Optional(Type.Integer({ minimum: 1, description: 'Column in the line, from 1.' })),
  path: Type.Optional(Type.String({ description: 'The offending field.', examples: ['metadata.name'] })),
  entityRef: Type.Optional(EntityRef),
  since: Instant('When it was first seen.'),
});
export type ProblemItem = Static<typeof ProblemItem>;

/** `GET /api/v1/problems` */
export const listProblems = defineRoute({
  method: 'GET',
  path: '/api/v1/problems',
  summary: 'List problems',
  description:
    'What is wrong with the declared catalog, errors first, then by location and line. A problem stays until the source ' +
    'declares it right.',
  tag: 'Sources',
  permission: 'catalog.problem.read',
  query: Type.Object({
    location: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Only of this location, `type:target`.' }),
    ),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description: 'Only of this source.' })),
    entity: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Only of this entity, as a full ref.',
        examples: ['component:default/ticket-desk'],
      }),
    ),
    owner: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Only of entities that this group or user owns; a ref without a kind means a group.',
        examples: ['group:default/box-office'],
      }),
    ),
    severity: Type.Optional(Severity),
    code: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 32,
        description: 'Only with these codes (repeatable).',
      }),
    ),
    ...pageQuery(1000, 100),
  }),
  response: Type.Object({ ...pageParts, items: Type.Array(ProblemItem) }),
});
