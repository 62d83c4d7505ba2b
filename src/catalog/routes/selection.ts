import { compileExpression, type CompiledExpression } from '../../cel/expression.ts';
import type { SortOrder } from '../../graph/view.ts';
import { parseBackstageFilter } from '../../model/backstage-filter.ts';
import type { Predicate } from '../../model/predicate.ts';
import { routeError } from './errors.ts';

/** What a request chooses entities by; all that is given must hold. */
export interface Selection {
  readonly where?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly q?: string | undefined;
}

/** Where free text is looked for, as index keys. */
const TEXT_KEYS = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.profile.displayname',
];

/** Words of free text that count; more would only cost. */
const MAX_WORDS = 8;

/**
 * The condition of a request.
 * @returns `undefined` where nothing was asked
 * @throws EXPRESSION_INVALID with line and column, FILTER_INVALID
 */
export function selectionPredicate({ where, filter = [], q = '' }: Selection): Predicate | undefined {
  const parts = [
    where === undefined ? undefined : expressionPredicate(where),
    parseBackstageFilter(filter),
    ...textPredicates(q),
  ].filter((part) => part !== undefined);
  return parts.length > 1 ? { op: 'and', args: parts } : parts[0];
}

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

function textPredicates(q: string): readonly Predicate[] {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.slice(0, MAX_WORDS).map((term) => ({ op: 'fieldText', keys: TEXT_KEYS, term }));
}

/** Reads `path`, `path:asc` or `path:desc`. */
export function parseOrder(order: string): SortOrder {
  const direction = order.endsWith(':desc') ? 'desc' : 'asc';
  const path = order.endsWith(`:${direction}`) ? order.slice(0, -direction.length - 1) : order;
  return { path, direction };
}
