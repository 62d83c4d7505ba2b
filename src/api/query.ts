import { Type, type Static } from 'typebox';
import { Entity } from './entity.ts';
import { pageParts, pageQuery, Unknown } from './paging.ts';
import { defineRoute } from './route.ts';
import { Fields, Order, Search, Where } from './selection.ts';

const tag = 'Entities';
const permission = 'catalog.entity.read';

const question = {
  where: Type.Optional(Where),
  search: Type.Optional(Search),
  order: Type.Optional(Order),
  fields: Type.Optional(Fields),
  explain: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Answers how the question is answered (`plan`) instead of the entities.',
    }),
  ),
  ...pageQuery(1000, 50),
};

/** One step of a plan; counts are of entities that the asker may see. */
export interface PlanItem {
  readonly step: string;
  readonly access: 'index' | 'mixed' | 'scan';
  readonly true: number;
  readonly unknown: number;
  readonly evaluated: number;
  readonly children: readonly PlanItem[];
}

/** How a question is answered, as a tree of steps. */
export const Plan = Type.Unsafe<PlanItem>({
  type: 'object',
  description: 'Tree of steps; counts are of entities that you may see.',
  properties: {
    step: { type: 'string', description: 'What it does.', examples: ['lookup spec.type == "service"'] },
    access: { type: 'string', enum: ['index', 'mixed', 'scan'], description: 'Whether indexes alone decide it.' },
    true: { type: 'integer', description: 'Entities for which it is true.' },
    unknown: { type: 'integer', description: 'Entities for which it is unknown.' },
    evaluated: { type: 'integer', description: 'Entities evaluated one by one.' },
    children: { type: 'array', items: { type: 'object', additionalProperties: true } },
  },
  additionalProperties: true,
});

/** A page of the answer; with `explain`: the plan, and no items. */
export const QueryAnswer = Type.Object({
  ...pageParts,
  unknown: Unknown,
  items: Type.Array(Entity),
  plan: Type.Optional(Plan),
});
export type QueryAnswer = Static<typeof QueryAnswer>;

const description =
  'The entities for which a CEL expression, a search, or both are true. `unknown` counts those that it could not decide; with `explain` ' +
  'the plan says which parts came from indexes.';

/** `GET /api/v1/query` */
export const queryByGet = defineRoute({
  method: 'GET',
  path: '/api/v1/query',
  summary: 'Query with CEL',
  description,
  tag,
  permission,
  query: Type.Object(question),
  response: QueryAnswer,
});

/** `POST /api/v1/query` */
export const queryByPost = defineRoute({
  method: 'POST',
  path: '/api/v1/query',
  reads: true,
  summary: 'Query with CEL, for long expressions',
  description: `${description} The same as GET, with the question in the body.`,
  tag,
  permission,
  body: Type.Object(question, { additionalProperties: false }),
  response: QueryAnswer,
});
