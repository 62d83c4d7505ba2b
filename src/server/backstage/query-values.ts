import { compatibleError } from './errors.ts';

/**
 * Refuses a query parameter that is given once and empty; among several values empty ones say nothing.
 *
 * @param query the parameters, lists where they repeat
 * @throws QUERY_VALUE_EMPTY
 */
export function refuseEmptyValues(query: object): void {
  for (const [name, value] of Object.entries(query)) {
    const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (single === '') throw compatibleError('QUERY_VALUE_EMPTY', { name });
  }
}
