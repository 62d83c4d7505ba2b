import { Type, type Static } from 'typebox';
import { Abilities } from './session.ts';
import { defineRoute } from './route.ts';

const tag = 'Access';

const Name = Type.String({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description: 'Lower-case letters, digits and dashes.',
  examples: ['team-editor'],
});

/** What one rule of a role permits, and where. All that is given must hold. */
export const RoleRule = Type.Object(
  {
    permissions: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 200,
      description: 'Permissions, or patterns with `*` for one word: `catalog.*.read`, `*` for all.',
      examples: [['catalog.entity.read', 'catalog.entity.refresh']],
    }),
    where: Type.Optional(
      Type.String({
        maxLength: 4096,
        description: 'CEL condition over `entity` and `principal`: only for entities for which it is true.',
        examples: ['owns(principal, entity) || spec.lifecycle == "production"'],
      }),
    ),
    clusters: Type.Optional(
      Type.Array(Type.String({ maxLength: 253 }), {
        maxItems: 200,
        description: 'Live objects: only in these clusters; `*` stands for any characters.',
        examples: [['stage-*']],
      }),
    ),
    namespaces: Type.Optional(
      Type.Array(Type.String({ maxLength: 253 }), {
        maxItems: 200,
        description: 'Live objects: only in these namespaces; `*` stands for any characters.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RoleRule = Static<typeof RoleRule>;

/** What a role is. */
export const RoleBody = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    rules: Type.Array(RoleRule, { maxItems: 100 }),
  },
  { additionalProperties: false },
);
export type RoleBody = Static<typeof RoleBody>;

/** Who has a role. */
export const BindingBody = Type.Object(
  {
    role: Name,
    subjects: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      maxItems: 1000,
      description:
        'Entity refs of users and groups (all who are in the group or in one below it), `service:default/<name>`, ' +
        '`external:<subject>`, `everyone` (whoever is signed in), `guests`.',
      examples: [['group:default/platform', 'everyone']],
    }),
  },
  { additionalProperties: false },
);
export type BindingBody = Static<typeof BindingBody>;

const Origin = Type.Object({
  kind: Type.Union([Type.Literal('built-in'), Type.Literal('file'), Type.Literal('stored')], {
    description: 'Only what is `stored` can be changed here; `file`: change the file.',
  }),
  place: Type.Optional(Type.String({ description: 'File and line.', examples: ['access.yaml:12'] })),
});

/** A role with where it comes from. */
export const RoleItem = Type.Object({
  name: Name,
  ...RoleBody.properties,
  origin: Origin,
  subjects: Type.Integer({ description: 'Number of subjects bound to it.' }),
});
export type RoleItem = Static<typeof RoleItem>;

/** A binding with where it comes from. */
export const BindingItem = Type.Object({ name: Name, ...BindingBody.properties, origin: Origin });
export type BindingItem = Static<typeof BindingItem>;

/** A permission that something takes. */
export const PermissionItem = Type.Object({
  name: Type.String({ examples: ['catalog.entity.read'] }),
  description: Type.String(),
  resource: Type.Union([Type.Literal('none'), Type.Literal('entity'), Type.Literal('live')], {
    description: 'What a condition can narrow it by: entities, live objects of clusters, or nothing.',
  }),
  manifest: Type.String({ description: 'Id of the manifest that brings it.' }),
});
export type PermissionItem = Static<typeof PermissionItem>;

/** `GET /api/v1/access/policy` */
export const getPolicy = defineRoute({
  method: 'GET',
  path: '/api/v1/access/policy',
  summary: 'Roles, bindings and permissions',
  tag,
  permission: 'access.policy.read',
  response: Type.Object({
    version: Type.String({ description: 'Changes with every change of a role or binding.' }),
    engine: Type.Union([Type.Literal('roles'), Type.Literal('opa')], {
      description: '`opa`: an Open Policy Agent decides, and roles say nothing.',
    }),
    roles: Type.Array(RoleItem),
    bindings: Type.Array(BindingItem),
    permissions: Type.Array(PermissionItem),
    problems: Type.Array(Type.Object({ place: Type.String(), message: Type.String() }), {
      description: 'What is wrong in the policy file; the last good one is in force meanwhile.',
    }),
  }),
});

const byName = Type.Object({ name: Name });
const version = Type.Object({ version: Type.String() });

/** `PUT /api/v1/access/roles/:name` */
export const putRole = defineRoute({
  method: 'PUT',
  path: '/api/v1/access/roles/:name',
  summary: 'Make or change a role',
  description: 'Refused where a condition cannot be compiled (`CONDITION_INVALID`, with its place).',
  tag,
  permission: 'access.policy.update',
  params: byName,
  body: RoleBody,
  response: version,
});

/** `DELETE /api/v1/access/roles/:name` */
export const deleteRole = defineRoute({
  method: 'DELETE',
  path: '/api/v1/access/roles/:name',
  summary: 'Remove a role',
  description: 'Refused while bindings name it.',
  tag,
  permission: 'access.policy.update',
  params: byName,
  response: version,
});

/** `PUT /api/v1/access/bindings/:name` */
export const putBinding = defineRoute({
  method: 'PUT',
  path: '/api/v1/access/bindings/:name',
  summary: 'Make or change a binding',
  tag,
  permission: 'access.policy.update',
  params: byName,
  body: BindingBody,
  response: version,
});

/** `DELETE /api/v1/access/bindings/:name` */
export const deleteBinding = defineRoute({
  method: 'DELETE',
  path: '/api/v1/access/bindings/:name',
  summary: 'Remove a binding',
  tag,
  permission: 'access.policy.update',
  params: byName,
  response: version,
});

/** One change that is not made yet; `body` null removes it. */
export const PolicyChange = Type.Union([
  Type.Object({ type: Type.Literal('role'), name: Name, body: Type.Union([RoleBody, Type.Null()]) }),
  Type.Object({ type: Type.Literal('binding'), name: Name, body: Type.Union([BindingBody, Type.Null()]) }),
]);
export type PolicyChange = Static<typeof PolicyChange>;

/** What changes for one principal. */
export const PrincipalEffect = Type.Object({
  principal: Type.String({ description: 'Ref of a user or service.' }),
  gains: Type.Array(Type.String(), { description: 'Permissions, or parts of them, that it had not.' }),
  loses: Type.Array(Type.String()),
  entitiesBefore: Type.Integer({ description: 'Entities that it may read now.' }),
  entitiesAfter: Type.Integer(),
  entitiesGained: Type.Integer({ description: 'Entities that it may read then and not now.' }),
  entitiesLost: Type.Integer(),
  exampleGained: Type.Optional(Type.String({ description: 'Ref of one of them.' })),
  exampleLost: Type.Optional(Type.String()),
});
export type PrincipalEffect = Static<typeof PrincipalEffect>;

/** `POST /api/v1/access/preview` */
export const previewPolicy = defineRoute({
  method: 'POST',
  path: '/api/v1/access/preview',
  summary: 'What changes of roles and bindings would do',
  description: 'Who gains and who loses what, over all users of the catalog, services and guests. Changes nothing.',
  tag,
  permission: 'access.policy.read',
  reads: true,
  body: Type.Object({ changes: Type.Array(PolicyChange, { minItems: 1, maxItems: 1000 }) }),
  response: Type.Object({
    principals: Type.Integer({ description: 'Number of principals that were looked at.' }),
    affected: Type.Integer({ description: 'Number of principals for whom something changes.' }),
    effects: Type.Array(PrincipalEffect, { description: 'At most 200 of them, the largest losses first.' }),
    locksOut: Type.Boolean({ description: 'True when the asking principal could not undo it.' }),
  }),
});

/** One step of why a permission is given or not. */
export const DecisionReason = Type.Object({
  role: Type.String(),
  binding: Type.String(),
  subject: Type.String({ description: 'Subject of the binding through which the principal has the role.' }),
  where: Type.Optional(Type.String({ description: 'Condition of the rule.' })),
  holds: Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown'), Type.Literal('depends')], {
    description: '`depends`: on the entity, and none was asked about.',
  }),
});
export type DecisionReason = Static<typeof DecisionReason>;

/** `POST /api/v1/access/check` */
export const checkAccess = defineRoute({
  method: 'POST',
  path: '/api/v1/access/check',
  summary: 'Why a permission is given or denied',
  description:
    'Asks for yourself, or for another principal with `access.policy.read`. Never tells of an entity that you may not see.',
  tag,
  permission: 'signed-in',
  reads: true,
  body: Type.Object(
    {
      principal: Type.Optional(Type.String({ maxLength: 300, description: 'Default: who asks.' })),
      permission: Type.String({ maxLength: 100 }),
      entity: Type.Optional(Type.String({ maxLength: 300, description: 'Entity ref.' })),
      cluster: Type.Optional(Type.String({ maxLength: 253 })),
      namespace: Type.Optional(Type.String({ maxLength: 253 })),
    },
    { additionalProperties: false },
  ),
  response: Type.Object({
    principal: Type.String(),
    permission: Type.String(),
    result: Type.Union([Type.Literal('allow'), Type.Literal('deny'), Type.Literal('conditional')]),
    reason: Type.String({ description: 'One sentence.' }),
    contact: Type.String({ description: 'Whom to ask.' }),
    reasons: Type.Array(DecisionReason, { description: 'Every rule that speaks of this permission.' }),
    claims: Type.Array(Type.String(), { description: 'The principal and the groups that it is in, nested ones too.' }),
    abilities: Abilities,
  }),
});
