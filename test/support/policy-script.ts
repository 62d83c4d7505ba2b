import fc from 'fast-check';
import type { BindingBody, RoleBody, RoleRule } from '../../src/api/roles.ts';
import type { Principal } from '../../src/access/principal.ts';
import type { Entity } from '../../src/model/entity.ts';
import { entity } from './policy.ts';

/** One step of a random history of a catalog and of the policy over it. */
export type PolicyStep =
  | { readonly do: 'put'; readonly entity: Entity }
  | { readonly do: 'remove'; readonly ref: string }
  | { readonly do: 'fact'; readonly ref: string; readonly value: number }
  | { readonly do: 'role'; readonly name: string; readonly body: RoleBody | null }
  | { readonly do: 'binding'; readonly name: string; readonly body: BindingBody | null };

/** Conditions of every kind: answered by indexes, evaluated one by one, of who asks, of facts, and unknown ones. */
export const conditions: readonly string[] = [
  'owns(principal, entity)',
  '!owns(principal, entity)',
  'spec.type == "a"',
  'spec.type != "b"',
  'spec.owner in principal.claims',
  'spec.lead == principal.ref',
  'has(spec.lead)',
  'kind == "Group" || kind == "User"',
  'metadata.name.startsWith("c") && spec.type == "a"',
  '"user:default/u0" in relations.hasMember',
  'relations.ownedBy.exists(owner, owner in principal.claims && owner.startsWith("group:"))',
  'principal.claims.exists(claim, claim == "group:default/g0")',
  'facts.probe.saw == 1',
  'spec.missing == 1',
  'spec.type == "b" ? owns(principal, entity) : kind == "Component"',
];

const users = ['u0', 'u1', 'u2'];
const groups = ['g0', 'g1', 'g2', 'g3'];
const components = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
const ownerRefs = [
  ...users.map((name) => `user:default/${name}`),
  ...groups.map((name) => `group:default/${name}`),
  'group:default/none',
];

/** Everybody that the scripts speak of: members, one of whose groups only the provider knows, a service, a guest. */
export const principals: readonly Principal[] = [
  { kind: 'user', ref: 'user:default/u0' },
  { kind: 'user', ref: 'user:default/u1' },
  { kind: 'user', ref: 'user:default/u2', groups: ['group:default/g3'] },
  { kind: 'service', ref: 'service:default/robot' },
  { kind: 'guest', ref: 'user:default/guest' },
];

const someGroups = fc.uniqueArray(fc.constantFrom(...groups), { maxLength: 2 });
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

const anyUser = fc
  .record({ name: fc.constantFrom(...users), memberOf: someGroups })
  .map(({ name, memberOf }) => entity('User', name, { memberOf }));
// Parents may go round in circles.
const anyGroup = fc
  .record({ name: fc.constantFrom(...groups), parent: optional(fc.constantFrom(...groups)) })
  .map(({ name, parent }) => entity('Group', name, { type: 'team', children: [], ...(parent && { parent }) }));
const anyComponent = fc
  .record({
    name: fc.constantFrom(...components),
    type: fc.constantFrom('a', 'b'),
    owner: fc.constantFrom(...ownerRefs),
    lead: optional(fc.constantFrom(...ownerRefs)),
    dependsOn: fc.uniqueArray(fc.constantFrom(...components), { maxLength: 2 }),
  })
  .map(({ name, type, owner, lead, dependsOn }) =>
    entity('Component', name, {
      type,
      owner,
      dependsOn: dependsOn.map((other) => `component:default/${other}`),
      ...(lead && { lead }),
    }),
  );

/** An entity that may be put; the same names come again and again. */
export const anyEntity: fc.Arbitrary<Entity> = fc.oneof(anyUser, anyGroup, { weight: 2, arbitrary: anyComponent });

const anyRef = fc.constantFrom(...ownerRefs.slice(0, -1), ...components.map((name) => `component:default/${name}`));

const anyRule: fc.Arbitrary<RoleRule> = fc
  .record({
    permissions: fc.uniqueArray(
      fc.constantFrom('catalog.entity.read', 'catalog.entity.*', 'catalog.*.read', 'catalog.source.read', '*'),
      { minLength: 1, maxLength: 2 },
    ),
    where: fc.option(fc.constantFrom(...conditions), { nil: undefined, freq: 6 }),
  })
  .map(({ permissions, where }) => ({ permissions, ...(where && { where }) }));

const anyRoleBody = fc.record({ rules: fc.array(anyRule, { minLength: 1, maxLength: 2 }) });
const anyRole = fc
  .record({ name: fc.constantFrom('r0', 'r1', 'r2'), body: fc.option(anyRoleBody, { freq: 8 }) })
  .map((parts): PolicyStep => ({ do: 'role', ...parts }));

const anyBindingBody = fc.record({
  role: fc.constantFrom('r0', 'r1', 'r2', 'r0', 'r1', 'viewer'),
  subjects: fc.uniqueArray(fc.constantFrom(...ownerRefs, 'everyone', 'everyone', 'guests', 'service:default/robot'), {
    minLength: 1,
    maxLength: 2,
  }),
});
const anyBinding = fc
  .record({ name: fc.constantFrom('b0', 'b1', 'b2', 'b3'), body: fc.option(anyBindingBody, { freq: 6 }) })
  .map((parts): PolicyStep => ({ do: 'binding', ...parts }));

const anyPut = anyEntity.map((item): PolicyStep => ({ do: 'put', entity: item }));
const anyRemoval = anyRef.map((ref): PolicyStep => ({ do: 'remove', ref }));
const anyFact = fc
  .record({ ref: anyRef, value: fc.integer({ min: 0, max: 1 }) })
  .map((parts): PolicyStep => ({ do: 'fact', ...parts }));

/** A catalog with a policy: what is there before the changes that a test looks at. */
export const anyBeginning: fc.Arbitrary<readonly PolicyStep[]> = fc
  .tuple(
    fc.array(anyPut, { minLength: 6, maxLength: 16 }),
    fc.array(anyRole, { minLength: 2, maxLength: 4 }),
    fc.array(anyBinding, { minLength: 2, maxLength: 4 }),
  )
  .map((parts) => parts.flat());

/** Changes of a catalog and of the policy. */
export const anyChanges: fc.Arbitrary<readonly PolicyStep[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: anyPut },
    { weight: 1, arbitrary: anyRemoval },
    { weight: 1, arbitrary: anyFact },
    { weight: 2, arbitrary: anyRole },
    { weight: 2, arbitrary: anyBinding },
  ),
  { minLength: 1, maxLength: 8 },
);
