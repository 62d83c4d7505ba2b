import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Instant, Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { selectionQuery } from './selection.ts';

/** Owners of a question: an entity counts when one of them owns it. */
export const Owners = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: 100,
  description: 'Only what one of these groups or users owns (repeatable); a ref without a kind means a group.',
  examples: [['group:default/box-office']],
});

/** One entity of an overview. */
export const OwnedItem = Type.Object({
  ref: EntityRef,
  kind: Type.String({ examples: ['Component'] }),
  title: Type.String(),
  type: Type.Optional(Type.String({ description: '`spec.type`.' })),
  lifecycle: Type.Optional(Type.String({ description: '`spec.lifecycle`.' })),
  owner: Type.Optional(Type.String({ description: 'Ref of the owner that the descriptor names.' })),
  partOf: Type.Optional(Type.String({ description: 'Ref of its system, or of the domain of a system.' })),
  source: Type.String({ description: 'Id of the source that declares it.' }),
  changedAt: Instant('When its descriptor changed last.'),
  missing: Type.Array(Type.String(), {
    description: 'What a complete descriptor would say, as the completeness facts have it.',
    examples: [['owner', 'tags']],
  }),
  facts: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({
        value: Type.Unknown(),
        unknown: Type.Optional(Type.Literal(true, { description: 'The value is what was known last.' })),
      }),
      { description: 'Those that `fact` names, as far as there are.' },
    ),
  ),
});
export type OwnedItem = Static<typeof OwnedItem>;

/** What some groups own, at a glance. */
export const OwnedAnswer = Type.Object({
  revision: Revision,
  total: Type.Integer({ minimum: 0 }),
  kinds: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer() }), { description: 'The most first.' }),
  items: Type.Array(OwnedItem, {
    description: 'Domains, systems, components, APIs, resources, then the rest; by title.',
  }),
  incomplete: Type.Integer({ minimum: 0, description: 'Entities of which something is missing.' }),
  sources: Type.Array(Type.String(), { description: 'Ids of the sources that declare the items.' }),
});
export type OwnedAnswer = Static<typeof OwnedAnswer>;

/** `GET /api/v1/owned` */
export const listOwned = defineRoute({
  method: 'GET',
  path: '/api/v1/owned',
  summary: 'What some groups own, at a glance',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    owner: Type.Optional(Owners),
    ...selectionQuery,
    fact: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 20,
        description: 'Facts of each item, as `<collector>.<path>` (repeatable).',
        examples: [['kubernetes.imageAgeDays']],
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 200, default: 50, description: 'Items of the answer.' })),
    ...revisionQuery,
  }),
  response: OwnedAnswer,
});
