import { Type, type Static } from 'typebox';
import { defineRoute } from '../../api/route.ts';

const tag = 'Backstage permissions';

const id = Type.String({ maxLength: 200 });
const Ref = Type.String({ maxLength: 500 });
const Refs = Type.Union([Ref, Type.Array(Ref, { minItems: 1, maxItems: 1000 })], {
  description: 'Entity refs; the answer to a list may be a list.',
});
const action = Type.Union([
  Type.Literal('create'),
  Type.Literal('read'),
  Type.Literal('update'),
  Type.Literal('delete'),
]);
const attributes = Type.Object({ action: Type.Optional(action) });
const name = Type.String({ maxLength: 200 });

/** One question of a client. */
const Question = Type.Object({
  id,
  permission: Type.Union([
    Type.Object({ type: Type.Literal('basic'), name, attributes }),
    Type.Object({ type: Type.Literal('resource'), name, attributes, resourceType: Type.String() }),
  ]),
  resourceRef: Type.Optional(Refs),
});

/** What a decision depends on, in Backstage's form: a rule, or `allOf`, `anyOf`, `not` of such. */
export type Criteria =
  | { readonly allOf: readonly Criteria[] }
  | { readonly anyOf: readonly Criteria[] }
  | { readonly not: Criteria }
  | {
      readonly rule: string;
      readonly resourceType: string;
      readonly params?: Readonly<Record<string, unknown>> | undefined;
    };
const Conditions = Type.Unsafe<Criteria>({
  type: 'object',
  additionalProperties: true,
  description: 'A rule, or `allOf`, `anyOf`, `not`.',
});

const Result = Type.Union([Type.Literal('ALLOW'), Type.Literal('DENY')]);
export type Result = Static<typeof Result>;

/** The answer to one question. */
export const Answer = Type.Object({
  id,
  result: Type.Union([Result, Type.Literal('CONDITIONAL'), Type.Array(Result)]),
  pluginId: Type.Optional(Type.String()),
  resourceType: Type.Optional(Type.String()),
  conditions: Type.Optional(Conditions),
});
export type Answer = Static<typeof Answer>;

/** `POST /api/permission/authorize` */
export const authorize = defineRoute({
  method: 'POST',
  path: '/api/permission/authorize',
  summary: 'Ask whether permissions are given',
  description: 'Only services may leave out the resource, and are then told what the decision depends on.',
  tag,
  permission: 'signed-in',
  reads: true,
  body: Type.Object({ items: Type.Array(Question, { maxItems: 1000 }) }),
  response: Type.Object({ items: Type.Array(Answer) }),
});

/** `GET /api/permission/health` */
export const getPermissionHealth = defineRoute({
  method: 'GET',
  path: '/api/permission/health',
  summary: 'The permission API answers',
  tag,
  permission: 'public',
  response: Type.Object({ status: Type.String() }),
});

/** `GET /api/catalog/.well-known/backstage/permissions/metadata` */
export const getPermissionMetadata = defineRoute({
  method: 'GET',
  path: '/api/catalog/.well-known/backstage/permissions/metadata',
  summary: 'Permissions of the catalog, and the rules that conditions are made of',
  tag,
  permission: 'signed-in',
  response: Type.Object({
    permissions: Type.Array(
      Type.Object({
        type: Type.String(),
        name: Type.String(),
        attributes,
        resourceType: Type.Optional(Type.String()),
      }),
    ),
    rules: Type.Array(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        resourceType: Type.String(),
        paramsSchema: Type.Unknown(),
      }),
    ),
  }),
});

/** `POST /api/catalog/.well-known/backstage/permissions/apply-conditions` */
export const applyConditions = defineRoute({
  method: 'POST',
  path: '/api/catalog/.well-known/backstage/permissions/apply-conditions',
  summary: 'Test conditions on entities',
  description: 'For services. An entity that the caller may not see is as one that is not there.',
  tag,
  permission: 'catalog.entity.read',
  reads: true,
  body: Type.Object({
    items: Type.Array(Type.Object({ id, resourceRef: Refs, resourceType: Type.String(), conditions: Conditions }), {
      maxItems: 100,
    }),
  }),
  response: Type.Object({
    items: Type.Array(Type.Object({ id, result: Type.Union([Result, Type.Array(Result)]) })),
  }),
});
