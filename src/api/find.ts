import { Type, type Static } from 'typebox';
import { findFields, findKinds } from '../model/find-match.ts';
import { EntityRef } from './entity.ts';
import { Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { selectionQuery } from './selection.ts';

const { q: _words, ...selection } = selectionQuery;

/** How an entity was found. */
export const FindMatch = Type.Object(
  {
    kind: Type.Enum(findKinds, {
      description:
        'Best first: the whole name, the beginning of the name, the beginning of a word of name or title, a part of them, ' +
        'a word of another text, a word with one typing error.',
    }),
    field: Type.Enum(findFields, { description: 'Which text it was.' }),
    text: Type.String({ description: 'That text.', examples: ['ticket-desk'] }),
    ranges: Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })]), {
      description: 'Where in it the words stand, in UTF-16 units: from, and up to but not with.',
      examples: [[[0, 3]]],
    }),
  },
  { description: 'How it was found, by the worst of the words; absent where everything is meant.' },
);
export type FindMatch = Static<typeof FindMatch>;

/** An entity that was found. */
export const FindItem = Type.Object({
  ref: EntityRef,
  kind: Type.String({ examples: ['Component'] }),
  namespace: Type.String({ examples: ['default'] }),
  name: Type.String({ examples: ['ticket-desk'] }),
  title: Type.Optional(Type.String({ description: 'Its title, or its display name.' })),
  description: Type.Optional(Type.String({ description: 'The first 200 characters.' })),
  type: Type.Optional(Type.String({ examples: ['service'] })),
  owner: Type.Optional(EntityRef),
  lifecycle: Type.Optional(Type.String({ examples: ['production'] })),
  match: Type.Optional(FindMatch),
});
export type FindItem = Static<typeof FindItem>;

/** `GET /api/v1/find` */
export const findEntities = defineRoute({
  method: 'GET',
  path: '/api/v1/find',
  summary: 'Find entities by what people type',
  description:
    'Entities by name, title and what is said of them, the best match first: by kind of match, then your own and those of ' +
    'your groups, then by lifecycle (production first, deprecated last), then short names first. Every word must be found. ' +
    'Letter case, accents and what separates words do not count. Weaker kinds of match are looked for only while there are ' +
    'fewer than `limit` matches.',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'What to look for, or an entity ref; without it, everything. Eight words count.',
        examples: ['tick'],
      }),
    ),
    kind: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 63 }), {
        maxItems: 32,
        description: 'Only entities of these kinds, in any letter case.',
        examples: [['component', 'api']],
      }),
    ),
    ...selection,
    mine: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 64,
        description: 'Refs whose entities come first among equal matches, instead of you and your groups.',
        examples: [['group:default/box-office']],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 50, default: 20, description: 'Entities at most.', examples: [8] }),
    ),
    ...revisionQuery,
  }),
  response: Type.Object({
    revision: Revision,
    items: Type.Array(FindItem),
    total: Type.Integer({ minimum: 0, description: 'Matches that were looked for.', examples: [12] }),
    more: Type.Boolean({ description: 'True when there may be weaker matches, which were not looked for.' }),
  }),
});
