import { formatList, stringifySearch } from '../url/search-codec.ts';

/** Kinds that Backstage has by itself: what tells its order of namespace and kind in a path from ours. */
const KINDS = new Set(['api', 'component', 'domain', 'group', 'location', 'resource', 'system', 'template', 'user']);

/** What Backstage's usual tabs of an entity's page are called here; other tabs lead to the overview. */
const VIEW_BY_TAB: Readonly<Record<string, string>> = {
  api: 'relations',
  dependencies: 'relations',
  definition: 'definition',
  diagram: 'relations',
};

/** Filters of Backstage's list and the parameters of ours. */
const FILTERS = [
  ['kind', 'kind'],
  ['type', 'type'],
  ['owners', 'owner'],
  ['lifecycles', 'lifecycle'],
  ['tags', 'tag'],
  ['namespace', 'namespace'],
] as const;

/**
 * Where a path of Backstage's frontend leads here, so that bookmarks and links in chats go on working.
 *
 * @param pathname path of the URL, percent-encoded as the browser has it
 * @param search query with its `?`, or the empty text
 * @returns path and query; nothing where the path is one of ours, or of nobody's
 * @example oldPathTarget('/catalog/default/Component/desk/api', '') // '/catalog/component/default/desk?view=relations'
 */
export function oldPathTarget(pathname: string, search: string): string | undefined {
  const [, place = '', ...rest] = pathname.replace(/\/+$/, '').split('/');
  const query = new URLSearchParams(search);
  switch (place) {
    case 'catalog':
      return rest.length === 0 ? catalogTarget(query) : entityTarget(rest, query);
    case 'api-docs':
      return `/catalog${stringifySearch({ ...listSearch(query), kind: 'api' })}`;
    case 'catalog-graph':
      return graphTarget(query);
    case 'catalog-import':
      return '/sources/register';
    case 'search':
      return `/catalog${stringifySearch({ q: textOf(query.get('query')) })}`;
    case 'docs':
      return entityPath(rest) ?? '/catalog';
    case 'create':
      return createTarget(rest);
    case 'notifications':
      return '/';
    default:
      return place === 'settings' && rest.length > 0 ? '/settings' : undefined;
  }
}

/** `:namespace/:kind/:name` as a path of ours; nothing where it is not that. */
function entityPath([namespace, kind, name]: readonly (string | undefined)[]): string | undefined {
  if (!namespace || !kind || !name || !KINDS.has(kind.toLowerCase())) return undefined;
  return `/catalog/${kind.toLowerCase()}/${namespace}/${name}`;
}

function entityTarget(rest: readonly string[], query: URLSearchParams): string | undefined {
  // Our own order has the kind first; a namespace may have the name of a kind.
  if (KINDS.has((rest[0] ?? '').toLowerCase())) return undefined;
  const path = entityPath(rest);
  if (path === undefined) return undefined;
  const view = VIEW_BY_TAB[rest[3] ?? ''];
  return `${path}${stringifySearch({ ...Object.fromEntries(query), ...(view !== undefined && { view }) })}`;
}

/** The list, where the query is in Backstage's form. What one owns or starred is on Home. */
function catalogTarget(query: URLSearchParams): string | undefined {
  const isOld = [...query.keys()].some((key) => key.startsWith('filters['));
  if (!isOld) return undefined;
  const { kind, ...others } = listSearch(query);
  const user = query.get('filters[user]');
  const isAlone = Object.values(others).every((value) => value === undefined);
  if ((user === 'owned' || user === 'starred') && isAlone) return '/';
  return `/catalog${stringifySearch({ kind, ...others })}`;
}

function listSearch(query: URLSearchParams): Readonly<Record<string, string | undefined>> {
  const read = FILTERS.map(([key, ours]) => {
    const values = valuesOf(query, `filters[${key}]`).filter((value) => value !== 'all');
    return [ours, formatList(ours === 'kind' ? values.map((value) => value.toLowerCase()) : values)] as const;
  });
  return { ...Object.fromEntries(read), q: textOf(query.get('filters[text]')) };
}

function graphTarget(query: URLSearchParams): string {
  const depth = query.get('maxDepth') ?? '1';
  const root = valuesOf(query, 'rootEntityRefs')[0];
  return `/graph${stringifySearch({
    root: root?.toLowerCase(),
    // Deeper graphs are not drawn here.
    depth: /^\d+$/.test(depth) && Number(depth) > 1 ? String(Math.min(3, Number(depth))) : undefined,
    rel: formatList(valuesOf(query, 'selectedRelations')),
  })}`;
}

function createTarget([page, namespace, name]: readonly string[]): string {
  const isTemplate = page === 'templates' && namespace !== undefined && name !== undefined;
  return isTemplate ? `/catalog/template/${namespace}/${name}` : '/catalog?kind=template';
}

/** The values of a parameter that may be a list, in any of the forms that the `qs` library writes: `a=`, `a[]=`, `a[0]=`. */
function valuesOf(query: URLSearchParams, name: string): readonly string[] {
  const isOf = (key: string): boolean => key === name || /^\[\d*\]$/.test(key.slice(name.length));
  return [...query]
    .filter(([key, value]) => key.startsWith(name) && isOf(key) && value !== '')
    .map(([, value]) => value);
}

function textOf(value: string | null): string | undefined {
  return value === null || value === '' ? undefined : value;
}
