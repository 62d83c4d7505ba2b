import { modelError } from './errors.ts';
import type { Predicate } from './predicate.ts';

/** Statements that one request may hold; far above what a URL can carry. */
const MAX_STATEMENTS = 2000;

/**
 * Compiles Backstage's `filter` parameters (rules: the catalog's REST API, `filter`): inside one parameter different
 * keys are joined by AND and a repeated key by OR; parameters are joined by OR. Letter case does not count. Statements
 * and parameters that are empty say nothing.
 *
 * @param filters the parameters as they came
 * @returns the condition, or `undefined` where nothing was asked
 * @throws FILTER_INVALID for a statement without a key
 * @example parseBackstageFilter(['kind=component,spec.type=service', 'kind=api'])
 */
export function parseBackstageFilter(filters: readonly string[]): Predicate | undefined {
  const alternatives: Predicate[] = [];
  let budget = MAX_STATEMENTS;
  for (const filter of filters) {
    const statements = filter
      .split(',')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    budget -= statements.length;
    if (budget < 0) throw modelError('FILTER_INVALID', { reason: `more than ${MAX_STATEMENTS} statements` });
    if (statements.length > 0) alternatives.push(parseStatements(statements));
  }
  return alternatives.length > 1 ? { op: 'or', args: alternatives } : alternatives[0];
}

function parseStatements(statements: readonly string[]): Predicate {
  const valuesByKey = new Map<string, string[] | undefined>();
  for (const statement of statements) {
    const { key, value } = parseStatement(statement);
    const values = valuesByKey.get(key);
    // A bare key beside values of the same key adds nothing: the values decide.
    if (value === undefined) valuesByKey.set(key, values);
    else if (values === undefined) valuesByKey.set(key, [value]);
    else values.push(value);
  }
  const args = [...valuesByKey].map(([key, values]): Predicate => ({ op: 'field', key, values }));
  const [only, ...others] = args;
  return only !== undefined && others.length === 0 ? only : { op: 'and', args };
}

function parseStatement(statement: string): { readonly key: string; readonly value: string | undefined } {
  const equals = statement.indexOf('=');
  const key = (equals === -1 ? statement : statement.slice(0, equals)).trim().toLowerCase();
  if (key === '') {
    throw modelError('FILTER_INVALID', {
      reason: `"${statement.slice(0, 100)}" names no key; write key, key= or key=value`,
    });
  }
  return {
    key,
    value:
      equals === -1
        ? undefined
        : statement
            .slice(equals + 1)
            .trim()
            .toLowerCase(),
  };
}
