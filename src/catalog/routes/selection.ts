import type { SortOrder } from '../../graph/view.ts';
import { parseBackstageFilter } from '../../model/backstage-filter.ts';
import type { Predicate } from '../../model/predicate.ts';
import { expressionPredicate } from './expression.ts';
import { searchPredicate } from './search.ts';
import { textPredicate } from './text.ts';

/** What a request chooses entities by; all that is given must hold. */
export interface Selection {
  readonly where?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly q?: string | undefined;
  readonly search?: string | undefined;
}

/** Words of free text that count; more would only cost. */
const MAX_WORDS = 8;

/**
 * The condition of a request.
 * @returns `undefined` where nothing was asked
 * @throws EXPRESSION_INVALID with line and column, FILTER_INVALID, SEARCH_INVALID
 */
export function selectionPredicate({ where, filter = [], q = '', search = '' }: Selection): Predicate | undefined {
  const parts = [
    where === undefined ? undefined : expressionPredicate(where),
    parseBackstageFilter(filter),
    searchPredicate(search),
    ...textPredicates(q),
  ].filter((part) => part !== undefined);
  return parts.length > 1 ? { op: 'and', args: parts } : parts[0];
}

function textPredicates(q: string): readonly Predicate[] {
  const words = q.split(/\s+/).filter((word) => word !== '');
  return words.slice(0, MAX_WORDS).map(textPredicate);
}

/** Reads `path`, `path:asc` or `path:desc`. */
export function parseOrder(order: string): SortOrder {
  const direction = order.endsWith(':desc') ? 'desc' : 'asc';
  const path = order.endsWith(`:${direction}`) ? order.slice(0, -direction.length - 1) : order;
  return { path, direction };
}
