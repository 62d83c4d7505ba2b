import type { PolicyEngine } from '../access/policy/policy-engine.ts';
import type { PolicyLayer, PolicySet } from '../access/policy/policy-set.ts';
import { checkBinding, checkRole, type BodyProblem } from '../access/policy/role-check.ts';
import type { Binding, Origin, Role } from '../access/policy/rule.ts';
import { canonicalSubject } from '../access/policy/subject.ts';
import type { BindingBody, PolicyChange, RoleBody } from '../api/roles.ts';
import type { GraphReader } from '../graph/view.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import { compileRuleCondition } from '../access/policy/rule-condition.ts';
import { administrationError } from './errors.ts';

/** Entities that a condition may be asked of one by one; some tens of ms. Others are found by indexes. */
const MOST_EVALUATED = 20_000;

/** What a change is checked by. */
export interface PolicyCheck {
  readonly engine: PolicyEngine;
  readonly graph: GraphReader;
  /** Who changes it: its own claims stand for those of others where the cost is looked at. */
  readonly context: PrincipalContext;
}

/**
 * Refuses a role that could not be in force.
 * @throws ROLE_INVALID, CONDITION_INVALID with the place in the condition
 */
export function assertRole(name: string, body: RoleBody, { engine, graph, context }: PolicyCheck): void {
  const [problem] = checkRole(body, engine.ground);
  if (problem) throw refusal('ROLE_INVALID', name, problem);
  for (const [index, { where }] of body.rules.entries()) {
    const evaluated = where === undefined ? 0 : evaluatedOneByOne(where, graph, context);
    if (evaluated <= MOST_EVALUATED) continue;
    const message =
      `it would look at ${evaluated} entities one by one for each principal; put a condition on an indexed field, such as ` +
      'kind or spec.type, before the rest';
    const path = ['rules', index, 'where'];
    throw refusal('ROLE_INVALID', name, { path, message, condition: wholeOf(where ?? '', message), isFatal: true });
  }
}

/** Refuses a binding that could not be in force. @throws BINDING_INVALID */
export function assertBinding(name: string, body: BindingBody, roles: ReadonlyMap<string, Role>): void {
  const [problem] = checkBinding(body);
  if (problem) throw refusal('BINDING_INVALID', name, problem);
  if (roles.has(body.role)) return;
  const message = `there is no role ${body.role}`;
  throw refusal('BINDING_INVALID', name, { path: ['role'], message, isFatal: true });
}

/** Refuses to change what is not stored here. @throws POLICY_FIXED */
export function assertStored(what: 'role' | 'binding', name: string, found: Role | Binding | undefined): void {
  if (found === undefined || found.origin.kind === 'stored') return;
  const where = found.origin.kind === 'file' ? `in ${found.origin.place}` : 'built in';
  throw administrationError('POLICY_FIXED', { what, name, where });
}

/**
 * The roles and bindings that would be in force after changes, wherever those would be made.
 * @throws POLICY_FIXED for what is built in, and as `assertRole` and `assertBinding`
 */
export function changedPolicy(changes: readonly PolicyChange[], check: PolicyCheck): PolicySet {
  const { set } = check.engine;
  const roles = new Map([...set.roles].filter(([, role]) => role.origin.kind !== 'built-in'));
  const bindings = new Map([...set.bindings].filter(([, binding]) => binding.origin.kind !== 'built-in'));
  const origin: Origin = { kind: 'stored' };
  for (const { type, name, body } of changes) {
    const known = type === 'role' ? set.roles.get(name) : set.bindings.get(name);
    if (known?.origin.kind === 'built-in') assertStored(type, name, known);
    if (body === null) (type === 'role' ? roles : bindings).delete(name);
    else if (type === 'role') roles.set(name, { name, ...body, origin });
    else bindings.set(name, bindingOf(name, body, origin));
  }
  const stored: PolicyLayer = { roles: [...roles.values()], bindings: [...bindings.values()] };
  const after = check.engine.setWith({ file: { roles: [], bindings: [] }, stored });
  for (const { type, name, body } of changes) {
    if (body === null) continue;
    if (type === 'role') assertRole(name, body, check);
    else assertBinding(name, body, after.roles);
  }
  return after;
}

function bindingOf(name: string, { role, subjects }: BindingBody, origin: Origin): Binding {
  return { name, role, subjects: subjects.flatMap((subject) => canonicalSubject(subject) ?? []), origin };
}

function evaluatedOneByOne(where: string, graph: GraphReader, context: PrincipalContext): number {
  const compiled = compileRuleCondition(where, context);
  if (!compiled.ok) return 0;
  const plan = graph.view({ kind: 'all', key: 'all', principal: context }).explain(compiled.expression.predicate);
  const total = (node: typeof plan): number => node.children.reduce((sum, child) => sum + total(child), node.evaluated);
  return total(plan);
}

function wholeOf(where: string, message: string): NonNullable<BodyProblem['condition']> {
  return { message, line: 1, column: 1, length: where.split('\n', 1)[0]?.length ?? 1 };
}

function refusal(code: 'ROLE_INVALID' | 'BINDING_INVALID', name: string, problem: BodyProblem): Error {
  const path = problem.path.join('.');
  const { message, condition } = problem;
  if (condition === undefined) return administrationError(code, { name, path, problem: message });
  const { line, column, length } = condition;
  return administrationError('CONDITION_INVALID', { name, path, problem: message, line, column, length });
}
