import type { Predicate } from '../../model/predicate.ts';
import { meantValues, SEARCH_HAS, SEARCH_IS, searchFilter } from '../../model/search-filters.ts';
import { parseSearchTerms, type SearchTerm } from '../../model/search-terms.ts';
import { routeError } from './errors.ts';
import { expressionPredicate } from './expression.ts';
import { textPredicate } from './text.ts';

type FilterTerm = Extract<SearchTerm, { op: 'filter' }>;

/**
 * The condition that a search is (`model/search-terms.ts`). Filters are two-valued, as Backstage's are: what has no
 * value is not among those that have one. Comparisons are CEL's: what they cannot decide is unknown.
 *
 * @returns `undefined` where nothing was asked
 * @throws SEARCH_INVALID with the place, EXPRESSION_INVALID
 */
export function searchPredicate(search: string): Predicate | undefined {
  const { terms, problems } = parseSearchTerms(search);
  const [problem] = problems;
  if (problem) {
    const { message, start, end } = problem;
    throw routeError('SEARCH_INVALID', { problem: message, offset: start, length: end - start });
  }
  const args = joined(terms).map(termPredicate);
  return args.length === 0 ? undefined : join('and', args);
}

/** Terms of the same filter and sign are one, with the values of all. */
function joined(terms: readonly SearchTerm[]): readonly SearchTerm[] {
  const groups: SearchTerm[] = [];
  for (const term of terms) {
    const at = groups.findIndex((other) => isSameFilter(other, term));
    const before = groups[at];
    if (before?.op !== 'filter' || term.op !== 'filter') groups.push(term);
    else groups[at] = { ...before, values: [...before.values, ...term.values] };
  }
  return groups;
}

function isSameFilter(one: SearchTerm, other: SearchTerm): boolean {
  if (one.op !== 'filter' || other.op !== 'filter') return false;
  return one.operator === ':' && other.operator === ':' && one.key === other.key && one.isNegated === other.isNegated;
}

function termPredicate(term: SearchTerm): Predicate {
  const plain = term.op === 'text' ? textPredicate(term.text) : filterPredicate(term);
  return term.isNegated ? { op: 'not', arg: plain } : plain;
}

function filterPredicate({ key, operator, values, isNegated }: FilterTerm): Predicate {
  // All of what is named, or none of it: an entity has, and is, several things at once.
  const op = isNegated ? 'or' : 'and';
  if (key === 'has') return join(op, values.map(hasPredicate));
  if (key === 'is') {
    return join(
      op,
      values.map((value) => field(SEARCH_IS[value]?.path ?? '', ['true'])),
    );
  }
  if (operator !== ':') return expressionPredicate(comparison(key, operator, values[0] ?? ''));
  const filter = searchFilter(key);
  const meant = values.flatMap((value) => (filter ? meantValues(filter, value) : value.toLowerCase()));
  return field(filter?.path ?? key, meant);
}

function hasPredicate(value: string): Predicate {
  const paths = SEARCH_HAS[value]?.paths ?? [];
  return join(
    'or',
    paths.map((path) => field(path)),
  );
}

function field(key: string, values?: readonly string[]): Predicate {
  return { op: 'field', key: key.toLowerCase(), values };
}

function join(op: 'and' | 'or', args: readonly Predicate[]): Predicate {
  const [only, ...others] = args;
  return only !== undefined && others.length === 0 ? only : { op, args };
}

/** A comparison in CEL: numbers as numbers, anything else as text. */
function comparison(key: string, operator: string, value: string): string {
  const [root = '', ...segments] = key.split('.');
  const path = segments.reduce(
    (text, segment) => (/^[A-Za-z_]\w*$/.test(segment) ? `${text}.${segment}` : `${text}[${JSON.stringify(segment)}]`),
    root,
  );
  return `${path} ${operator} ${/^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value)}`;
}
