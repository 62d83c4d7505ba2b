import { Type, type Static } from 'typebox';
import { MOST_STARS, MOST_VIEWS } from '../model/preference.ts';
import { EntityParams, EntityRef } from './entity.ts';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Account';
const shared = 'Saved views';
const personal =
  'Only for people who are signed in: guests share one name, so that their browsers keep what is theirs.';

/** What a person keeps for themselves. */
export const Preferences = Type.Object({
  team: Type.Optional(
    Type.String({
      description: 'What Home is about: a group, or `*` for everything; absent: the groups one is in.',
      examples: ['group:default/box-office'],
    }),
  ),
  stars: Type.Array(EntityRef, { description: 'Starred entities, the latest first.' }),
});
export type Preferences = Static<typeof Preferences>;

const viewText = {
  title: Type.String({ minLength: 1, maxLength: 100, examples: ['Ours in production'] }),
  search: Type.String({
    maxLength: 4096,
    description: 'The query of the page, without the question mark.',
    examples: ['kind=component&owner=group:default/box-office'],
  }),
};
const Page = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  description: 'First part of the path of the page.',
  examples: ['catalog'],
});

/** A view of a page that somebody saved. */
export const SavedView = Type.Object({
  id: Type.String(),
  page: Page,
  ...viewText,
  group: Type.Optional(
    Type.String({ description: 'Ref of the group that it is shared with; absent: it is your own.' }),
  ),
  savedBy: Type.String({ description: 'Ref of who saved it last.' }),
  savedAt: Instant('When it was saved last.'),
});
export type SavedView = Static<typeof SavedView>;

/** A view to save. */
export const NewView = Type.Object({ page: Page, ...viewText }, { additionalProperties: false });
export type NewView = Static<typeof NewView>;

const ViewId = Type.String({ pattern: '^[a-z0-9-]{1,64}$' });
const groupParams = {
  namespace: Type.String({ minLength: 1, maxLength: 63, examples: ['default'] }),
  group: Type.String({ minLength: 1, maxLength: 63, examples: ['box-office'] }),
};

/** `GET /api/v1/account/preferences` */
export const getPreferences = defineRoute({
  method: 'GET',
  path: '/api/v1/account/preferences',
  summary: 'Read your stars and your team',
  description: personal,
  tag,
  permission: 'signed-in',
  response: Preferences,
});

/** `PUT /api/v1/account/team` */
export const putTeam = defineRoute({
  method: 'PUT',
  path: '/api/v1/account/team',
  isOwnTaste: true,
  summary: 'Choose what your Home is about',
  description: personal,
  tag,
  permission: 'signed-in',
  body: Type.Object(
    {
      team: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Ref of a group, or `*` for everything; absent: the groups one is in.',
          examples: ['group:default/box-office'],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  status: 204,
});

/** `PUT /api/v1/account/stars/:kind/:namespace/:name` */
export const putStar = defineRoute({
  method: 'PUT',
  path: '/api/v1/account/stars/:kind/:namespace/:name',
  isOwnTaste: true,
  summary: 'Star an entity',
  description: `The answer is the same whether the entity exists or not. At most ${MOST_STARS}. ${personal}`,
  tag,
  permission: 'signed-in',
  params: EntityParams,
  status: 204,
});

/** `DELETE /api/v1/account/stars/:kind/:namespace/:name` */
export const deleteStar = defineRoute({
  method: 'DELETE',
  path: '/api/v1/account/stars/:kind/:namespace/:name',
  isOwnTaste: true,
  summary: 'Take a star off',
  description: personal,
  tag,
  permission: 'signed-in',
  params: EntityParams,
  status: 204,
});

/** `GET /api/v1/account/views` */
export const listViews = defineRoute({
  method: 'GET',
  path: '/api/v1/account/views',
  summary: 'List saved views: your own, and those of your groups',
  description: `By title. ${personal}`,
  tag,
  permission: 'signed-in',
  query: Type.Object({ page: Type.Optional(Page) }),
  response: Type.Object({
    items: Type.Array(SavedView),
    groups: Type.Array(EntityRef, { description: 'The groups that you are in, with those above them.' }),
  }),
});

/** `POST /api/v1/account/views` */
export const saveView = defineRoute({
  method: 'POST',
  path: '/api/v1/account/views',
  isOwnTaste: true,
  summary: 'Save a view for yourself',
  description: `At most ${MOST_VIEWS}. ${personal}`,
  tag,
  permission: 'signed-in',
  body: NewView,
  status: 201,
  response: SavedView,
});

/** `PUT /api/v1/account/views/:id` */
export const changeView = defineRoute({
  method: 'PUT',
  path: '/api/v1/account/views/:id',
  isOwnTaste: true,
  summary: 'Change one of your views',
  description: personal,
  tag,
  permission: 'signed-in',
  params: Type.Object({ id: ViewId }),
  body: NewView,
  response: SavedView,
});

/** `DELETE /api/v1/account/views/:id` */
export const deleteView = defineRoute({
  method: 'DELETE',
  path: '/api/v1/account/views/:id',
  isOwnTaste: true,
  summary: 'Remove one of your views',
  description: personal,
  tag,
  permission: 'signed-in',
  params: Type.Object({ id: ViewId }),
  status: 204,
});

/** `POST /api/v1/groups/:namespace/:group/views` */
export const shareView = defineRoute({
  method: 'POST',
  path: '/api/v1/groups/:namespace/:group/views',
  summary: 'Save a view for a group that you are in',
  description: `Everybody in the group, or in a group below it, sees it. At most ${MOST_VIEWS} a group.`,
  tag: shared,
  permission: 'preferences.view.share',
  params: Type.Object(groupParams),
  body: NewView,
  status: 201,
  response: SavedView,
});

/** `PUT /api/v1/groups/:namespace/:group/views/:id` */
export const changeSharedView = defineRoute({
  method: 'PUT',
  path: '/api/v1/groups/:namespace/:group/views/:id',
  summary: 'Change a view of a group that you are in',
  tag: shared,
  permission: 'preferences.view.share',
  params: Type.Object({ ...groupParams, id: ViewId }),
  body: NewView,
  response: SavedView,
});

/** `DELETE /api/v1/groups/:namespace/:group/views/:id` */
export const deleteSharedView = defineRoute({
  method: 'DELETE',
  path: '/api/v1/groups/:namespace/:group/views/:id',
  summary: 'Remove a view of a group that you are in',
  tag: shared,
  permission: 'preferences.view.share',
  params: Type.Object({ ...groupParams, id: ViewId }),
  status: 204,
});
