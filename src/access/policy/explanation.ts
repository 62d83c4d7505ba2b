import type { DecisionReason, PermissionItem, RoleRule } from '../../api/roles.ts';
import type { GraphReader, View } from '../../graph/view.ts';
import type { PrincipalContext, Tri } from '../../model/predicate.ts';
import type { Decision } from '../policy.ts';
import type { Principal } from '../principal.ts';
import { visibilityOf } from '../visibility.ts';
import { matchesGlob } from './glob.ts';
import type { PolicyEngine } from './policy-engine.ts';
import { compileRuleCondition } from './rule-condition.ts';
import { isPlaced, ruleCovers } from './rule.ts';

/** What is asked about a permission. */
export interface DecisionQuestion {
  readonly principal: Principal;
  readonly permission: `${string}.${string}.${string}`;
  /** Canonical ref of an entity that whoever asks may see. */
  readonly entity?: string | undefined;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
}

/** What came of it. */
export interface DecisionResult {
  readonly result: 'allow' | 'deny' | 'conditional';
  /** One sentence, without its full stop. */
  readonly reason: string;
}

/** Settles a decision on the entity or place that is asked about. */
export function settleDecision(
  decision: Decision,
  { entity }: DecisionQuestion,
  { graph, context }: { readonly graph: GraphReader; readonly context: PrincipalContext },
): DecisionResult {
  if (decision.result === 'allow') return { result: 'allow', reason: 'it is given without a condition' };
  if (decision.result === 'deny') return decision;
  if (entity === undefined) return { result: 'conditional', reason: 'it depends on what it is asked for' };
  return graph.view(visibilityOf(decision, context)).find(entity) === undefined
    ? { result: 'deny', reason: `no condition of its roles holds for ${entity}` }
    : { result: 'allow', reason: `a condition of its roles holds for ${entity}` };
}

/**
 * Every rule of a principal that speaks of a permission, and whether it holds for what is asked about.
 * @param everything a view that sees all; the caller has made sure that whoever asks may see the entity
 */
export function explainDecision(
  engine: PolicyEngine,
  question: DecisionQuestion,
  { everything, context }: { readonly everything: View; readonly context: PrincipalContext },
): readonly DecisionReason[] {
  const item = engine.ground.permissions.get(question.permission);
  if (item === undefined) return [];
  const reasons = new Map<string, DecisionReason>();
  for (const { rule, role, binding, subject } of engine.grantsOf(question.principal)) {
    if (!ruleCovers(rule, question.permission)) continue;
    const holds = holdsFor(rule, item, question, { everything, context });
    const reason = {
      role: role.name,
      binding: binding.name,
      subject,
      ...(rule.where !== undefined && { where: rule.where }),
      holds,
    };
    reasons.set(JSON.stringify(reason), reason);
  }
  return [...reasons.values()];
}

type Holds = DecisionReason['holds'];

function holdsFor(
  rule: RoleRule,
  { resource }: PermissionItem,
  question: DecisionQuestion,
  parts: { readonly everything: View; readonly context: PrincipalContext },
): Holds {
  if (isPlaced(rule) && resource !== 'live') return 'no';
  if (rule.where !== undefined && resource === 'none') return 'no';
  const place = isPlaced(rule) ? placeHolds(rule, question) : 'yes';
  const condition = rule.where === undefined ? 'yes' : conditionHolds(rule.where, question.entity, parts);
  if (place === 'no' || condition === 'no') return 'no';
  if (place === 'depends' || condition === 'depends') return 'depends';
  return condition;
}

function placeHolds({ clusters, namespaces }: RoleRule, { cluster, namespace }: DecisionQuestion): Holds {
  if (cluster === undefined) return 'depends';
  const isIn = (patterns: readonly string[] | undefined, name: string | undefined): boolean =>
    patterns === undefined || (name !== undefined && patterns.some((pattern) => matchesGlob(pattern, name)));
  return isIn(clusters, cluster) && isIn(namespaces, namespace) ? 'yes' : 'no';
}

const words: ReadonlyMap<Tri, Holds> = new Map<Tri, Holds>([
  [true, 'yes'],
  [false, 'no'],
  ['unknown', 'unknown'],
]);

function conditionHolds(
  where: string,
  entity: string | undefined,
  { everything, context }: { readonly everything: View; readonly context: PrincipalContext },
): Holds {
  if (entity === undefined) return 'depends';
  const id = everything.find(entity);
  const compiled = compileRuleCondition(where, context);
  if (id === undefined || !compiled.ok) return 'no';
  return words.get(compiled.expression.evaluate(everything.subject(id), { principal: context })) ?? 'unknown';
}
