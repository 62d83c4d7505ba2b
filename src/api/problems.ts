import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Instant, pageParts, pageQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { selectionQuery } from './selection.ts';

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
  owners: Type.Optional(
    Type.Array(EntityRef, {
      description:
        'Who owns the entity; where that is not in the catalog, who owns what else stands at the same location. ' +
        'Absent: nobody is known.',
    }),
  ),
  viewUrl: Type.Optional(
    Type.String({
      description: 'Page of the forge that shows the line, where the location lies at a known one.',
      examples: ['https://github.com/example/stage/blob/main/catalog-info.yaml#L12'],
    }),
  ),
  since: Instant('When it was first seen.'),
});
export type ProblemItem = Static<typeof ProblemItem>;

/** What problems can be put together by. */
export const ProblemGrouping = Type.Union([Type.Literal('location'), Type.Literal('owner'), Type.Literal('code')], {
  description:
    'Puts the items together by this, and counts each group in `groups`. A problem of many owners counts for each and ' +
    'stands with the first.',
});

/** How many problems one location, owner or code has. */
export const ProblemGroup = Type.Object({
  value: Type.Optional(Type.String({ description: 'Location, owner or code; absent: nobody is known to own it.' })),
  errors: Type.Integer({ minimum: 0 }),
  warnings: Type.Integer({ minimum: 0 }),
});
export type ProblemGroup = Static<typeof ProblemGroup>;

/** `GET /api/v1/problems` */
export const listProblems = defineRoute({
  method: 'GET',
  path: '/api/v1/problems',
  summary: 'List problems',
  description:
    'What is wrong with the declared catalog, errors first, then by location and line. A problem stays until the source ' +
    'declares it right. With `where` or `filter`: only those of entities for which both hold.',
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
        maxLength: 8192,
        description:
          'Only those that this group or user owns, or one of several, joined by commas; a ref without a kind means a group.',
        examples: ['group:default/box-office'],
      }),
    ),
    unowned: Type.Optional(Type.Boolean({ description: 'Only those that nobody is known to own.', examples: [true] })),
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Only with this text in the message, location, field or entity; letter case does not count.',
        examples: ['owner'],
      }),
    ),
    group: Type.Optional(ProblemGrouping),
    where: selectionQuery.where,
    filter: selectionQuery.filter,
    severity: Type.Optional(Severity),
    code: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 32,
        description: 'Only with these codes (repeatable).',
      }),
    ),
    ...pageQuery(1000, 100),
  }),
  response: Type.Object({
    ...pageParts,
    items: Type.Array(ProblemItem),
    groups: Type.Optional(
      Type.Array(ProblemGroup, {
        description: 'Where `group` is asked: those with the most errors first, at most 500.',
      }),
    ),
  }),
});
