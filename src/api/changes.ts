import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Owners } from './owned.ts';
import { Instant, Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { selectionQuery } from './selection.ts';

/** What became of one entity. */
export const ChangedItem = Type.Object({
  ref: EntityRef,
  kind: Type.String({ examples: ['Component'] }),
  title: Type.String(),
  exists: Type.Boolean({ description: 'False where it is gone since.' }),
  isDependency: Type.Boolean({
    description: 'True where it was not chosen itself: something that was depends on it (`dependencies`).',
  }),
  change: Type.Union([Type.Literal('created'), Type.Literal('changed'), Type.Literal('removed')]),
  fields: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Dotted paths that a change touched, at most 20; empty where only its place did. Absent where the version before is ' +
        'no longer known.',
      examples: [['spec.owner']],
    }),
  ),
  location: Type.String({ description: 'Location that declared it.' }),
  source: Type.String({ description: 'Id of the source.' }),
  commit: Type.Optional(Type.String({ description: 'Version of the source, e.g. a git commit.' })),
});
export type ChangedItem = Static<typeof ChangedItem>;

/** What one write of the catalog changed: one reading of a source, mostly. */
export const ChangeGroup = Type.Object({
  revision: Revision,
  at: Instant('When it was committed.'),
  total: Type.Integer({ minimum: 1, description: 'Chosen entities that it changed.' }),
  isCut: Type.Boolean({ description: 'True where it changed more than were counted.' }),
  items: Type.Array(ChangedItem, { description: 'The first of them, by ref.' }),
});
export type ChangeGroup = Static<typeof ChangeGroup>;

/** `GET /api/v1/changes` */
export const listChanges = defineRoute({
  method: 'GET',
  path: '/api/v1/changes',
  summary: 'What changed lately',
  description:
    'Changes of descriptors over the catalog, newest first, as far back as the retention of history reaches. What one write ' +
    'changed stands together. `where`, `filter`, `q` and `search` choose by entities as they are now. Entities that are ' +
    'gone are told to who sees all entities, where only `owner` chooses.',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    owner: Type.Optional(Owners),
    dependencies: Type.Optional(
      Type.Boolean({ description: 'Also what the chosen entities depend on directly.', examples: [true] }),
    ),
    ...selectionQuery,
    since: Type.Optional(Instant('Only what changed at this moment or later.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20, description: 'Writes on a page.' })),
    each: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 3, description: 'Entities of each write.' })),
    cursor: Type.Optional(Type.String({ pattern: '^before-[0-9]{1,15}$', description: '`next` of the page before.' })),
    ...revisionQuery,
  }),
  response: Type.Object({
    revision: Revision,
    items: Type.Array(ChangeGroup),
    next: Type.Optional(
      Type.String({
        description:
          'Cursor of what is older; absent where nothing is. A page may be short, even empty, and go on all the same: only so ' +
          'many changes are looked at for one answer.',
      }),
    ),
  }),
});
