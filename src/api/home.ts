import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Revision } from './paging.ts';
import { defineRoute } from './route.ts';

/** A group as Home names it. */
export const HomeGroup = Type.Object({
  ref: EntityRef,
  title: Type.String({ examples: ['Box office'] }),
  description: Type.Optional(Type.String()),
  exists: Type.Boolean({ description: 'False where the catalog holds no such group that you may see.' }),
});
export type HomeGroup = Static<typeof HomeGroup>;

/** Whose things Home shows. */
export const HomeScope = Type.Object({
  revision: Revision,
  choice: Type.Union([Type.Literal('mine'), Type.Literal('team'), Type.Literal('everything'), Type.Literal('none')], {
    description:
      '`mine`: the groups that you are in. `team`: a group that was chosen. `everything`: whoever owns it. `none`: you ' +
      'are in no group and have chosen none.',
  }),
  teams: Type.Array(HomeGroup, { description: 'The groups that were chosen; empty for everything and for none.' }),
  owners: Type.Array(EntityRef, { description: 'The same groups with all groups below them, at most 100.' }),
  isCut: Type.Boolean({ description: 'True where there are more groups below.' }),
  groups: Type.Array(HomeGroup, { description: 'The groups that you are in, then those above them.' }),
  saved: Type.Optional(Type.String({ description: 'Your saved choice: a ref, or `*` for everything.' })),
});
export type HomeScope = Static<typeof HomeScope>;

/** `GET /api/v1/home` */
export const getHome = defineRoute({
  method: 'GET',
  path: '/api/v1/home',
  summary: 'Whose things Home shows',
  description: 'The team of the question, else your saved one, else the groups that you are in.',
  tag: 'Interface',
  permission: 'catalog.entity.read',
  query: Type.Object({
    team: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Ref of a group, or `*` for everything.',
        examples: ['group:default/box-office'],
      }),
    ),
  }),
  response: HomeScope,
});
