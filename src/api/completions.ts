import { Type, type Static } from 'typebox';
import { Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';

/** Something that may be written next in an expression or a search. */
export const CompletionItem = Type.Object({
  text: Type.String({
    description: 'What is written: a whole path, or the name of a function.',
    examples: ['spec.type'],
  }),
  type: Type.Union(
    [
      Type.Literal('list'),
      Type.Literal('number'),
      Type.Literal('boolean'),
      Type.Literal('text'),
      Type.Literal('map'),
      Type.Literal('function'),
      Type.Literal('method'),
    ],
    { description: 'What stands at the path; `function` and `method` are of the expression language.' },
  ),
  count: Type.Optional(Type.Integer({ minimum: 0, description: 'About how many entities have it.' })),
  examples: Type.Array(Type.String(), { description: 'The most frequent values, cut short; of the first six paths.' }),
  signature: Type.Optional(Type.String({ description: 'Of a function: what it takes and gives.' })),
  doc: Type.Optional(Type.String({ description: 'Of a function: what it does.' })),
});
export type CompletionItem = Static<typeof CompletionItem>;

/** `GET /api/v1/query/completions` */
export const getCompletions = defineRoute({
  method: 'GET',
  path: '/api/v1/query/completions',
  summary: 'Complete an expression',
  description:
    'Paths that go on from a prefix, with the values that are most frequent there, and functions whose name begins so. Only ' +
    'paths of entities that you may see.',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    prefix: Type.Optional(
      Type.String({ maxLength: 300, description: 'The path as far as it is written.', examples: ['spec.ty'] }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Items at most.' })),
    ...revisionQuery,
  }),
  response: Type.Object({ revision: Revision, items: Type.Array(CompletionItem) }),
});
