import type { AccessState } from '../access/access-state.ts';
import type { ServerPolicy } from '../access/policy/create-policy.ts';
import type { Role } from '../access/policy/rule.ts';
import {
  deleteBinding,
  deleteRole,
  getPolicy,
  putBinding,
  putRole,
  type BindingBody,
  type RoleBody,
  type RoleItem,
} from '../api/roles.ts';
import type { GraphReader } from '../graph/view.ts';
import type { Route, RouteRequest } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import type { JsonObject } from '../model/json.ts';
import type { AccessWrite } from '../store/access-records.ts';
import { administrationError } from './errors.ts';
import { assertBinding, assertRole, assertStored, type PolicyCheck } from './policy-change.ts';

/** Roles and bindings that may be stored, each. */
const MOST_STORED = 2_000;
/** A longer body is not copied into the audit log. */
const LONGEST_AUDITED = 8_000;

/** What the routes of roles and bindings work on. */
export interface PolicyRouteOptions {
  readonly state: Pick<AccessState, 'all' | 'get' | 'commit'>;
  readonly policy: ServerPolicy;
}

/** The routes by which roles and bindings are seen and changed. */
export function policyRoutes({ state, policy }: PolicyRouteOptions): readonly Route[] {
  const write = async (change: AccessWrite, request: RouteRequest, data: JsonObject): Promise<{ version: string }> => {
    const target = `${change.type}:${change.key}`;
    const entry = request.auditEntry({ target, data: { [change.op === 'put' ? 'after' : 'before']: shortened(data) } });
    // What was looked at here may have been changed by another server since.
    const expect = state.get(change.type, change.key)?.sequence ?? 0;
    const { status } = await state.commit([{ ...change, expect }], [entry]);
    if (status === 'conflict') throw administrationError('POLICY_CHANGED', { target });
    return { version: policy.roles.set.version };
  };
  const store = (type: 'role' | 'binding', name: string, value: RoleBody | BindingBody, request: RouteRequest) => {
    if (state.get(type, name) === undefined && [...state.all(type)].length >= MOST_STORED)
      throw administrationError('POLICY_FULL', { limit: MOST_STORED });
    return write({ op: 'put', type, key: name, value }, request, value);
  };
  const show = implementRoute(getPolicy, () => shownPolicy(policy));
  const saveRole = implementRoute(putRole, (request, { graph }) => {
    const { params, body } = request;
    const { roles } = policy;
    assertStored('role', params.name, roles.set.roles.get(params.name));
    assertRole(params.name, body, checkFor(request, policy, graph));
    return store('role', params.name, body, request);
  });
  const removeRole = implementRoute(deleteRole, (request) => {
    const { name } = request.params;
    const { set } = policy.roles;
    const role = set.roles.get(name);
    if (role === undefined) throw administrationError('ROLE_NOT_FOUND', { name });
    assertStored('role', name, role);
    const bindings = [...set.bindings.values()]
      .filter((binding) => binding.role === name)
      .map((binding) => binding.name);
    if (bindings.length > 0) throw administrationError('ROLE_IN_USE', { name, bindings });
    return write({ op: 'delete', type: 'role', key: name }, request, { rules: role.rules });
  });
  const saveBinding = implementRoute(putBinding, (request) => {
    const { params, body } = request;
    const { set } = policy.roles;
    assertStored('binding', params.name, set.bindings.get(params.name));
    assertBinding(params.name, body, set.roles);
    return store('binding', params.name, body, request);
  });
  const removeBinding = implementRoute(deleteBinding, (request) => {
    const { name } = request.params;
    const binding = policy.roles.set.bindings.get(name);
    if (binding === undefined) throw administrationError('BINDING_NOT_FOUND', { name });
    assertStored('binding', name, binding);
    const { role, subjects } = binding;
    return write({ op: 'delete', type: 'binding', key: name }, request, { role, subjects });
  });
  return [show, saveRole, removeRole, saveBinding, removeBinding];
}

/** Who asks, as far as the cost of a condition depends on it. */
export function checkFor({ principal }: RouteRequest, { roles }: ServerPolicy, graph: GraphReader): PolicyCheck {
  return { engine: roles, graph, context: graph.principalContext(principal.ref, principal.groups) };
}

function shownPolicy({ engine, roles: { set, ground } }: ServerPolicy) {
  const subjects = new Map<string, number>();
  for (const { role, subjects: bound } of set.bindings.values()) {
    subjects.set(role, (subjects.get(role) ?? 0) + bound.length);
  }
  return {
    version: set.version,
    engine,
    roles: [...set.roles.values()].map((role) => roleItem(role, subjects.get(role.name) ?? 0)),
    bindings: [...set.bindings.values()].map(({ subjects: bound, ...binding }) => ({
      ...binding,
      subjects: [...bound],
    })),
    permissions: [...ground.permissions.values()],
    problems: [...set.problems],
  };
}

function roleItem({ name, description, rules, origin }: Role, subjects: number): RoleItem {
  return { name, ...(description !== undefined && { description }), rules: [...rules], origin, subjects };
}

function shortened(body: JsonObject): JsonObject {
  const { length } = JSON.stringify(body);
  return length <= LONGEST_AUDITED ? body : { characters: length };
}
