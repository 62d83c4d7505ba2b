import { compileExpression, type CompiledExpression } from '../../cel/expression.ts';
import type { Predicate } from '../../model/predicate.ts';
import { routeError } from './errors.ts';

/**
 * The condition that a CEL expression is.
 * @throws EXPRESSION_INVALID with line and column
 */
export function expressionPredicate(where: string): Predicate {
  const compiled = compiledExpression(where);
  if (compiled.ok) return compiled.expression.predicate;
  const { message, line, column, length, hint } = compiled.problem;
  const problem = hint === undefined ? message : `${message} (${hint})`;
  throw routeError('EXPRESSION_INVALID', { problem, line, column, length });
}

/**
 * Expressions that were asked last: pages and dashboards ask the same again and again, and compiling costs about as
 * much as answering.
 */
const remembered = new Map<string, CompiledExpression>();

/** At 4 KiB a source at most 1 MiB of text. */
const MAX_REMEMBERED = 256;

function compiledExpression(where: string): CompiledExpression {
  const known = remembered.get(where);
  const compiled = known ?? compileExpression(where);
  remembered.delete(where);
  remembered.set(where, compiled);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return compiled;
}
