import { nearestName } from '../../base/nearest-name.ts';
import type { ExpressionProblem } from '../../cel/problem.ts';
import type { BindingBody, RoleBody, RoleRule } from '../../api/roles.ts';
import { isPermissionPattern, matchesPermission } from './permission-pattern.ts';
import { checkCondition, type StoredFacts } from './rule-condition.ts';
import { isPlaced, type PermissionTable } from './rule.ts';
import { canonicalSubject } from './subject.ts';

/** What a policy is checked against. */
export interface PolicyGround {
  /** Every permission that a route of this server takes. */
  readonly permissions: PermissionTable;
  readonly storedFacts: StoredFacts;
}

/** What is wrong in a role or binding, and where. */
export interface BodyProblem {
  /** From the body: `['rules', 0, 'where']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Where in the condition. */
  readonly condition?: ExpressionProblem | undefined;
  /** False where the rest may be in force nevertheless: it names what this server does not know. */
  readonly isFatal: boolean;
}

/** What is wrong with the rules of a role, whose form is that of the schema. */
export function checkRole(body: RoleBody, ground: PolicyGround): readonly BodyProblem[] {
  return body.rules.flatMap((rule, index) =>
    checkRule(rule, ground).map((problem) => ({ ...problem, path: ['rules', index, ...problem.path] })),
  );
}

/** What is wrong with the subjects of a binding, whose form is that of the schema. */
export function checkBinding(body: BindingBody): readonly BodyProblem[] {
  return body.subjects.flatMap((subject, index) => {
    if (canonicalSubject(subject) !== undefined) return [];
    const message =
      `${JSON.stringify(subject.slice(0, 100))} is no subject: write the ref of a user, group or service with its kind, ` +
      'external:<subject>, everyone or guests.';
    return [{ path: ['subjects', index], message, isFatal: true }];
  });
}

function checkRule(rule: RoleRule, ground: PolicyGround): readonly BodyProblem[] {
  const problems: BodyProblem[] = rule.permissions.flatMap((pattern, index) => {
    const found = patternProblem(pattern, rule, ground.permissions);
    return found === undefined ? [] : [{ path: ['permissions', index], ...found }];
  });
  if (rule.where === undefined) return problems;
  const checked = checkCondition(rule.where, ground.storedFacts);
  if (checked.ok) return problems;
  const { message, hint } = checked.problem;
  const text = hint === undefined ? message : `${message} (${hint})`;
  return [...problems, { path: ['where'], message: text, condition: checked.problem, isFatal: true }];
}

function patternProblem(
  pattern: string,
  rule: RoleRule,
  permissions: PermissionTable,
): Pick<BodyProblem, 'message' | 'isFatal'> | undefined {
  if (!isPermissionPattern(pattern)) {
    const message = `${JSON.stringify(pattern)} is no permission: three words such as catalog.entity.read, each of which may be *, or * alone.`;
    return { message, isFatal: true };
  }
  const matched = [...permissions.values()].filter(({ name }) => matchesPermission(pattern, name));
  if (matched.length === 0) {
    const near = nearestName(pattern, [...permissions.keys()]);
    const message = `No permission of this server is ${pattern}${near === undefined ? '' : `; did you mean ${near}?`}`;
    return { message, isFatal: false };
  }
  if (isPlaced(rule) && !matched.some(({ resource }) => resource === 'live')) {
    return {
      message: `${pattern} is not about objects of clusters: clusters and namespaces cannot narrow it.`,
      isFatal: true,
    };
  }
  if (rule.where !== undefined && matched.every(({ resource }) => resource === 'none')) {
    return { message: `${pattern} is not about entities: a condition cannot narrow it.`, isFatal: true };
  }
  return undefined;
}
