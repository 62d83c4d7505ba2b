import { meantValues, searchFilter } from '../../../src/model/search-filters.ts';
import { valuesOf, withValues, type CatalogSearch, type FilterKey } from './catalog-search.ts';

/** How a value of a facet is chosen. */
export type Choice = 'wanted' | 'excluded' | 'none';

/** True where a written value means this one; filters do not look at letter case. */
function isMeant(key: FilterKey, written: string, value: string): boolean {
  const filter = searchFilter(key);
  const meant = filter ? meantValues(filter, written) : [written.toLowerCase()];
  return meant.includes(value.toLowerCase());
}

/** How a value is chosen now. */
export function choiceOf(search: CatalogSearch, key: FilterKey, value: string): Choice {
  if (valuesOf(search, key).some((written) => isMeant(key, written, value))) return 'wanted';
  return valuesOf(search, key, true).some((written) => isMeant(key, written, value)) ? 'excluded' : 'none';
}

/** The state with a value chosen so; choosing it the same way again takes the choice off. */
export function choose(search: CatalogSearch, key: FilterKey, value: string, choice: Choice): CatalogSearch {
  const next = choiceOf(search, key, value) === choice ? 'none' : choice;
  const without = (values: readonly string[]): readonly string[] =>
    values.filter((written) => !isMeant(key, written, value));
  const wanted = without(valuesOf(search, key));
  const excluded = without(valuesOf(search, key, true));
  return withValues(
    search,
    key,
    next === 'wanted' ? [...wanted, value] : wanted,
    next === 'excluded' ? [...excluded, value] : excluded,
  );
}
