import { formatSearchTerms, parseSearchTerms, type SearchTerm } from '../../../src/model/search-terms.ts';
import { formatList, parseList, readTexts } from '../../url/search-codec.ts';
import { columnOf, sortPath } from './catalog-columns.ts';

/** The filters that have a parameter of their own, in the order in which they are written. */
export const FILTER_KEYS = [
  'kind',
  'type',
  'owner',
  'lifecycle',
  'system',
  'domain',
  'health',
  'cluster',
  'tag',
  'namespace',
  'name',
  'has',
  'is',
] as const;

/** A filter with a parameter of its own. */
export type FilterKey = (typeof FILTER_KEYS)[number];

/**
 * The view state of the catalog list as its URL holds it. Each filter is a comma-joined list (`url/search-codec.ts`) of
 * which `-` in front of a value excludes it; what has no parameter of its own stands in `q`.
 */
export interface CatalogSearch extends Partial<Readonly<Record<FilterKey, string | undefined>>> {
  /** Words, and filters by path, in the search language. */
  readonly q?: string | undefined;
  /** CEL condition; set, also as the empty text, means that the bar is in CEL mode. */
  readonly where?: string | undefined;
  /** A column, or a path, with `-` in front for descending; absent: `name`. */
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
  /** The facet that shows all its values. */
  readonly more?: string | undefined;
  /** The columns after the name: keys and paths; absent: the usual ones. */
  readonly cols?: string | undefined;
  /** `comfortable`: taller rows. */
  readonly rows?: string | undefined;
  /** Ref of the entity that is looked at beside the list. */
  readonly peek?: string | undefined;
}

const OTHERS = ['q', 'where', 'sort', 'cursor', 'more', 'cols', 'rows', 'peek'] as const;

/** Takes the known keys as texts, filters written in `q` as their own; other keys stay in the URL untouched. */
export function readCatalogSearch(search: Readonly<Record<string, unknown>>): CatalogSearch {
  const read: CatalogSearch = readTexts(search, [...FILTER_KEYS, ...OTHERS]);
  const { terms, problems } = parseSearchTerms(read.q ?? '');
  const isWritten = terms.some(hasParameter);
  return !isWritten || problems.length > 0 ? read : withTerms(read, termsOf(read));
}

/** Everything that the search asks, in the order in which it is written. What makes no sense in `q` asks nothing. */
export function termsOf(search: CatalogSearch): readonly SearchTerm[] {
  const own = FILTER_KEYS.flatMap((key) => filterTerms(key, search[key]));
  const rest = parseSearchTerms(search.q ?? '').terms.map(({ start: _start, end: _end, ...term }) => term);
  return [...own, ...rest];
}

function filterTerms(key: FilterKey, text: string | undefined): readonly SearchTerm[] {
  const items = parseList(text).filter((item) => item !== '' && item !== '-');
  const wanted = items.filter((item) => !item.startsWith('-')).map(unescaped);
  const excluded = items.filter((item) => item.startsWith('-')).map((item) => unescaped(item.slice(1)));
  return [
    ...(wanted.length > 0 ? [filterTerm(key, wanted, false)] : []),
    ...(excluded.length > 0 ? [filterTerm(key, excluded, true)] : []),
  ];
}

function filterTerm(key: string, values: readonly string[], isNegated: boolean): SearchTerm {
  return { op: 'filter', key, operator: ':', values, isNegated };
}

/** The state that asks these terms; what is not of the question stays. */
export function withTerms(search: CatalogSearch, terms: readonly SearchTerm[]): CatalogSearch {
  const next: Record<string, string | undefined> = { ...search, cursor: undefined };
  for (const key of FILTER_KEYS) next[key] = undefined;
  const rest: SearchTerm[] = [];
  for (const term of terms) {
    if (!hasParameter(term)) rest.push(term);
    else next[term.key] = formatList([...new Set([...parseList(next[term.key]), ...term.values.map(itemOf(term))])]);
  }
  next['q'] = rest.length === 0 ? undefined : formatSearchTerms(rest);
  return inOrder(next);
}

/** The same state with its keys in the one order in which a URL writes them; unknown ones come last. */
export function inOrder(search: CatalogSearch): CatalogSearch {
  const keys = [...FILTER_KEYS, ...OTHERS];
  const own = Object.fromEntries(keys.filter((key) => key in search).map((key) => [key, search[key]]));
  return { ...own, ...search };
}

function itemOf({ isNegated }: SearchTerm): (value: string) => string {
  // A value that begins with the sign itself.
  return (value) => `${isNegated ? '-' : ''}${/^[-\\]/.test(value) ? '\\' : ''}${value}`;
}

function unescaped(item: string): string {
  return item.startsWith('\\') ? item.slice(1) : item;
}

type ParameterTerm = Extract<SearchTerm, { op: 'filter' }> & { readonly key: FilterKey };

/** True for a filter that has a parameter of its own. */
export function hasParameter(term: SearchTerm): term is ParameterTerm {
  return term.op === 'filter' && term.operator === ':' && FILTER_KEYS.some((key) => key === term.key);
}

/** The search as one text for the API; without the terms of `except`. Absent: nothing is asked. */
export function searchText(search: CatalogSearch, except?: FilterKey): string | undefined {
  const terms = termsOf(search).filter((term) => term.op === 'text' || term.key !== except);
  return terms.length === 0 ? undefined : formatSearchTerms(terms);
}

/** The values of a filter that are asked, or excluded. */
export function valuesOf(search: CatalogSearch, key: FilterKey, isNegated = false): readonly string[] {
  return filterTerms(key, search[key]).flatMap((term) =>
    term.op === 'filter' && term.isNegated === isNegated ? term.values : [],
  );
}

/** The state with the values of a filter as given. */
export function withValues(
  search: CatalogSearch,
  key: FilterKey,
  wanted: readonly string[],
  excluded: readonly string[],
): CatalogSearch {
  const others = termsOf(search).filter((term) => term.op === 'text' || term.key !== key);
  const own = [
    ...(wanted.length > 0 ? [filterTerm(key, wanted, false)] : []),
    ...(excluded.length > 0 ? [filterTerm(key, excluded, true)] : []),
  ];
  return withTerms(search, [...own, ...others]);
}

/** The state after a change of what is asked: another question has other pages, so the cursor goes. */
export function changeSearch(search: CatalogSearch, change: CatalogSearch): CatalogSearch {
  const next = { ...search, cursor: undefined, ...change };
  return inOrder({ ...next, q: next.q === '' ? undefined : next.q });
}

/** Everything that narrows the list is taken off; mode, sort and columns stay. */
export function clearSearch(search: CatalogSearch): CatalogSearch {
  const { where, sort, cols, rows } = search;
  return { where: where === undefined ? undefined : '', sort, cols, rows };
}

/** The sort of the list: what the URL says, else by name. */
export function sortOf(search: CatalogSearch): {
  readonly key: string;
  readonly direction: 'asc' | 'desc';
  readonly order: string;
} {
  const written = search.sort ?? 'name';
  const direction = written.startsWith('-') ? 'desc' : 'asc';
  const column = columnOf(written.replace(/^-/, '')) ?? columnOf('name');
  const key = column?.key ?? 'name';
  return { key, direction, order: `${sortPath(key)}:${direction}` };
}

/** The sort after a click on a column: ascending first, then descending; the usual sort leaves the URL. */
export function nextSort(search: CatalogSearch, key: string): string | undefined {
  const now = sortOf(search);
  if (now.key === key && now.direction === 'asc') return `-${key}`;
  return key === 'name' ? undefined : key;
}

/** True when the list is narrowed by anything. */
export function isNarrowed(search: CatalogSearch): boolean {
  return termsOf(search).length > 0 || (search.where ?? '') !== '';
}
