import type {
  Evaluate,
  EvaluationContext,
  FieldPath,
  Predicate,
  PrincipalContext,
  Subject,
  Tri,
} from '../model/predicate.ts';
import { compileCondition, toTri, type Budget } from './condition.ts';
import { createCompiler } from './compile.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { ExpressionFault, problemOf, type ExpressionProblem } from './problem.ts';
import { parseSource } from './syntax.ts';
import { Unknown } from './value.ts';

/** A compiled condition over an entity. */
export interface Expression {
  readonly source: string;
  /** For plans; its tree says of each subject exactly what `evaluate` says. */
  readonly predicate: Predicate;
  /** Never throws and never takes long: what goes wrong or too far is unknown. */
  readonly evaluate: Evaluate;
  /** Paths that it reads, from the entity's root; `[]` is the whole entity, a shorter path is all below it. */
  readonly fields: readonly FieldPath[];
  /** The outcome and, where it is unknown, why. */
  explain(subject: Subject, context: EvaluationContext): Explanation;
}

/** An outcome with what made it unknown. */
export interface Explanation {
  readonly outcome: Tri;
  readonly reason?: string | undefined;
}

/** A compiled expression, or what is wrong with its source. */
export type CompiledExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/**
 * Compiles a CEL condition over `entity` (and `kind`, `metadata`, `spec`, `relations`, `facts`, `ref`, `principal`).
 * Its outcome is true, false or unknown: unknown is what is absent, stale, in error, or has no meaning.
 *
 * @param source CEL (https://cel.dev), at most 4 KiB
 * @param limits what it may cost
 * @param principal where it is given, what the expression reads of the principal stands in it as constants, so that
 * indexes answer `spec.owner in principal.claims`; it then means what it says for that principal alone
 * @example
 * const compiled = compileExpression('kind == "Component" && spec.lifecycle != "deprecated"');
 * if (compiled.ok) compiled.expression.evaluate(subject, { principal });
 */
export function compileExpression(
  source: string,
  limits: Partial<Limits> = {},
  principal?: PrincipalContext,
): CompiledExpression {
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  try {
    const node = parseSource(source, allLimits);
    const compiler = createCompiler(source, allLimits, principal);
    const budget: Budget = { leaves: 0, steps: allLimits.steps };
    const { predicate, decide } = compileCondition(compiler, node, budget);
    // Shared out beforehand, so that no leaf's outcome depends on what was evaluated before it.
    budget.steps = allLimits.steps / Math.max(1, budget.leaves);
    const expression: Expression = {
      source,
      predicate,
      fields: compiler.fields.list(),
      evaluate: (subject, context) => toTri(decide(subject, context)),
      explain(subject, context) {
        const outcome = decide(subject, context);
        return outcome instanceof Unknown ? { outcome: 'unknown', reason: outcome.reason } : { outcome };
      },
    };
    return { ok: true, expression };
  } catch (error) {
    if (error instanceof ExpressionFault) return { ok: false, problem: problemOf(source, error) };
    throw error;
  }
}
