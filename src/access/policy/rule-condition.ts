import { countCharacters } from '../../cel/characters.ts';
import { compileExpression, type Expression } from '../../cel/expression.ts';
import type { Limits } from '../../cel/limits.ts';
import type { ExpressionProblem } from '../../cel/problem.ts';
import type { FieldPath, Predicate, PrincipalContext } from '../../model/predicate.ts';

/** Conditions are asked of every entity for every principal: they may cost less than a question that somebody asks once. */
const LIMITS: Partial<Limits> = { nodes: 500, steps: 5_000 };

/** The facts that conditions may read: stored ones, that a collector declares. */
export type StoredFacts = (collector: string, path: string) => boolean;

/** A condition of a rule, checked. */
export interface RuleCondition {
  readonly source: string;
  /** True where it says different things for different principals. */
  readonly isPersonal: boolean;
}

/** A checked condition, or what is wrong with it. */
export type CheckedCondition =
  | { readonly ok: true; readonly condition: RuleCondition }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/** Compiles a condition of a rule, for everybody or for one principal. */
export function compileRuleCondition(
  source: string,
  principal?: PrincipalContext,
): ReturnType<typeof compileExpression> {
  return compileExpression(source, LIMITS, principal);
}

/**
 * Checks a condition before it is taken into a policy. What it reads must be the same tomorrow if nobody changes it: facts
 * that are in memory alone are refused.
 */
export function checkCondition(source: string, storedFacts: StoredFacts): CheckedCondition {
  const compiled = compileRuleCondition(source);
  if (!compiled.ok) return compiled;
  const { expression } = compiled;
  const fact = expression.fields.find((path) => path[0] === 'facts' && !isStored(path, storedFacts));
  if (fact) return { ok: false, problem: factProblem(source, fact) };
  return { ok: true, condition: { source, isPersonal: readsPrincipal(expression) } };
}

function isStored([, collector, ...path]: FieldPath, storedFacts: StoredFacts): boolean {
  return collector !== undefined && path.length > 0 && storedFacts(collector, path.join('.'));
}

function factProblem(source: string, path: FieldPath): ExpressionProblem {
  const name = path.join('.');
  const at = Math.max(0, source.indexOf(path.length > 1 ? name : 'facts'));
  const before = source.slice(0, at).split('\n');
  return {
    message: `\`${name}\` is no fact that a collector keeps in the store: what comes and goes cannot decide who sees what.`,
    line: before.length,
    column: countCharacters(before.at(-1) ?? '') + 1,
    length: name.length,
    hint: 'name one stored fact in full, as in `facts.<collector>.<path>`',
  };
}

function readsPrincipal({ fields, predicate }: Expression): boolean {
  return fields.some(([root]) => root === 'principal') || asksOwner(predicate);
}

/** `owns` asks the principal without naming a path of it; what is evaluated one by one may hide it. */
function asksOwner(predicate: Predicate): boolean {
  switch (predicate.op) {
    case 'and':
    case 'or':
      return predicate.args.some(asksOwner);
    case 'not':
      return asksOwner(predicate.arg);
    case 'owns':
    case 'scan':
      return true;
    default:
      return false;
  }
}
