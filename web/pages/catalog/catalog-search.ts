import { parseList, readTexts } from '../../url/search-codec.ts';

/** The view state of the catalog list as its URL holds it. Lists are comma-joined texts (`url/search-codec.ts`). */
export interface CatalogSearch {
  /** Kind, lower case; absent: all. */
  readonly kind?: string | undefined;
  readonly type?: string | undefined;
  readonly owner?: string | undefined;
  readonly lifecycle?: string | undefined;
  readonly tag?: string | undefined;
  /** Free text. */
  readonly q?: string | undefined;
  /** CEL condition; set, also as the empty text, means that the bar is in CEL mode. */
  readonly where?: string | undefined;
  /** A sort key, with `-` in front for descending; absent: `name`. */
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
  /** The facet that shows all its values. */
  readonly more?: string | undefined;
}

/** The facets of the sidebar: their key in the URL, and the path they count. */
export const FACETS = [
  { key: 'type', path: 'spec.type', title: 'Type' },
  { key: 'owner', path: 'relations.ownedBy', title: 'Owner' },
  { key: 'lifecycle', path: 'spec.lifecycle', title: 'Lifecycle' },
  { key: 'tag', path: 'metadata.tags', title: 'Tag' },
] as const;

/** Key of a facet. */
export type FacetKey = (typeof FACETS)[number]['key'];

/** What the list can be sorted by, with the column's title. */
export const COLUMNS = [
  { key: 'name', path: 'metadata.name', title: 'Name' },
  { key: 'kind', path: 'kind', title: 'Kind' },
  { key: 'type', path: 'spec.type', title: 'Type' },
  { key: 'owner', path: 'spec.owner', title: 'Owner' },
  { key: 'lifecycle', path: 'spec.lifecycle', title: 'Lifecycle' },
  { key: 'system', path: 'spec.system', title: 'System' },
] as const;

const KEYS = ['kind', 'type', 'owner', 'lifecycle', 'tag', 'q', 'where', 'sort', 'cursor', 'more'] as const;

/** Takes the known keys as texts; others stay in the URL untouched. */
export function readCatalogSearch(search: Readonly<Record<string, unknown>>): CatalogSearch {
  return readTexts(search, KEYS);
}

/** The state after a change of what is asked: another question has other pages, so the cursor goes. */
export function changeSearch(search: CatalogSearch, change: CatalogSearch): CatalogSearch {
  const next = { ...search, cursor: undefined, ...change };
  return { ...next, q: next.q === '' ? undefined : next.q };
}

/** Everything that narrows the list is taken off; mode and sort stay. */
export function clearSearch(search: CatalogSearch): CatalogSearch {
  return { where: search.where === undefined ? undefined : '', sort: search.sort };
}

/** The `filter` of the API that the facets mean: values of one facet are OR, facets are AND. `except` is left out. */
export function filterOf(search: CatalogSearch, except?: FacetKey | 'kind'): string[] | undefined {
  const terms: string[] = [];
  if (search.kind !== undefined && except !== 'kind') terms.push(`kind=${search.kind}`);
  for (const { key, path } of FACETS) {
    if (key !== except) for (const value of parseList(search[key])) terms.push(`${path}=${value}`);
  }
  return terms.length === 0 ? undefined : [terms.join(',')];
}

/** The sort of the list: what the URL says, else by name. */
export function sortOf(search: CatalogSearch): {
  readonly key: string;
  readonly direction: 'asc' | 'desc';
  readonly order: string;
} {
  const written = search.sort ?? 'name';
  const direction = written.startsWith('-') ? 'desc' : 'asc';
  const column = COLUMNS.find(({ key }) => key === written.replace(/^-/, '')) ?? COLUMNS[0];
  return { key: column.key, direction, order: `${column.path}:${direction}` };
}

/** The sort after a click on a column: ascending first, then descending; the usual sort leaves the URL. */
export function nextSort(search: CatalogSearch, key: string): string | undefined {
  const now = sortOf(search);
  if (now.key === key && now.direction === 'asc') return `-${key}`;
  return key === 'name' ? undefined : key;
}

/** True when the list is narrowed by anything. */
export function isNarrowed(search: CatalogSearch): boolean {
  const isFaceted = filterOf(search) !== undefined;
  return isFaceted || (search.q ?? '') !== '' || (search.where ?? '') !== '';
}
